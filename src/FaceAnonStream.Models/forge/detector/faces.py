"""AI-generated faces to paste: their boxes and points, and where both land."""
import dataclasses
import pathlib
from collections.abc import Iterable

import cv2
import numpy as np

from forge.common import dataset, teachers
from forge.common.topology import OVAL
from forge.detector.views import Pyramid, matrix_around

#: The five points of a mirrored face, in the order of an unmirrored one.
MIRRORED = [1, 0, 2, 4, 3]

_SIDE = 256

#: Of the faces that are pasted, so many come from those turned to the side.
_TURNED_SHARE = 0.35

#: Eyes closer than this to each other, in distances from eyes to mouth, belong to a face turned to the side.
_TURNED_EYES = 0.78


@dataclasses.dataclass(frozen=True)
class Placement:
    """How a face lies in a picture. size: of the box's longer side, px; centre: of the box, px; angle: degrees,
    anticlockwise; squeeze: width over height relative to the original; mirrored: before everything else."""

    size: float
    centre: tuple[float, float]
    angle: float = 0
    squeeze: float = 1
    mirrored: bool = False

    def matrix(self, box: np.ndarray) -> np.ndarray:
        """2 x 3, from the face's own picture to the picture that it lies in."""
        return matrix_around(box[:2] + box[2:] / 2, self.centre, self.size / max(box[2:]),
                             self.angle, self.squeeze, self.mirrored)


def placed_box(matrix: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Box (4,) around the image of the ellipse that fills the box: heads are round, corners would exaggerate."""
    centre = teachers.transform(matrix, box[:2] + box[2:] / 2)
    size = np.hypot(matrix[:, 0] * box[2], matrix[:, 1] * box[3])
    return np.r_[centre - size / 2, size]


def placed_points(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The five points (5, 2) in the picture; a matrix that mirrors swaps the sides."""
    moved = teachers.transform(matrix, points)
    return moved[MIRRORED] if np.linalg.det(matrix[:, :2]) < 0 else moved


class FaceBank:
    """n faces in the middle of pictures of 256 x 256 px, in px of these.

    pictures: BGR. boxes: (n, 4). points: (n, 5, 2). ovals: (n, k, 2) outlines.
    """

    def __init__(
            self, pictures: Iterable[np.ndarray], boxes: np.ndarray, points: np.ndarray, ovals: np.ndarray) -> None:
        self.boxes, self.points, self.ovals = boxes, points, ovals
        self._turned = np.flatnonzero(_turned(points))
        self._pyramids = [Pyramid(picture) for picture in pictures]

    @classmethod
    def read(cls, root: pathlib.Path, teacher: teachers.FaceDetector, held_out: bool) -> "FaceBank":
        """The AI-generated faces for training, or those held out, where the teacher sees a face in the middle."""
        faces = dataset.synthetic_faces(root)
        boxes = {index: _middle(teacher.detect(faces.images[index], 0.3))
                 for index in np.flatnonzero(faces.held_out == held_out)}
        chosen = [index for index, box in boxes.items() if box is not None]
        centred = np.array([boxes[index] for index in chosen], np.float64)
        ovals = faces.mesh[chosen][:, OVAL, :2].astype(np.float64)
        # Where the mesh has failed, mostly in profiles, its outline is no use.
        failed = ~faces.trusted[chosen]
        ovals[failed] = _ellipses(centred[failed], len(OVAL))
        return cls(faces.images[chosen], centred, faces.points[chosen].astype(np.float64), ovals)

    def __len__(self) -> int:
        return len(self._pyramids)

    def pick(self, random: np.random.Generator) -> int:
        """Index of a face; more of the turned ones than their share, for they are rare and hard."""
        if len(self._turned) and random.random() < _TURNED_SHARE:
            return int(random.choice(self._turned))
        return int(random.integers(len(self)))

    def label(self, index: int, matrix: np.ndarray) -> np.ndarray:
        """Box and points (14,) where a 2 x 3 matrix puts them."""
        return np.r_[placed_box(matrix, self.boxes[index]), placed_points(matrix, self.points[index]).ravel()]

    def draw(self, index: int, matrix: np.ndarray, shape: str, random: np.random.Generator,
             size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """A picture (h, w, 3) of size (w, h) with the face in it, and its soft mask (h, w) uint8.

        shape: what of the face's own picture is in the mask: "face", "head", "bust" or "whole"."""
        level, shrunk = self._pyramids[index].level(matrix)
        picture = cv2.warpAffine(level, shrunk, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        mask = self._mask(index, level.shape[0], shape, random)
        return picture, cv2.warpAffine(mask, shrunk, size, flags=cv2.INTER_LINEAR)

    def _mask(self, index: int, side: int, shape: str, random: np.random.Generator) -> np.ndarray:
        mask = np.zeros((side, side), np.uint8)
        if shape == "whole":
            mask[1:-1, 1:-1] = 255
            return mask
        zoom = side / _SIDE
        if shape == "face":
            oval = self.ovals[index]
            middle = oval.mean(0)
            grown = middle + (oval - middle) * random.uniform([1.05, 1.15], [1.35, 1.5])
            cv2.fillPoly(mask, [np.int32(grown * zoom)], 255)
        else:
            centre = (side // 2, int(side * random.uniform(0.47, 0.53)))
            axes = (int(side * random.uniform(0.33, 0.46)), int(side * random.uniform(0.44, 0.52)))
            cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
        if shape == "bust":
            low, high = side * random.uniform(0.72, 0.82), side * random.uniform(0.86, 0.95)
            bust = [[side * 0.3, low], [side * 0.7, low], [side - 2, high], [side - 2, side], [2, side], [2, high]]
            cv2.fillPoly(mask, [np.int32(bust)], 255)
        width = max(1, int(side * random.uniform(0, 0.05))) * 2 + 1
        return cv2.blur(mask, (width, width))


def _middle(found: np.ndarray) -> np.ndarray | None:
    """The box (4,) of the face in the middle of a 256 px picture, if the teacher sees it."""
    central = [row[1:5] for row in found if np.abs(row[1:3] + row[3:5] / 2 - _SIDE / 2).max() < 40]
    return central[0] if central else None


def _turned(points: np.ndarray) -> np.ndarray:
    """Of faces (n, 5, 2): whether they look well to the side (n,)."""
    eyes = np.linalg.norm(points[:, 1] - points[:, 0], axis=1)
    height = np.linalg.norm(points[:, 3:].mean(1) - points[:, :2].mean(1), axis=1)
    return eyes < _TURNED_EYES * height


def _ellipses(boxes: np.ndarray, count: int) -> np.ndarray:
    """Outlines (n, count, 2) of the ellipses that fill the boxes (n, 4)."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    return boxes[:, None, :2] + boxes[:, None, 2:] * (1 + circle) / 2
