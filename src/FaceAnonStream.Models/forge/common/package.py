"""Writes what the product embeds: ONNX files, their manifest, their card."""
import hashlib
import json
import pathlib
import re

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_SMALL = 64


def store_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stores large float32 weights as float16 with a Cast, which ONNX Runtime folds away when it loads the model."""
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.size > _SMALL:
            kept.append(numpy_helper.from_array(array.astype(np.float16), tensor.name + "_half"))
            casts.append(helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT))
        else:
            kept.append(tensor)
    nodes = casts + list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def write_manifest(folder: pathlib.Path, manifest: dict) -> None:
    """Writes ``<name>.json``; manifest["files"] is a list of file names here and gets their hashes."""
    files = [{"file": file, "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()}
             for file in manifest["files"]]
    text = json.dumps({**manifest, "files": files, "card": "card.md"}, indent=2, ensure_ascii=False)
    # Lists of numbers read better on few lines.
    text = re.sub(r"\[\s+((?:[-\d.\"\w]+,\s+)*[-\d.\"\w]+)\s+\]",
                  lambda match: "[" + re.sub(r"\s+", " ", match.group(1)) + "]", text)
    (folder / f"{manifest['name']}.json").write_text(text + "\n")


def write_section(card: pathlib.Path, name: str, text: str) -> None:
    """Replaces what stands between ``<!-- name -->`` and ``<!-- /name -->`` of a card by a measured table."""
    content = card.read_text()
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.S)
    if not pattern.search(content):
        raise ValueError(f"{card}: has no section {name}")
    card.write_text(pattern.sub(lambda match: match.group(1) + text.strip() + "\n" + match.group(2), content))
