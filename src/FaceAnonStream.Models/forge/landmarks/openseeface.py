"""The second teacher: OpenSeeFace's 66 points, which hold on profiles where Face Mesh fails.

Model and decoding: https://github.com/emilianavt/OpenSeeFace (BSD-2). The points are those of iBUG-68 without the two
inner mouth corners, in the projected three-dimensional sense: hidden points lie where they are, not on the outline.
"""
import pathlib

import cv2
import numpy as np

from forge.common.ort import Session
from forge.common.teachers import inverted, warp

_SIDE = 224
_CELLS = 28
_POINTS = 66
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_GROW = 1.25
_ROLLS = (-30.0, 0.0, 30.0)

#: Mesh vertices nearest to the 66 points: jaw 17, right and left brow, nose bridge and base, eyes, lips.
VERTICES = np.array([
    162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389,
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
    168, 197, 5, 4, 98, 97, 2, 326, 327,
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
    82, 13, 312, 317, 14, 87,
])
JAW = slice(0, 17)


class OpenSeeFace:
    def __init__(self, root: pathlib.Path, threads: int = 1) -> None:
        self._session = Session(root / "models/openseeface_lm0.onnx", threads)

    def points(self, picture: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, float]:
        """(66, 2) px of the picture and their mean confidence, at the roll that the net is surest of.

        picture: (h, w, 3) BGR; box: x, y, w, h.
        """
        return max((self._at_roll(picture, box, roll) for roll in _ROLLS), key=lambda result: result[1])

    def _at_roll(self, picture: np.ndarray, box: np.ndarray, roll: float) -> tuple[np.ndarray, float]:
        x, y, width, height = (float(value) for value in box)
        center = (x + width / 2, y + height / 2)
        matrix = cv2.getRotationMatrix2D(center, roll, _SIDE / (max(width, height) * _GROW))
        matrix[:, 2] += _SIDE / 2 - np.array(center)
        rgb = cv2.cvtColor(warp(picture, matrix, _SIDE), cv2.COLOR_BGR2RGB).astype(np.float32) / 255
        tensor = ((rgb - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
        maps = self._session.run({self._session.inputs[0]: tensor})[self._session.outputs[0]][0]
        points, confidence = _decode(maps)
        return inverted(matrix, points).astype(np.float32), confidence


def _decode(maps: np.ndarray) -> tuple[np.ndarray, float]:
    """(198, 28, 28): 66 confidences, then the offsets down and to the right, all as probabilities."""
    maps = maps.reshape(3, _POINTS, _CELLS * _CELLS)
    best = maps[0].argmax(1)
    confidence, down, right = (kind[np.arange(_POINTS), best] for kind in maps)
    cells = np.stack([best % _CELLS, best // _CELLS], 1) / (_CELLS - 1)
    offsets = np.stack([_logit(right), _logit(down)], 1) / 16
    return (cells + offsets) * (_SIDE - 1), float(confidence.mean())


def _logit(probability: np.ndarray) -> np.ndarray:
    probability = np.clip(probability.astype(np.float64), 1e-7, 1 - 1e-7)
    return np.log(probability / (1 - probability))
