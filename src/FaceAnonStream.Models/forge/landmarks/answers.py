"""Asks the finished net, the way the product does: a box in a picture gives points in the picture."""
import pathlib

import numpy as np
import torch

from forge.common.ort import Session
from forge.common.teachers import warp
from forge.landmarks.crops import SIDE, crop_matrix, from_fractions
from forge.landmarks.labels import luma
from forge.landmarks.net import errors


class LandmarkNet:
    def __init__(self, model: pathlib.Path, threads: int = 1) -> None:
        self._session = Session(model, threads)

    def ask(self, picture: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """picture: (h, w, 3) BGR; boxes: (n, 4) -> points (n, 144, 2) px and usability (n,)."""
        matrices = [crop_matrix(box) for box in boxes]
        plane = luma(picture)
        crops = np.stack([warp(plane, matrix, SIDE) for matrix in matrices])
        answer = self._session.run({"image": crops[:, None]})
        points = [from_fractions(matrix, points) for matrix, points in zip(matrices, answer["points"])]
        return np.stack(points), answer["usability"][:, 0]


def relative_errors(points: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(n, 144) distances in (floored) eye distances; points and truth (n, 144, 2) in px."""
    return errors(torch.from_numpy(points).double(), torch.from_numpy(truth).double()).numpy()
