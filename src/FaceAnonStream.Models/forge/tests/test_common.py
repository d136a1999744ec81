"""The shared parts: nothing here needs the data folder."""
import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from forge.common import boxes, package, teachers, topology
from forge.common.ort import Session


def _affine(weights: np.ndarray) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], "affine",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", weights.shape[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", weights.shape[1]])],
        [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model


def test_session_runs_what_numpy_runs():
    weights = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    x = np.random.default_rng(2).normal(size=(4, 5)).astype(np.float32)
    session = Session(_affine(weights).SerializeToString())
    assert (session.inputs, session.outputs) == (["x"], ["y"])
    np.testing.assert_allclose(session.run({"x": x})["y"], x @ weights, rtol=1e-5, atol=1e-6)


def test_session_says_what_is_wrong():
    session = Session(_affine(np.zeros((5, 3), np.float32)).SerializeToString())
    with pytest.raises(RuntimeError, match="invalid dimensions"):
        session.run({"x": np.zeros((1, 4))})
    with pytest.raises(RuntimeError):
        Session(b"no model")


def test_store_half_keeps_the_function_to_half_precision():
    weights = np.random.default_rng(1).normal(size=(40, 30)).astype(np.float32)
    x = np.random.default_rng(2).normal(size=(2, 40)).astype(np.float32)
    halved = package.store_half(_affine(weights)).SerializeToString()
    assert len(halved) < 0.6 * len(_affine(weights).SerializeToString())
    np.testing.assert_array_equal(
        Session(halved).run({"x": x})["y"],
        Session(_affine(weights.astype(np.float16).astype(np.float32)).SerializeToString()).run({"x": x})["y"])


def test_manifest_carries_hashes(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"abc")
    package.write_manifest(tmp_path, {"name": "a", "files": ["a.onnx"], "template": {"points": [1, 2, 3]}})
    text = (tmp_path / "a.json").read_text()
    assert json.loads(text)["files"][0]["sha256"].startswith("ba7816bf8f01cfea")
    assert "[1, 2, 3]" in text


def test_card_sections_are_replaced_and_missing_ones_refused(tmp_path):
    card = tmp_path / "card.md"
    card.write_text("a\n<!-- speed -->\nold\n<!-- /speed -->\nb\n")
    package.write_section(card, "speed", "new")
    assert card.read_text() == "a\n<!-- speed -->\nnew\n<!-- /speed -->\nb\n"
    with pytest.raises(ValueError, match="no section quality"):
        package.write_section(card, "quality", "new")


def test_points_are_distinct_mesh_indices():
    assert len(set(topology.POINTS)) == len(topology.POINTS) == 144 == sum(topology.GROUPS.values())
    assert 0 <= min(topology.POINTS) and max(topology.POINTS) < 468


def test_suppress_keeps_the_best_of_each_place():
    detections = np.zeros((3, 15), np.float32)
    detections[:, 0] = 0.7, 0.9, 0.8
    detections[:, 1:5] = [[0, 0, 10, 10], [1, 0, 10, 10], [40, 0, 10, 10]]
    kept = boxes.suppress(detections)
    np.testing.assert_allclose(kept[:, 0], [0.9, 0.8])


def test_rescaled_matrix_addresses_the_same_place():
    matrix = np.array([[0.5, 0.2, 3], [-0.2, 0.5, 7]])
    point = np.array([[12.0, 31.0]])
    factor = 0.25
    moved = (point + 0.5) * factor - 0.5
    np.testing.assert_allclose(
        teachers.transform(teachers.rescaled(matrix, factor), moved), teachers.transform(matrix, point))
    np.testing.assert_allclose(teachers.inverted(matrix, teachers.transform(matrix, point)), point)
