"""Writes what the product embeds: the gallery, and the manifest that describes the graphs."""
import base64
import json
import pathlib

import numpy as np

from forge.common.package import write_manifest
from forge.common.topology import POINTS
from forge.surrogate import shape
from forge.surrogate.graph import BANDS
from forge.surrogate.rig import EXPRESSION_RANGE, LATENT, SHAPE_COMPONENTS, TEXTURE_COMPONENTS, Rig
from forge.surrogate.settings import PRIVACY

#: Side of the square crop as a multiple of the larger side of the box around the points.
CROP_MARGIN = 1.45
#: A surrogate is pool mean + gamma * (mean of k members - pool mean).
DRAW = {"k": 8, "gamma": 2.0}

_FACE_UNITS = (
    "x right, y down, z away from the camera; the mean 468-point mesh has an RMS radius of 1, so that a face is about "
    "3.2 high. landmarks = scale * rotate(meanShape + sum_i e_i * expressionShapes_i + sum_j d_j * identityShapes_j) + "
    "offset, orthographic: x and y are kept. e_i: expression in standard deviations from the mean, -2.5..5, 0 is the "
    "mean; a measure itself is expressionMean + e * expressionDeviation face units. d: the identityShape part of a "
    "latent."
)


def graph_name(side: int) -> str:
    return f"surrogate-{side}.onnx"


def packed(array: np.ndarray) -> dict:
    """Little-endian float16 in base64, with its shape."""
    array = np.ascontiguousarray(array, "<f2")
    return {"shape": list(array.shape), "float16": base64.b64encode(array.tobytes()).decode()}


def unpacked(entry: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(entry["float16"]), "<f2").reshape(entry["shape"]).astype(np.float32)


def write_gallery(folder: pathlib.Path, rig: Rig, latents: np.ndarray, tone: np.ndarray, pool: np.ndarray) -> None:
    """latents: (n, LATENT). tone: (n, 3) CIE L*a*b*. pool: indices of the members of the default draw."""
    entries = {
        "topology": "MediaPipe Face Mesh 468",
        "points": POINTS,
        "faceUnits": _FACE_UNITS,
        "draw": DRAW,
        "pool": [int(index) for index in pool],
        "toneMeaning": "mean CIE L*a*b* (D65) of each member's skin in its source picture",
        "poolMeaning": "members of the default draw; the others have facial hair",
        "latents": packed(latents),
        "tone": packed(tone),
        "meanShape": packed(rig.shape.mean[POINTS]),
        "expressionNames": shape.MEASURES,
        "expressionShapes": packed(rig.shape.expressions[:, POINTS]),
        "expressionMean": packed(rig.shape.measure_mean),
        "expressionDeviation": packed(rig.shape.measure_deviation),
        "identityShapes": packed(rig.components[:, POINTS]),
        "camera": packed(rig.camera),
        "expressionMeasures": packed(shape.measure_matrix()[:, POINTS]),
        "expressionAcross": packed(rig.measure_across),
        "expressionAxis": shape.MEASURE_AXIS.tolist(),
        "expressionRange": EXPRESSION_RANGE,
        "privacy": PRIVACY,
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
    (folder / "gallery.json").write_text(f"{{\n{lines}\n}}\n")


def write_description(folder: pathlib.Path, sides: list[int]) -> None:
    """surrogate.json; the graphs and the gallery must lie in the folder."""
    def entry(side: int, name: str, shape: list, **rest) -> dict:
        return {"file": graph_name(side), "name": name, "type": "float32", "shape": shape, **rest}

    inputs, outputs = [], []
    for side in sides:
        inputs += [
            entry(side, "context", ["N", 3, side, side], colour="RGB", range=[0, 1],
                  meaning="the crop; light, tone and sharpness follow it: a flat context gives a blurred face"),
            entry(side, "landmarks", ["N", len(POINTS), 2],
                  meaning="x, y of the points as shares of the side; pixel j has its centre at (j + 0.5) / side"),
            entry(side, "latent", ["N", LATENT], meaning="who: a draw from the gallery"),
            entry(side, "detail", ["N", BANDS],
                  meaning="RMS luma of the face in four bands, from fine to coarse; below 0: as in the context"),
        ]
        outputs += [
            entry(side, "face", ["N", 3, side, side], colour="RGB", range=[0, 1],
                  meaning="the synthetic face; black outside the inner 5/6 of the crop, where the mask is 0"),
            entry(side, "mask", ["N", 1, side, side], range=[0, 1],
                  meaning="opacity of the face; what is shown is mask * face + (1 - mask) * picture"),
        ]
    write_manifest(folder, {
        "name": "surrogate",
        "task": "face-generation",
        "files": [graph_name(side) for side in sides] + ["gallery.json"],
        "licence": "MIT",
        "inputs": inputs,
        "outputs": outputs,
        "template": {
            "crop": "upright along points 10 and 152; square around the middle of the box of all points, "
                    "side = margin * the box's larger side",
            "margin": CROP_MARGIN,
            "sizes": sides,
            "points": POINTS,
            "gallery": "gallery.json",
            "latent": [["texture", TEXTURE_COMPONENTS], ["identityShape", SHAPE_COMPONENTS]],
        },
        "trainedOn": [{
            "data": "synthetic-faces, AI-generated: no real person",
            "source": "SFHQ and SFHQ-T2I by D. Beniaguev",
            "licence": "MIT",
        }],
        "teachers": [{"name": "MediaPipe Face Mesh", "source": "MediaPipe", "licence": "Apache-2.0"}],
    })
