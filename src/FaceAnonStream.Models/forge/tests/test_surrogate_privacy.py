"""The two levels of privacy: what passes of a face and what does not. Needs no data."""
import json
import pathlib

import numpy as np
import onnx
import pytest

from forge.common.ort import Session
from forge.surrogate import cells, example, privacy, publish
from forge.surrogate.accuracy import exposing, posed
from forge.surrogate.generator import FOLDER, Gallery, fitting_size
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY

EXAMPLE = pathlib.Path(__file__).parents[4] / "tests/FaceAnonStream.Tests/Inference/Surrogate/privacy-example.json"


@pytest.fixture(scope="module")
def posing() -> Posing:
    return Posing(Gallery().entries)


def _faces(posing: Posing, count: int, seed: int) -> np.ndarray:
    """(n, L, 2) px of people with their own shapes in random poses."""
    random = np.random.default_rng(seed)
    faces = []
    for _ in range(count):
        mesh = posing.mean + np.tensordot(random.normal(0, 0.5, len(posing.identities)), posing.identities, 1)
        mesh = mesh + np.tensordot(random.uniform(-1, 1.5, len(posing.expressions)), posing.expressions, 1)
        faces.append(150 * posed(mesh, random.uniform(-30, 30), random.uniform(-10, 10)) + random.uniform(0, 300, 2))
    return np.stack(faces)


def test_camera_and_expression_are_the_graphs_own(posing):
    """Float16 of the stored pseudo-inverse is all that differs."""
    landmarks = _faces(posing, 6, 1) / 150
    landmarks += 0.5 - landmarks.mean(1, keepdims=True)
    model = onnx.load(FOLDER / publish.graph_name(96))
    out = Session(exposing(model, ["projection", "expression"])).run({
        "context": np.full((6, 3, 96, 96), 0.5), "landmarks": landmarks, "latent": np.zeros((6, 184)),
        "detail": np.full((6, 4), -1)})
    cameras = posing.cameras(landmarks)
    np.testing.assert_allclose(cameras.projection, out["projection"], atol=1e-3)
    np.testing.assert_allclose(posing.expression(landmarks, cameras), out["expression"], atol=0.03)


def test_landmarks_of_two_people_in_one_pose_become_the_same(posing):
    """Shape is not passed on; what is left is the error that it makes in the camera."""
    random = np.random.default_rng(2)
    meshes = posing.mean + np.tensordot(random.normal(0, 0.5, (2, len(posing.identities))), posing.identities, 1)
    landmarks = np.stack([100 * posed(mesh, 15, 5) for mesh in meshes])
    given = posing.landmarks(posing.cameras(landmarks), np.zeros((2, len(posing.expressions))))

    def difference(points):
        points = points - points.mean(1, keepdims=True)
        return np.linalg.norm(points[0] - points[1], axis=-1).mean()

    assert difference(given) < 0.35 * difference(landmarks)


def test_an_expression_that_never_changes_does_not_pass(posing):
    landmarks = np.repeat(_faces(posing, 1, 3), 30, 0)
    cameras = posing.cameras(landmarks)
    expression = posing.expression(landmarks, cameras)
    assert np.abs(expression).max() > 0.5
    np.testing.assert_allclose(expression - privacy.running_median(expression), 0, atol=1e-12)


def test_running_median_sees_the_frames_ahead_and_forgets():
    steps = np.r_[np.zeros(100), np.ones(100)][:, None]
    medians = privacy.running_median(steps, ahead=4)[:, 0]
    half = PRIVACY["neutralFrames"] // 2
    assert medians[99 + half - 4 - 1] == 0 and medians[99 + half - 4 + 1] == 1


def test_levels_are_few_and_do_not_flicker():
    random = np.random.default_rng(4)
    steps = np.log(PRIVACY["contrastLevels"])
    values = (steps[0] + steps[1]) / 2 + random.normal(0, 0.004, 200)
    assert len(np.unique(privacy.held(values))) == 1
    levels = privacy.held(np.r_[values[:50], values[:50] + 1])
    assert levels[50] != levels[49] and set(levels) <= set(steps)
    assert np.abs(np.diff(privacy.settled(levels))).max() <= np.abs(np.diff(levels)).max() / 7.9


