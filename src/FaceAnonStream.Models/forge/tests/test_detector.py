"""The detector: its geometry, its targets, its export, and the committed model."""
import hashlib
import json
import pathlib

import cv2
import numpy as np
import onnx
import pytest
import torch

from forge.common import dataset, teachers
from forge.common.boxes import iou
from forge.common.ort import Session
from forge.detector import net as nets
from forge.detector import targets
from forge.detector.agreement import Pair, compare
from forge.detector.faces import MIRRORED, FaceBank, Placement
from forge.detector.loss import detection_loss
from forge.detector.replay import Replay

FOLDER = pathlib.Path(__file__).parents[2] / "detector"
CHECKPOINT = pathlib.Path(__file__).parents[1] / "checkpoints/detector.pt"


@pytest.fixture(scope="module")
def net() -> nets.Detector:
    """Untrained, but with the statistics of noise, so that no layer is trivial."""
    torch.manual_seed(1)
    net = nets.Detector()
    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0
    with torch.no_grad():
        net(torch.rand(4, 3, 96, 96) * 255)
        for head in net.head:
            head.weight *= 10
    return net.eval()


@pytest.fixture(scope="module")
def exported(net, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("detector") / "detector.onnx"
    nets.export(net, path)
    return path


def _noise(count: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, height, width, 3), np.uint8)


def test_export_equals_torch(net, exported):
    pictures = _noise(2, 96, 160)
    answers = np.concatenate(teachers.FaceDetector(exported).raw(pictures), 1)
    with torch.no_grad():
        cells = net(torch.from_numpy(pictures).permute(0, 3, 1, 2).float())
    expected = torch.cat([cells[..., :1].sigmoid(), cells[..., 1:]], 2).numpy()
    assert expected[..., 1:].std() > 0.1
    # Weights are stored in half precision.
    np.testing.assert_allclose(answers, expected, atol=0.02)


def test_export_states_the_layout(exported):
    shapes = {output.name: [size.dim_value or size.dim_param for size in output.type.tensor_type.shape.dim]
              for output in onnx.load(str(exported)).graph.output}
    assert shapes == {name: ["N", "cells", nets.KINDS[name.split("_")[0]]] for name in nets.OUTPUTS}


