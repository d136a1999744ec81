"""The landmark net: geometry of its labels, its export, and the committed model."""
import hashlib
import json
import pathlib

import numpy as np
import onnx
import pytest
import torch

from forge.common import dataset, teachers, topology
from forge.common.ort import Session
from forge.landmarks import crops, luma, manifest, net, train, views
from forge.landmarks.answers import LandmarkNet, relative_errors
from forge.landmarks.head import Head
from forge.landmarks.labels import Faces
from forge.landmarks.openseeface import VERTICES

BOX = np.array([70.0, 52.0, 110.0, 150.0])


@pytest.fixture(scope="module")
def random() -> np.random.Generator:
    return np.random.default_rng(1)


def _ellipsoid(random: np.random.Generator, count: int) -> np.ndarray:
    """(count, 468, 3): the front of an egg of 100 px with noise, as a stand-in for meshes."""
    flat = np.random.default_rng(7).uniform(-1, 1, (468, 2)) * [0.7, 1]
    depth = -np.sqrt(np.clip(1.6 - (flat ** 2).sum(1), 0, None))
    return 100 * np.c_[flat, depth] + random.normal(0, 2, (count, 468, 3))


def _faces(images: np.ndarray, points: np.ndarray) -> Faces:
    count = len(images)
    return Faces(images, points, np.tile(BOX, (count, 1)), np.full(count, 175.0), np.zeros(count),
                 np.array(["synthetic", "view", "profile", "clip"])[:count])


def _net(seed: int = 1) -> net.Landmarks:
    torch.manual_seed(seed)
    made = net.Landmarks(np.random.default_rng(seed).uniform(0.2, 0.8, (144, 2)))
    torch.nn.init.normal_(made.points.weight, 0, 0.5)
    with torch.no_grad():
        for _ in range(3):
            made(torch.rand(16, 1, 96, 96) * 255)
    return made.eval()


def test_crop_fractions_go_out_and_come_back(random):
    points = random.uniform(0, 256, (5, 144, 2))
    matrix = crops.crop_matrix(BOX, roll=23)
    fractions = crops.to_fractions(matrix, points)
    np.testing.assert_allclose(crops.from_fractions(matrix, fractions), points, atol=1e-9)
    back = crops.back_matrix(matrix)
    np.testing.assert_allclose(teachers.transform(back, fractions), points, atol=1e-9)


def test_crop_is_the_square_of_the_contract():
    """The crop's outer edges are the edges of the square; the first pixel's centre lies half a pixel inside."""
    matrix = crops.crop_matrix(BOX)
    side = crops.FACTOR * 150
    center = BOX[:2] + BOX[2:] / 2
    corners = crops.from_fractions(matrix, np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]))
    np.testing.assert_allclose(corners, [center - side / 2, center + side / 2, center], atol=1e-9)
    first_pixel = np.linalg.inv(matrix[:, :2]) @ (np.zeros(2) - matrix[:, 2])
    np.testing.assert_allclose(first_pixel, center - side / 2 + side * 0.5 / crops.SIDE, atol=1e-9)


def test_training_crops_carry_their_points_along(random):
    """A bright spot at each of four points is found again where the label says."""
    points = np.tile(np.array([[110.0, 110], [140, 110], [125, 140], [125, 165]]), (36, 1))[None].astype(np.float32)
    image = np.zeros((256, 256), np.uint8)
    for x, y in points[0, :4].astype(int):
        image[y - 3:y + 4, x - 3:x + 4] = 255
    source = crops.CropSource(_faces(np.stack([image] * 4), np.tile(points, (4, 1, 1))),
                              [np.zeros((300, 300), np.uint8)], np.arange(144))
    seen = 0
    for _ in range(60):
        for crop in source.pair(random):
            pixels = crop.points[:4] * crops.SIDE - 0.5
            if crop.weight < 1 or crop.image.max() < 120 or pixels.min() < 4 or pixels.max() > 90:
                continue
            around = [crop.image[int(round(y)) - 2:int(round(y)) + 3, int(round(x)) - 2:int(round(x)) + 3].max()
                      for x, y in pixels]
            seen += np.mean(np.array(around) > crop.image.mean() + 15) == 1
    assert seen > 30


def test_two_shots_of_a_pair_show_the_same_place(random):
    points = random.uniform(90, 170, (4, 144, 2)).astype(np.float32)
    source = crops.CropSource(_faces(random.integers(0, 255, (4, 256, 256)).astype(np.uint8), points),
                              [np.zeros((300, 300), np.uint8)], np.arange(144))
    pairs = [pair for pair in (source.pair(random) for _ in range(40)) if pair[0].weight > 0]
    assert len(pairs) > 20
    for first, second in pairs:
        places = [teachers.transform(crop.back, crop.points) for crop in (first, second)]
        np.testing.assert_allclose(*places, atol=1e-3)


