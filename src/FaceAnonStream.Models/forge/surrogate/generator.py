"""The shipped generator as the product uses it: crop, draw, run, blend. Pictures are BGR, as OpenCV reads them."""
import json
import pathlib

import cv2
import numpy as np

from forge.common.ort import Session
from forge.common.teachers import transform, warp
from forge.common.topology import POINTS
from forge.surrogate import publish

FOLDER = pathlib.Path(__file__).parents[2] / "surrogate"
_TOP, _CHIN = POINTS.index(10), POINTS.index(152)


class Gallery:
    """gallery.json. latents (n, LATENT), pool (p,) indices, tone (n, 3)."""

    def __init__(self, folder: pathlib.Path = FOLDER) -> None:
        self.entries = json.loads((folder / "gallery.json").read_text())
        self.latents = publish.unpacked(self.entries["latents"])
        self.pool = np.array(self.entries["pool"])

    def draw(self, seed: int, count: int = publish.DRAW["k"], gamma: float = publish.DRAW["gamma"]) -> np.ndarray:
        """(LATENT,) a surrogate: the mean of ``count`` members, pushed away from the pool's mean."""
        pool = self.latents[self.pool]
        chosen = np.random.default_rng(seed).choice(len(pool), count, replace=False)
        mean = pool.mean(0)
        return mean + gamma * (pool[chosen].mean(0) - mean)


def crop_matrix(points: np.ndarray, side: int) -> np.ndarray:
    """2 x 3 picture -> crop: upright along forehead and chin, centred on the box of the points (L, 2)."""
    up = points[_TOP] - points[_CHIN]
    angle = -np.arctan2(up[0], -up[1])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = points @ rotation.T
    low, high = turned.min(0), turned.max(0)
    scale = side / (publish.CROP_MARGIN * (high - low).max())
    # Pixel 0 of the crop has its centre half a pixel from the crop's edge.
    return np.c_[scale * rotation, side / 2 - 0.5 - scale * (low + high) / 2]


class Generator:
    """One graph. Every picture gets the face of its latent where its landmarks are."""

    def __init__(self, side: int, folder: pathlib.Path = FOLDER, threads: int = 1) -> None:
        self.side = side
        self._session = Session(folder / publish.graph_name(side), threads)

    def replace(self, picture: np.ndarray, points: np.ndarray, latent: np.ndarray, grey: bool = False) -> np.ndarray:
        """The picture (h, w, 3) with the face at points (L, 2) px replaced; grey: and everything else grey."""
        matrix = crop_matrix(points, self.side)
        crop = cv2.cvtColor(warp(picture, matrix, self.side), cv2.COLOR_BGR2RGB).astype(np.float32) / 255
        result = self._session.run({
            "context": crop.transpose(2, 0, 1)[None],
            "landmarks": ((transform(matrix, points) + 0.5) / self.side)[None],
            "latent": latent[None],
        })
        face, mask = (self._back(result[name][0].transpose(1, 2, 0), matrix, picture) for name in ("face", "mask"))
        background = np.full_like(picture, 128) if grey else picture
        blended = face[..., ::-1] * 255 * mask[..., None] + background * (1 - mask[..., None])
        return np.clip(np.round(blended), 0, 255).astype(np.uint8)

    def _back(self, crop: np.ndarray, matrix: np.ndarray, picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        scale = np.linalg.norm(matrix[:, 0])
        if scale > 1:
            # Shrinking into the picture: smooth first, so that nothing aliases.
            crop = cv2.GaussianBlur(crop, (0, 0), max(0.4 * np.sqrt(scale ** 2 - 1), 0.1))
        return cv2.warpAffine(crop, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
