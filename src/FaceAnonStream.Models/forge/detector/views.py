"""Cheap crops: pictures are kept decoded at several sizes, so that no sample touches a whole frame."""
import cv2
import numpy as np

from forge.common import teachers

_SMALLEST_SIDE = 24


class Pyramid:
    """A BGR picture with its halves, quarters and so on."""

    def __init__(self, picture: np.ndarray) -> None:
        self._levels = [picture]
        while min(self._levels[-1].shape[:2]) >= 2 * _SMALLEST_SIDE:
            height, width = self._levels[-1].shape[:2]
            even = self._levels[-1][:height // 2 * 2, :width // 2 * 2]
            self._levels.append(cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self._levels[0].shape[1], self._levels[0].shape[0]

    def level(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The level that a 2 x 3 matrix picture -> crop samples without much aliasing, and the matrix for it."""
        scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
        index = int(np.clip(np.floor(np.log2(1 / scale) + 0.35), 0, len(self._levels) - 1))
        return self._levels[index], teachers.rescaled(matrix, 0.5 ** index)

    def view(self, matrix: np.ndarray, size: tuple[int, int], border: int) -> np.ndarray:
        """Crop of size (w, h) through a 2 x 3 matrix picture -> crop."""
        level, shrunk = self.level(matrix)
        return cv2.warpAffine(level, shrunk, size, flags=cv2.INTER_LINEAR, borderMode=border)


def matrix_around(point: np.ndarray, at: np.ndarray, scale: float, angle: float = 0, squeeze: float = 1,
                  mirrored: bool = False) -> np.ndarray:
    """2 x 3 matrix that shows ``point`` of the picture at ``at`` of the crop, scaled, turned (degrees) and squeezed."""
    turn = np.radians(angle)
    flip = -1 if mirrored else 1
    linear = (np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
              @ np.diag([flip * scale * np.sqrt(squeeze), scale / np.sqrt(squeeze)]))
    return np.c_[linear, np.asarray(at) - linear @ np.asarray(point)]


def blend(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """``above`` where the mask (h, w) uint8 is 255, ``below`` where it is 0."""
    share = cv2.merge([mask] * 3).astype(np.uint16)
    return ((below * (255 - share) + above * share + 127) // 255).astype(np.uint8)
