"""The shipped generator: graphs against a numpy original, gallery and manifest against the graphs. Needs no data."""
import hashlib
import json

import cv2
import numpy as np
import onnx
import pytest

from forge.common.ort import Session
from forge.common.topology import OVAL, POINTS
from forge.surrogate import graph, publish, shape
from forge.surrogate.accuracy import exposing, posed
from forge.surrogate.generator import FOLDER, Gallery, Generator, crop_matrix
from forge.surrogate.rig import LATENT, SHAPE_COMPONENTS, TEXTURE_COMPONENTS
from forge.surrogate.settings import PRIVACY
from forge.surrogate.texture import LUMA

from forge.tests.surrogate_oracle import Oracle

SIDES = sorted(graph.SIZES)
INNER = ["projection", "expression", "vertices", "lumaMap", "flow", "gains"]


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery()


@pytest.fixture(scope="module", params=SIDES)
def model(request) -> onnx.ModelProto:
    return onnx.load(FOLDER / publish.graph_name(request.param))


def _side(model: onnx.ModelProto) -> int:
    return model.graph.input[0].type.tensor_type.shape.dim[2].dim_value


def _feeds(gallery: Gallery, side: int, count: int, seed: int) -> dict[str, np.ndarray]:
    """Faces of random draws in random poses and expressions, with disturbed landmarks, on smooth noise."""
    random = np.random.default_rng(seed)
    latents = np.stack([gallery.draw(seed * 100 + i) for i in range(count)])
    mean, moves, outlines = (publish.unpacked(gallery.entries[key])
                             for key in ("meanShape", "expressionShapes", "identityShapes"))
    landmarks = []
    for latent in latents:
        mesh = mean + np.tensordot(random.uniform(-1.5, 2.5, len(moves)), moves, 1)
        mesh = mesh + np.tensordot(latent[TEXTURE_COMPONENTS:], outlines, 1)
        place = posed(mesh, random.uniform(-40, 40), random.uniform(-15, 15))
        landmarks.append(place + random.normal(0, 0.004, place.shape))
    coarse = random.random((count, 3, side // 8, side // 8))
    context = np.kron(coarse, np.ones((8, 8))) * 0.6 + random.random((count, 3, side, side)) * 0.3
    # Every second face takes its detail from the context.
    detail = np.where(np.arange(count)[:, None] % 2, random.uniform(0, 0.04, (count, graph.BANDS)), -1)
    return {"context": context.astype(np.float32), "landmarks": np.stack(landmarks).astype(np.float32),
            "latent": latents.astype(np.float32), "detail": detail.astype(np.float32)}


def test_graph_computes_what_numpy_computes(model, gallery):
    """Tolerances: single precision and products of distances cost up to 1e-3 of UV; a face stays within 2 of 255."""
    feeds = _feeds(gallery, _side(model), 3, 1)
    out = Session(exposing(model, INNER)).run(feeds)
    oracle = Oracle(model)
    for index in range(3):
        wanted = oracle(*(feeds[name][index] for name in ("context", "landmarks", "latent", "detail")))
        np.testing.assert_allclose(out["projection"][index], wanted.projection, atol=1e-5)
        np.testing.assert_allclose(out["expression"][index], wanted.expression, atol=1e-3)
        np.testing.assert_allclose(out["vertices"][index], wanted.vertices, atol=1e-5)
        np.testing.assert_allclose(out["lumaMap"][index, 0], wanted.luma, atol=1e-5)
        np.testing.assert_allclose(out["gains"][index], wanted.gains, rtol=1e-3)
        np.testing.assert_allclose(out["mask"][index, 0], wanted.mask, atol=2e-3)
        opaque = wanted.mask > 0.05
        rim = graph.SIZES[_side(model)].rim
        np.testing.assert_allclose(out["flow"][index][opaque[rim:-rim, rim:-rim]],
                                   wanted.flow[opaque[rim:-rim, rim:-rim]], atol=2e-3)
        np.testing.assert_allclose(out["face"][index][:, opaque], wanted.face[:, opaque], atol=2 / 255)
        assert opaque.mean() > 0.15


def test_eight_faces_at_once_equal_one_at_a_time(model, gallery):
    feeds = _feeds(gallery, _side(model), 8, 2)
    session = Session(model.SerializeToString())
    together = session.run(feeds)
    for index in range(8):
        alone = session.run({name: value[index:index + 1] for name, value in feeds.items()})
        for name in ("face", "mask"):
            np.testing.assert_allclose(together[name][index], alone[name][0], atol=1e-4)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0, 7.0, -300.0])