@pytest.mark.parametrize("height, width", [(32, 32), (64, 224), (384, 640)])
def test_any_size_and_batch_give_what_one_picture_gives(exported, height, width):
    pictures = _noise(3, height, width)
    detector = teachers.FaceDetector(exported)
    together = detector.raw(pictures)
    assert [cells.shape for cells in together] == [(3, height // s * (width // s), 15) for s in teachers.STRIDES]
    for index in range(3):
        for cells, alone in zip(together, detector.raw(pictures[index:index + 1])):
            np.testing.assert_allclose(cells[index], alone[0], atol=1e-4)


def test_calibration_maps_the_logit_of_the_score_alone(net, exported, tmp_path):
    nets.export(net, tmp_path / "moved.onnx", gain=1.25, shift=1.5)
    picture = _noise(1, 64, 64)
    before, after = (np.concatenate(teachers.FaceDetector(path).raw(picture), 1)[0]
                     for path in (exported, tmp_path / "moved.onnx"))
    logit = [np.log(scores / (1 - scores)) for scores in (before[:, 0], after[:, 0])]
    np.testing.assert_allclose(logit[1], 1.25 * logit[0] + 1.5, atol=1e-2)
    np.testing.assert_array_equal(before[:, 1:], after[:, 1:])


def test_training_decodes_as_the_product_does(exported):
    detector = teachers.FaceDetector(exported)
    picture = _noise(1, 64, 96)
    cells = torch.from_numpy(np.concatenate(detector.raw(picture), 1)[0])
    best = int(cells[:, 0].argmax())
    places, strides = nets.grid(64, 96)
    centre, size, points = (value.numpy() for value in nets.decode(cells[best], places[best], strides[best]))
    found = detector.detect(picture[0], 0.001)[0]
    np.testing.assert_allclose(found[1:5], np.r_[centre - size / 2, size], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found[5:], points.ravel(), rtol=1e-4, atol=1e-3)


_LABEL = np.r_[20.0, 30, 24, 32, 26, 42, 38, 42, 32, 48, 27, 54, 37, 54].astype(np.float32)


def _teacher(score: float, height: int = 96, width: int = 96) -> list[np.ndarray]:
    """Sees nothing but, with the score given, something at the label's centre (32, 46) on stride 8."""
    cells = [np.zeros((height // stride * (width // stride), 15), np.float32) for stride in teachers.STRIDES]
    cells[0][46 // 8 * (width // 8) + 32 // 8, 0] = score
    return cells


def test_targets_show_a_face_that_the_teacher_missed():
    wanted = targets.assemble(_teacher(0.1), _LABEL[None], 96, 96).astype(np.float32)
    faces = np.flatnonzero(wanted[:, 0] > 0.5)
    centres, strides = targets.cell_centres(96, 96)
    assert set(strides[faces]) == {8} and len(faces) >= 1
    assert np.abs(centres[faces] - [32, 46]).max() < 8
    places, _ = nets.grid(96, 96)
    centre, size, points = nets.decode(
        torch.from_numpy(wanted[faces, :15]), places[faces], torch.from_numpy(strides[faces]).float())
    np.testing.assert_allclose(centre, np.tile([32, 46], (len(faces), 1)), atol=0.05)
    np.testing.assert_allclose(size, np.tile([24, 32], (len(faces), 1)), atol=0.05)
    np.testing.assert_allclose(points, np.tile(_LABEL[4:].reshape(1, 5, 2), (len(faces), 1, 1)), atol=0.05)
    # Neighbours within the face are neither faces nor background; what lies outside counts.
    assert (wanted[faces, 15] == 1).all() and (wanted[:, 15] == 0).any()
    assert (wanted[np.abs(centres - [32, 46]).max(1) > 40, 15] == 1).all()


@pytest.mark.parametrize("score, ignored", [(0.45, True), (0.8, False)])
def test_targets_leave_what_the_teacher_sees(score, ignored):
    wanted = targets.assemble(_teacher(score), _LABEL[None], 96, 96)
    np.testing.assert_allclose(wanted[:, 0], np.concatenate(_teacher(score))[:, 0], atol=1e-3)
    assert (wanted[:, 15] == 0).any() == ignored


def test_loss_vanishes_at_the_target_and_ignores_what_it_must():
    wanted = torch.from_numpy(targets.assemble(_teacher(0.9), np.zeros((0, 14), np.float32), 96, 96).astype(np.float32))
    wanted[:, 3:5] = 1.2
    cells = torch.cat([torch.logit(wanted[:, :1], eps=1e-4), wanted[:, 1:15]], 1)[None]
    places, strides = nets.grid(96, 96)
    perfect = detection_loss(cells, wanted[None], places, strides)
    assert all(float(term) < 1e-3 for term in perfect.values())
    alarm = cells.clone()
    alarm[0, 3, 0] = 3.0
    assert float(detection_loss(alarm, wanted[None], places, strides)["score"]) > 1
    wanted[3, 15] = 0
    assert float(detection_loss(alarm, wanted[None], places, strides)["score"]) < 1e-3


_DOTS = np.array([[90.0, 110], [160, 104], [130, 140], [100, 175], [158, 170]])
_COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255]], np.uint8)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("size, angle, squeeze", [(180, 0, 1), (170, 25, 0.85), (90, -40, 1.1)])
def test_points_of_a_pasted_face_land_on_its_features(mirrored, size, angle, squeeze):
    picture = np.zeros((256, 256, 3), np.uint8)
    for dot, colour in zip(_DOTS, _COLOURS):
        cv2.circle(picture, tuple(int(value) for value in dot), 6, colour.tolist(), -1)
    box = np.array([60.0, 70, 136, 150])
    bank = FaceBank([picture], box[None], _DOTS[None], np.zeros((1, 4, 2)))
    matrix = Placement(size, (150.0, 170.0), angle, squeeze, mirrored).matrix(box)
    drawn, mask = bank.draw(0, matrix, "whole", np.random.default_rng(1), (320, 320))
    label = bank.label(0, matrix)
    np.testing.assert_allclose(label[:2] + label[2:4] / 2, [150, 170], atol=1e-6)
    for colour, point in zip(_COLOURS[MIRRORED] if mirrored else _COLOURS, label[4:].reshape(5, 2)):
        rows, columns = np.nonzero((np.abs(drawn.astype(int) - colour) < 90).all(2))
        np.testing.assert_allclose([columns.mean(), rows.mean()], point, atol=1.0)
        assert mask[int(point[1]), int(point[0])] == 255


def test_replay_shows_the_worst_again_and_lets_go_of_the_hopeless():
    replay = Replay(1)
    pictures = torch.arange(16, dtype=torch.uint8).reshape(16, 1, 1, 1)
    answers = torch.zeros(16, 4, 16)
    answers[..., 15] = 1
    for _ in range(80):
        batch, wanted = replay.extend(pictures, answers, 4)
        # Picture k is wrong by k/16.
        replay.learn((batch.reshape(-1, 1) / 16).expand(-1, 4), wanted)
    again = torch.cat([replay.extend(pictures, answers, 4)[0][16:].flatten() for _ in range(20)])
    assert len(again) == 80
    assert again.min() > 2
    assert again.float().mean() > pictures.float().mean() + 2


def test_agreement_counts_what_it_should():
    def seen(*rows) -> np.ndarray:
        return np.array([[score, x, 10, 40, 40, *[0] * 10] for score, x in rows], np.float32).reshape(-1, 15)

    pair = Pair(teacher=seen((0.9, 0), (0.9, 100), (0.4, 200)),
                student=seen((0.8, 2), (0.7, 201), (0.65, 300), (0.5, 400)))
    result = compare([pair], 0.6)
    assert (result.faces, result.found, result.detections, result.false) == (2, 1, 3, 1)
    assert (result.recall, result.precision) == (0.5, pytest.approx(2 / 3))
    assert compare([pair], 0.6, (50, 100)).faces == 0
    assert compare([pair], 0.3).false == 2


def test_manifest_names_the_committed_model():
    manifest = json.loads((FOLDER / "detector.json").read_text())
    for entry in manifest["files"]:
        assert hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    session = Session(FOLDER / "detector.onnx")
    assert [entry["name"] for entry in manifest["inputs"]] == session.inputs
    assert [entry["name"] for entry in manifest["outputs"]] == session.outputs == nets.OUTPUTS
    assert (FOLDER / manifest["card"]).exists()


def test_committed_model_is_its_checkpoint():
    """All but the scores, which calibration has changed."""
    net = nets.Detector()
    net.load_state_dict(torch.load(CHECKPOINT))
    pictures = _noise(1, 64, 96)
    answers = np.concatenate(teachers.FaceDetector(FOLDER / "detector.onnx").raw(pictures), 1)
    with torch.no_grad():
        cells = net.eval()(torch.from_numpy(pictures).permute(0, 3, 1, 2).float()).numpy()
    assert cells[..., 1:].std() > 0.1
    np.testing.assert_allclose(answers[..., 1:], cells[..., 1:], atol=0.03)


def test_committed_model_finds_the_faces_of_a_training_clip(shared):
    student, teacher = teachers.FaceDetector(FOLDER / "detector.onnx"), teachers.yunet(shared)
    faces = found = 0
    for frame in dataset.frames(shared, "street-walk", 6):
        expected = teacher.detect(frame, 0.7)
        expected = expected[expected[:, 3:5].max(1) >= 24]
        overlaps = iou(expected[:, 1:5], student.detect(frame, 0.6)[:, 1:5])
        faces += len(expected)
        found += (overlaps.max(1, initial=0) >= 0.5).sum()
    assert faces >= 10
    assert found >= 0.9 * faces


def test_committed_model_sees_no_faces_in_clothes(shared):
    student = teachers.FaceDetector(FOLDER / "detector.onnx")
    false = sum(len(student.detect(picture, 0.6)) for picture in dataset.backgrounds(shared, held_out=True)[:50])
    assert false <= 5
