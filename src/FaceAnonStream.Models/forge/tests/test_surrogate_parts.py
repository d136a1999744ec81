"""The parts that the generator is built with, on made-up data."""
import numpy as np
import onnx
import pytest

from forge.common.ort import Session
from forge.surrogate import clips, identity, publish, resampling, rig, shape, texture
from forge.surrogate.builder import Builder


def test_resampling_keeps_flat_pictures_flat_and_slopes_straight():
    for matrix in (resampling.bilinear(40, 20), resampling.bilinear(13, 20), resampling.cubic(40, 20),
                   resampling.gaussian(20, 40, 1.5), resampling.mean(10, 40)):
        wanted, given = matrix.shape
        np.testing.assert_allclose(matrix.sum(1), 1)
        ramp = (np.arange(given) + 0.5) / given
        middle = slice(wanted // 4, -wanted // 4)
        np.testing.assert_allclose((matrix @ ramp)[middle], ((np.arange(wanted) + 0.5) / wanted)[middle], atol=1e-9)


def test_means_share_the_pixels_on_a_border():
    np.testing.assert_allclose(resampling.mean(3, 4), [[0.75, 0.25, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0.25, 0.75]])


def test_similarity_finds_the_transform():
    random = np.random.default_rng(0)
    source = random.normal(size=(30, 3))
    rotation = np.linalg.qr(random.normal(size=(3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))
    scale, found, offset = shape.similarity(source, 2.5 * source @ rotation.T + [1, 2, 3])
    assert scale == pytest.approx(2.5)
    np.testing.assert_allclose(found, rotation, atol=1e-9)
    np.testing.assert_allclose(offset, [1, 2, 3], atol=1e-9)


def test_thin_plate_interpolates_its_control_points_and_keeps_affine_maps():
    random = np.random.default_rng(1)
    control, query = random.random((20, 2)), random.random((50, 2))
    values = random.random(20)
    np.testing.assert_allclose(rig.thin_plate(control, control) @ values, values, atol=1e-3)
    np.testing.assert_allclose(rig.thin_plate(control, query) @ (control @ [2, -1] + 3), query @ [2, -1] + 3, atol=1e-6)


def test_robust_fill_restores_hidden_texels_of_a_linear_model():
    random = np.random.default_rng(2)
    directions = random.normal(0, 20, (3, 12, 12, 3))
    full = 128 + np.tensordot(random.normal(size=(60, 3)), directions, 1)
    coverage = (random.random((60, 12, 12)) > 0.2).astype(float)
    broken = np.where(coverage[..., None] > 0, full, 0)
    filled, _, _ = texture.robust_fill(broken, coverage, np.zeros((12, 12)), (3,) * 8)
    hidden = coverage == 0
    before = np.abs(full[hidden] - full.mean()).mean()
    assert np.abs(filled - full)[hidden].mean() < 0.15 * before
    np.testing.assert_array_equal(filled[~hidden], full[~hidden])


def test_packed_arrays_survive():
    array = np.random.default_rng(3).normal(size=(4, 5)).astype(np.float16)
    np.testing.assert_array_equal(publish.unpacked(publish.packed(array)), array)


def test_builder_dequantises_within_half_a_step():
    rows = np.random.default_rng(4).normal(size=(6, 50))
    builder = Builder()
    product = builder.input("x") @ builder.dequantised("rows", rows)
    model = builder.model("test", {"x": ["N", 6]}, {"y": (product, ["N", 50])})
    out = Session(model.SerializeToString()).run({"x": np.eye(6)})["y"]
    assert (np.abs(out - rows) <= np.abs(rows).max(1, keepdims=True) / 127 * 0.51).all()
    assert next(t for t in model.graph.initializer if t.name == "rows").data_type == onnx.TensorProto.INT8


def test_builder_refuses_one_name_for_two_constants():
    builder = Builder()
    builder.constant("same", np.ones(3))
    builder.constant("same", np.ones(3))
    with pytest.raises(ValueError, match="same"):
        builder.constant("same", np.zeros(3))


def test_smoothing_keeps_steady_motion_and_halves_noise():
    time = np.arange(30.0)[:, None, None]
    np.testing.assert_allclose(clips.smoothed(time * [2, -1]), time * [2, -1], atol=1e-9)
    noise = np.random.default_rng(5).normal(size=(500, 1, 1))
    assert clips.smoothed(noise).std() < 0.6 * noise.std()


def test_interval_covers_the_mean_over_people():
    mean, low, high = identity.interval([0.0, 1.0, 0.0, 1.0])
    assert (mean, low < mean < high) == (0.5, True)
    assert identity.interval([0.3, 0.6], [0.2, 0.5]) == pytest.approx((0.1, 0.1, 0.1))