def test_coinciding_landmarks_give_finite_pictures(model, gallery, place):
    feeds = _feeds(gallery, _side(model), 1, 3)
    feeds["landmarks"] = np.full_like(feeds["landmarks"], place)
    _assert_pictures(Session(model.SerializeToString()).run(feeds))


def test_landmarks_on_a_line_or_far_outside_give_finite_pictures(model, gallery):
    feeds = _feeds(gallery, _side(model), 3, 4)
    feeds["landmarks"][0, :, 1] = 0.5
    feeds["landmarks"][1] *= 40
    feeds["landmarks"][2] = feeds["landmarks"][2, :, ::-1]
    feeds["context"][:] = 0
    _assert_pictures(Session(model.SerializeToString()).run(feeds))


def test_detail_is_as_strong_as_asked_for_before_any_context(model, gallery):
    """How exactly, the numpy original above says; here a flat context would take the detail away."""
    feeds = _feeds(gallery, _side(model), 1, 7)
    feeds["context"][:] = 0.5
    wanted = 0.065 * np.array([PRIVACY["detail"][str(_side(model))]], np.float32)
    session = Session(model.SerializeToString())
    none, weak, strong = (session.run({**feeds, "detail": detail})
                          for detail in (np.full((1, graph.BANDS), -1, np.float32), wanted, 2 * wanted))
    opaque = weak["mask"][0, 0] > 0.95

    def fine(out):
        luma = np.einsum("c,cyx->yx", LUMA, out["face"][0])
        return np.std((luma - cv2.GaussianBlur(luma, (0, 0), 1))[opaque])

    assert fine(none) < 0.8 * fine(weak) and fine(weak) < 0.8 * fine(strong)


def test_mask_is_a_share_and_ends_before_the_crop(model, gallery):
    out = Session(model.SerializeToString()).run(_feeds(gallery, _side(model), 6, 5))
    _assert_pictures(out)
    rim = graph.SIZES[_side(model)].rim
    outside = np.ones(out["mask"].shape[2:], bool)
    outside[rim + 1:-rim - 1, rim + 1:-rim - 1] = False
    assert (out["mask"][:, 0, outside] == 0).all()
    assert (out["mask"].reshape(6, -1).max(1) > 0.99).all()


def test_a_latent_decides_who_and_landmarks_decide_where(model, gallery):
    feeds = _feeds(gallery, _side(model), 1, 6)
    session = Session(model.SerializeToString())
    first = session.run(feeds)
    other = session.run({**feeds, "latent": gallery.draw(999)[None]})
    opaque = np.minimum(first["mask"], other["mask"])[0, 0] > 0.9
    assert np.abs(first["face"] - other["face"])[0][:, opaque].mean() > 0.01
    shift = 4 / _side(model)
    context = np.roll(feeds["context"], 4, 3)
    moved = session.run({**feeds, "landmarks": feeds["landmarks"] + np.float32([shift, 0]), "context": context})
    rolled = np.roll(first["mask"], 4, 3)
    assert np.abs(moved["mask"] - rolled).mean() < 0.02 * rolled.mean()


def _assert_pictures(out: dict[str, np.ndarray]) -> None:
    for name in ("face", "mask"):
        assert np.isfinite(out[name]).all()
        assert out[name].min() >= 0 and out[name].max() <= 1


def test_replace_changes_the_face_and_nothing_else(gallery):
    random = np.random.default_rng(0)
    picture = random.integers(0, 255, (240, 320, 3)).astype(np.uint8)
    mean = publish.unpacked(gallery.entries["meanShape"])
    points = mean[:, :2] * 30 + [150, 120]
    replaced = Generator(96).replace(picture, points, gallery.draw(1))
    oval = points[[POINTS.index(point) for point in OVAL]]
    reach = np.linalg.norm(np.mgrid[0:240, 0:320].transpose(1, 2, 0)[..., ::-1] - oval.mean(0), axis=-1)
    assert (replaced != picture)[reach < 15].mean() > 0.9
    assert (replaced == picture)[reach > 75].all()


