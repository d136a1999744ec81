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


def fitting_size(points: np.ndarray, sizes: list[int]) -> int:
    """The smallest size whose crop is not smaller than the picture's part that it shows, or the largest."""
    side = 1 / np.linalg.norm(crop_matrix(points, 1)[:, 0])
    return next((size for size in sorted(sizes) if size >= side), max(sizes))


class Generator:
    """One graph. Every picture gets the face of its latent where its landmarks are."""

    def __init__(self, side: int, folder: pathlib.Path = FOLDER, threads: int = 1) -> None:
        self.side = side
        self._session = Session(folder / publish.graph_name(side), threads)

    def replace(self, picture: np.ndarray, points: np.ndarray, latent: np.ndarray, context: np.ndarray | None = None,
                detail: np.ndarray | None = None) -> np.ndarray:
        """The picture (h, w, 3) with the face at points (L, 2) px replaced.

        context: (S, S, 3) RGB 0..1 instead of the picture's crop. detail: (4,) instead of the context's.
        """
        face, mask, matrix = self.generate(picture, points, latent, context, detail)
        return blended(picture, face, mask, matrix)

    def generate(self, picture: np.ndarray, points: np.ndarray, latent: np.ndarray, context: np.ndarray | None = None,
                 detail: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The face (S, S, 3) RGB 0..1, its mask (S, S) and the matrix from the picture to them; see replace."""
        matrix = crop_matrix(points, self.side)
        if context is None:
            context = cv2.cvtColor(warp(picture, matrix, self.side), cv2.COLOR_BGR2RGB).astype(np.float32) / 255
        result = self._session.run({
            "context": context.transpose(2, 0, 1)[None].astype(np.float32),
            "landmarks": ((transform(matrix, points) + 0.5) / self.side)[None].astype(np.float32),
            "latent": latent[None].astype(np.float32),
            "detail": np.full((1, 4), -1, np.float32) if detail is None else detail[None].astype(np.float32),
        })
        return result["face"][0].transpose(1, 2, 0), result["mask"][0, 0], matrix


def blended(picture: np.ndarray, face: np.ndarray, mask: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """mask * face + (1 - mask) * picture, the crop laid back by the inverse of matrix."""
    corners = transform(cv2.invertAffineTransform(matrix), np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) * len(mask))
    size = picture.shape[1::-1]
    low = np.clip(np.floor(corners.min(0)).astype(int) - 1, 0, size)
    high = np.clip(np.ceil(corners.max(0)).astype(int) + 2, low, size)
    width, height = high - low
    if width == 0 or height == 0:
        return picture
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ low
    scale = np.linalg.norm(matrix[:, 0])

    def back(crop: np.ndarray) -> np.ndarray:
        if scale > 1:
            # Shrinking into the picture: smooth first, so that nothing aliases.
            crop = cv2.GaussianBlur(crop, (0, 0), max(0.4 * np.sqrt(scale ** 2 - 1), 0.1))
        return cv2.warpAffine(crop, moved, (int(width), int(height)), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)

    face, mask = back(face), back(mask)[..., None]
    result = picture.copy()
    window = result[low[1]:high[1], low[0]:high[0]]
    window[:] = np.clip(np.round(face[..., ::-1] * 255 * mask + window * (1 - mask)), 0, 255)
    return result