def test_negatives_weigh_nothing_and_backgrounds_are_not_usable(random):
    source = crops.CropSource(_faces(np.zeros((4, 256, 256), np.uint8), np.full((4, 144, 2), 128, np.float32)),
                              [random.integers(0, 255, (300, 300)).astype(np.uint8)], np.arange(144))
    drawn = [crop for _ in range(300) for crop in source.pair(random)]
    negatives = [crop for crop in drawn if crop.weight == 0]
    assert 0.04 < len(negatives) / len(drawn) < 0.15
    assert all(crop.usable == 0 for crop in negatives)


def test_mirroring_twice_changes_nothing(random):
    order = _symmetric_order()
    points = random.uniform(0, 255, (144, 2))
    np.testing.assert_allclose(crops.mirrored(crops.mirrored(points, order), order), points)


def _symmetric_order() -> np.ndarray:
    """An involution like that of topology.mirror_order: neighbours swap."""
    return np.arange(144).reshape(-1, 2)[:, ::-1].ravel()


def test_mirror_partners_are_right_on_real_meshes(shared):
    faces = dataset.synthetic_faces(shared)
    order = topology.mirror_order(faces.mesh[faces.trusted])
    assert topology.POINTS[order[topology.OUTER_EYE_RIGHT]] == 263
    assert topology.POINTS[order[topology.POINTS.index(61)]] == 291
    assert order[topology.POINTS.index(4)] == topology.POINTS.index(4)


def test_export_equals_torch():
    """Weights are stored as float16: 5e-3 of the crop is far above their rounding, far below a wrong graph."""
    made = _net()
    session = Session(net.export(made).SerializeToString())
    image = torch.rand(3, 1, 96, 96) * torch.tensor([60.0, 150.0, 255.0])[:, None, None, None]
    with torch.no_grad():
        points, logit = made(image)
    answer = session.run({"image": image.numpy()})
    np.testing.assert_allclose(answer["points"], points.numpy(), atol=5e-3)
    np.testing.assert_allclose(answer["usability"], torch.sigmoid(logit).numpy(), atol=5e-3)
    assert np.ptp(answer["points"], axis=0).max() > 0.02


def test_faces_of_a_batch_do_not_see_each_other():
    session = Session(net.export(_net()).SerializeToString())
    image = np.random.default_rng(2).uniform(0, 255, (5, 1, 96, 96))
    together = session.run({"image": image})
    for index in range(5):
        alone = session.run({"image": image[index:index + 1]})
        for name in ("points", "usability"):
            np.testing.assert_allclose(alone[name][0], together[name][index], atol=1e-5)


def test_eye_distance_is_floored_for_turned_heads():
    points = torch.zeros(1, 144, 2)
    points[0, :36] = torch.tensor(np.random.default_rng(1).uniform(0, 1, (36, 2)))
    points[0, 0], points[0, 1] = torch.tensor([0.0, 0.0]), torch.tensor([1.0, 1.0])
    points[0, topology.OUTER_EYE_LEFT] = torch.tensor([0.1, 0.0])
    assert net.eye_distance(points)[0].item() == pytest.approx(0.45)
    points[0, topology.OUTER_EYE_LEFT] = torch.tensor([0.6, 0.0])
    assert net.eye_distance(points)[0].item() == pytest.approx(0.6)


def test_training_lowers_the_loss(random):
    points = random.uniform(90, 170, (4, 144, 2)).astype(np.float32)
    source = crops.CropSource(_faces(random.integers(0, 255, (4, 256, 256)).astype(np.uint8), points),
                              [np.zeros((300, 300), np.uint8)], np.arange(144))
    batch = [values.float() for values in next(iter(train.Batches(source, 8, 1)))]
    made = _net().train()
    optimiser = torch.optim.AdamW(made.parameters(), 1e-3)
    values = []
    for _ in range(12):
        value, error = train.loss(made, batch)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        values.append(value.item())
    assert np.isfinite(error) and values[-1] < 0.6 * values[0]


def test_fitted_head_finds_pose_and_mesh_again(random):
    head = Head(_ellipsoid(random, 60))
    angle = np.radians(50)
    # Looking to image-right: the vector towards the camera, -z, turns towards +x.
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    mesh = 140 * head.mean @ turn.T + [120, 130, 0]
    fit = head.fit(mesh[VERTICES, :2].astype(np.float32))
    assert fit.yaw == pytest.approx(50, abs=2) and head.yaw(mesh) == pytest.approx(50, abs=0.5)
    assert fit.residual < 0.01
    assert np.abs(fit.mesh[:, :2] - mesh[:, :2]).max() < 0.05 * np.ptp(mesh[:, 1])