def test_crop_is_upright_and_holds_the_face_with_its_margin():
    random = np.random.default_rng(1)
    points = random.normal(0, 20, (len(POINTS), 2)) + 100
    top, chin = POINTS.index(10), POINTS.index(152)
    points[top], points[chin] = [150, 60], [70, 140]
    matrix = crop_matrix(points, 192)
    inside = points @ matrix[:, :2].T + matrix[:, 2] + 0.5
    assert inside[top, 0] == pytest.approx(inside[chin, 0])
    assert inside[top, 1] < inside[chin, 1]
    assert np.ptp(inside, axis=0).max() == pytest.approx(192 / publish.CROP_MARGIN)
    np.testing.assert_allclose((inside.max(0) + inside.min(0)) / 2, [96, 96])


def test_manifest_describes_the_files():
    manifest = json.loads((FOLDER / "surrogate.json").read_text())
    assert [entry["file"] for entry in manifest["files"]] == [*map(publish.graph_name, SIDES), "gallery.json"]
    for entry in manifest["files"]:
        assert entry["sha256"] == hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest()
    for kind in ("inputs", "outputs"):
        described = {(entry["file"], entry["name"]): entry["shape"] for entry in manifest[kind]}
        actual = {}
        for side in SIDES:
            values = onnx.load(FOLDER / publish.graph_name(side)).graph
            for value in values.input if kind == "inputs" else values.output:
                dims = value.type.tensor_type.shape.dim
                actual[publish.graph_name(side), value.name] = [dim.dim_value or dim.dim_param for dim in dims]
        assert described == actual
    template = manifest["template"]
    assert template["points"] == POINTS
    assert (template["margin"], template["sizes"]) == (publish.CROP_MARGIN, SIDES)
    assert sum(size for _, size in template["latent"]) == LATENT
    assert (FOLDER / template["gallery"]).is_file() and (FOLDER / manifest["card"]).is_file()


def test_files_fit_their_budget():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 16.5e6


def test_gallery_agrees_with_the_graphs(gallery):
    entries = gallery.entries
    count, expressions = len(gallery.latents), len(shape.MEASURES)
    shapes = {
        "latents": [count, LATENT], "tone": [count, 3], "meanShape": [len(POINTS), 3],
        "expressionShapes": [expressions, len(POINTS), 3], "identityShapes": [SHAPE_COMPONENTS, len(POINTS), 3],
        "expressionMean": [expressions], "expressionDeviation": [expressions], "camera": [4, len(POINTS)],
        "expressionMeasures": [expressions, len(POINTS)], "expressionAcross": [expressions, 3],
    }
    assert {key: entries[key]["shape"] for key in shapes} == shapes
    assert all(np.isfinite(publish.unpacked(entries[key])).all() for key in shapes)
    assert entries["privacy"] == PRIVACY and sorted(map(int, PRIVACY["detail"])) == SIDES
    assert entries["points"] == POINTS and entries["expressionNames"] == shape.MEASURES
    assert 300 < len(set(entries["pool"])) == len(entries["pool"]) < count
    assert 0 <= min(entries["pool"]) and max(entries["pool"]) < count
    lightness, a, b = publish.unpacked(entries["tone"]).T
    assert 15 < lightness.min() < 45 and 60 < lightness.max() < 95
    assert (a > 0).all() and (b > 0).all()


def test_gallery_shapes_are_the_graphs_own(model, gallery):
    """Drawn by its own mean shape and expressions, a face is read back by the graph with that expression."""
    side, entries = _side(model), gallery.entries
    mean, moves = publish.unpacked(entries["meanShape"]), publish.unpacked(entries["expressionShapes"])
    session = Session(exposing(model, ["expression"]))
    for wanted in (np.zeros(7), np.array([1.5, 0, 0, 0, 0, 0, 0]), np.array([0, 0, 0, -1, -1, 1, 1])):
        landmarks = posed(mean + np.tensordot(wanted, moves, 1), 0, 0)
        out = session.run({"context": np.full((1, 3, side, side), 0.5), "landmarks": landmarks[None],
                           "latent": gallery.latents[:1], "detail": np.full((1, graph.BANDS), -1)})
        np.testing.assert_allclose(out["expression"][0], wanted, atol=0.35)