def test_contrast_does_not_depend_on_the_size_of_the_crop():
    random = np.random.default_rng(5)
    blocks = random.uniform(0.2, 0.8, (24, 24, 3))
    small, large = (privacy.contrast(np.kron(blocks, np.ones((side // 24, side // 24, 1)))) for side in (96, 192))
    assert small == pytest.approx(large, abs=1e-9)


def test_coarse_view_keeps_means_and_slopes_and_nothing_else():
    random = np.random.default_rng(7)
    count = PRIVACY["contextBlocks"]
    crop = random.uniform(0, 1, (96, 96, 3))
    shuffled = crop.reshape(count, 96 // count, count, 96 // count, 3)[:, ::-1, :, ::-1].reshape(crop.shape)
    np.testing.assert_allclose(privacy.coarse(crop, count), privacy.coarse(shuffled, count), atol=1e-12)
    slope = np.broadcast_to(np.arange(96.0)[:, None], (96, 96))
    middle = slice(96 // count, -(96 // count))
    np.testing.assert_allclose(privacy.coarse(slope, count)[middle], slope[middle], atol=1e-9)


def test_faded_mask_is_thinner_at_the_rim_alone():
    y, x = np.mgrid[:96, :96]
    radius = np.hypot(x - 47.5, y - 47.5)
    mask = np.clip(35 - radius, 0, 1)
    faded = privacy.faded(mask)
    assert (faded <= mask).all() and faded[radius < 20].min() > 0.99
    assert faded[(radius > 31) & (radius < 34)].mean() < 0.5


def test_cover_leaves_no_detail_inside_and_nothing_changed_outside():
    random = np.random.default_rng(6)
    picture = random.integers(0, 255, (200, 240, 3)).astype(np.uint8)
    ellipse = cells.head(np.array([90, 70, 50, 60]))
    covered = cells.cover(picture, ellipse, PRIVACY["cells"]).astype(int)
    y, x = np.mgrid[:200, :240] + 0.5
    radius = np.hypot((x - ellipse[0]) / ellipse[2], (y - ellipse[1]) / ellipse[3])
    inside = radius < 0.9
    assert np.abs(np.diff(covered, axis=1))[inside[:, 1:] & inside[:, :-1]].max() <= 6
    # There and back through YCrCb costs a step or two.
    assert np.abs(covered - picture)[radius > 1 + cells.FEATHER + 0.1].max() <= 3


def test_cover_keeps_a_flat_picture_and_the_means_of_cells():
    flat = np.full((160, 160, 3), (90, 120, 160), np.uint8)
    ellipse = cells.head(np.array([60, 60, 40, 50]))
    assert np.abs(cells.cover(flat, ellipse, 8).astype(int) - flat).max() <= 2
    half = flat.copy()
    half[:, 80:] = 30
    mosaic = cells.cover(half, ellipse, 2, mosaic=True)
    assert mosaic[70, 70, 0] == pytest.approx(90, abs=3) and mosaic[70, 90, 0] == pytest.approx(30, abs=3)


def test_size_that_fits_is_the_smallest_that_is_not_too_small(posing):
    face = posing.mean[None, :, :2]
    high = np.ptp(face[0], axis=0).max()
    for pixels, size in ((40, 96), (66, 96), (67, 144), (99, 144), (100, 192), (400, 192)):
        assert fitting_size(face[0] * pixels / high, [192, 96, 144]) == size


def test_example_for_other_languages_is_current(posing):
    written = json.loads(EXAMPLE.read_text())
    for key, value in example.example(posing).items():
        if isinstance(value, str):
            assert written[key] == value
        else:
            np.testing.assert_allclose(written[key], value, atol=2e-5)