def test_turned_view_moves_pixels_with_the_mesh(shared):
    """Face Mesh itself, asked about a view turned by 15 degrees, agrees with the label of the view."""
    faces = dataset.synthetic_faces(shared)
    index = int(np.flatnonzero(faces.trusted & faces.held_out)[0])
    surfaces = views.triangles(faces.mesh[faces.trusted][:200])
    picture, mesh = views.turn(faces.images[index], faces.mesh[index], surfaces, 15, 0)
    detection = np.r_[1, 43, 43, 170, 170, faces.points[index].ravel()]
    answer = teachers.FaceMesh(shared).points(picture, detection)[topology.POINTS, :2]
    label, before = mesh[topology.POINTS, :2], faces.mesh[index][topology.POINTS, :2]
    assert relative_errors(answer[None], label[None]).mean() < 0.6 * relative_errors(answer[None], before[None]).mean()


def test_light_and_sensor_keep_shape_and_type(random):
    picture = random.integers(0, 255, (40, 56)).astype(np.uint8)
    for _ in range(40):
        shot = luma.sensor(luma.light(picture, random), random)
        assert (shot.shape, shot.dtype) == ((40, 56), np.uint8)


def test_occlusion_tells_how_much_it_covers(random):
    shares = []
    for _ in range(20):
        picture = np.full((60, 60), 128, np.uint8)
        share = luma.occlude(picture, np.array([10, 10, 30, 30]), random, np.zeros((9, 9), np.uint8))
        assert share == pytest.approx((picture[10:40, 10:40] == 0).mean())
        shares.append(share)
    assert np.ptp(shares) > 0.1


class TestCommitted:
    """The model that the product embeds."""

    def test_manifest_tells_the_file(self):
        told = json.loads((manifest.FOLDER / "landmarks.json").read_text())
        data = (manifest.FOLDER / told["files"][0]["file"]).read_bytes()
        assert told["files"][0]["sha256"] == hashlib.sha256(data).hexdigest()
        assert told["template"]["points"] == topology.POINTS
        assert len(data) <= 2_000_000
        graph = onnx.load_from_string(data).graph
        shapes = {value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
                  for value in [*graph.input, *graph.output]}
        assert shapes == {value["name"]: value["shape"] for value in told["inputs"] + told["outputs"]}

    def test_file_is_the_checkpoint(self, random):
        checkpoint = pathlib.Path(__file__).parents[1] / "checkpoints/landmarks.pt"
        original = net.Landmarks(np.zeros((144, 2)))
        original.load_state_dict(torch.load(checkpoint))
        image = random.uniform(0, 255, (2, 1, 96, 96)).astype(np.float32)
        answers = Session(manifest.FOLDER / "landmarks.onnx").run({"image": image})
        with torch.no_grad():
            points, logit = original.eval()(torch.from_numpy(image))
        # Weights are stored in half precision.
        np.testing.assert_allclose(answers["points"], points.numpy(), atol=5e-3)
        np.testing.assert_allclose(answers["usability"], logit.sigmoid().numpy(), atol=0.02)

    def test_card_is_filled_and_small(self):
        text = (manifest.FOLDER / "card.md").read_text()
        for section in ("synthetic", "real", "profiles", "usability", "jitter", "speed"):
            table = text.split(f"<!-- {section} -->")[1].split(f"<!-- /{section} -->")[0]
            assert table.count("|") > 10
        assert (manifest.FOLDER / "card.jpg").stat().st_size <= 250_000

    def test_held_out_faces_are_found(self, shared):
        faces = dataset.synthetic_faces(shared)
        model = LandmarkNet(manifest.FOLDER / "landmarks.onnx")
        detector = teachers.yunet(shared)
        errors = []
        for index in np.flatnonzero(faces.held_out & faces.trusted)[:30]:
            detections = detector.detect(faces.images[index], 0.5)
            middle = np.abs(detections[:, 1:3] + detections[:, 3:5] / 2 - 128).max(1).argmin()
            points, _ = model.ask(faces.images[index], detections[middle:middle + 1, 1:5])
            errors.append(relative_errors(points, faces.mesh[index:index + 1, topology.POINTS, :2]).mean())
        assert np.mean(errors) < 0.05

    def test_backgrounds_are_not_usable(self, shared):
        model = LandmarkNet(manifest.FOLDER / "landmarks.onnx")
        pictures = dataset.backgrounds(shared, held_out=True)[:60]
        scores = [model.ask(picture, np.array([[20, 20, 120, 120]]))[1][0] for picture in pictures]
        assert np.mean(np.array(scores) > 0.5) <= 0.05

    def test_mirrored_face_gives_mirrored_points(self, shared):
        faces = dataset.synthetic_faces(shared)
        order = topology.mirror_order(faces.mesh[faces.trusted])
        model = LandmarkNet(manifest.FOLDER / "landmarks.onnx")
        box = np.array([[43.0, 43.0, 170.0, 170.0]])
        differences = []
        for index in np.flatnonzero(faces.held_out & faces.trusted)[:20]:
            straight = model.ask(faces.images[index], box)[0][0]
            turned = model.ask(faces.images[index][:, ::-1], np.array([[255 - 43 - 170.0, 43, 170, 170]]))[0][0]
            differences.append(relative_errors(crops.mirrored(turned, order)[None], straight[None]).mean())
        assert np.mean(differences) < 0.03
