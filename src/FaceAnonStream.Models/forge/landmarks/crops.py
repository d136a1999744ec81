"""Training crops: faces as cameras and detectors deliver them, and crops without a usable face."""
import dataclasses

import cv2
import numpy as np

from forge.common.teachers import rescaled, transform
from forge.common.topology import POINTS
from forge.landmarks import luma
from forge.landmarks.labels import SOURCE_SIDE, Faces

SIDE = 96
FACTOR = 1.25

_NEGATIVE_SHARE = 0.09
_OCCLUDED_SHARE = 0.18
_LARGEST_COVER = 0.5
#: Turned further than this (degrees of yaw), a face loses its usability linearly.
_USABLE_YAW, _USELESS_YAW = 45.0, 56.0
_ROLL = 35.0
#: Share of each kind of face among the positive crops.
_SHARES = {"synthetic": 0.58, "view": 0.22, "profile": 0.08, "clip": 0.12}


@dataclasses.dataclass(frozen=True)
class Crop:
    """image: (96, 96) uint8. points: (144, 2) fractions of the crop. usable: 0..1. weight: 0 where there is no face.

    back: (2, 3) takes fractions of the crop to px of the face's source picture.
    """

    image: np.ndarray
    points: np.ndarray
    usable: float
    weight: float
    back: np.ndarray


def crop_matrix(box: np.ndarray, roll: float = 0.0) -> np.ndarray:
    """2 x 3 matrix picture -> crop px for a detector's box (x, y, w, h); roll in degrees."""
    x, y, width, height = (float(value) for value in box)
    center = (x + width / 2, y + height / 2)
    matrix = cv2.getRotationMatrix2D(center, roll, SIDE / (FACTOR * max(width, height)))
    matrix[:, 2] += (SIDE - 1) / 2 - np.array(center)
    return matrix


def to_fractions(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points (..., 2) px of the picture -> fractions of the crop: 0 and 1 are its outer edges."""
    return (transform(matrix, points) + 0.5) / SIDE


def from_fractions(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Fractions of the crop (..., 2) -> px of the picture."""
    return (points * SIDE - 0.5 - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T


def back_matrix(matrix: np.ndarray) -> np.ndarray:
    """2 x 3 matrix fractions of the crop -> px of the picture."""
    inverse = np.linalg.inv(matrix[:, :2])
    return np.c_[inverse * SIDE, inverse @ (-0.5 - matrix[:, 2])]


def noisy_box(box: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The box as another detector, or the same one a frame later, may give it."""
    side = max(box[2:])
    center = box[:2] + box[2:] / 2 + random.uniform(-0.08, 0.08, 2) * side
    size = box[2:] * np.exp(random.uniform(np.log(0.88), np.log(1.16)))
    return np.r_[center - size / 2, size]


def mirrored(points: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Points (144, 2) px of a 256 px picture after mirroring it."""
    return (points * [-1, 1] + [SOURCE_SIDE - 1, 0])[order]


class CropSource:
    """Draws pairs of crops: the same face or background under two cameras' noise and two detectors' boxes."""

    def __init__(self, faces: Faces, backgrounds: list[np.ndarray], order: np.ndarray) -> None:
        """backgrounds: luma pictures without faces. order: of the points after mirroring."""
        self.faces = faces
        self._backgrounds = backgrounds
        self._order = order
        self._by_kind = {kind: np.flatnonzero(faces.kind == kind) for kind in _SHARES}

    def pair(self, random: np.random.Generator) -> tuple[Crop, Crop]:
        if random.random() < _NEGATIVE_SHARE:
            return self._negative(random), self._negative(random)
        index, image, points, box = self._face(random)
        sensor_px = self._sensor_px(random)
        factor = min(0.6, sensor_px / self.faces.size[index])
        side = max(8, round(SOURCE_SIDE * factor))
        factor = side / SOURCE_SIDE
        image = luma.light(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), random)
        covered = 0.0
        if random.random() < _OCCLUDED_SHARE:
            covered = sum(luma.occlude(image, box * factor, random, self._texture(random))
                          for _ in range(int(random.integers(1, 3))))
        yaw = abs(self.faces.yaw[index])
        usable = float(np.clip((_USELESS_YAW - yaw) / (_USELESS_YAW - _USABLE_YAW), 0, 1)) * (covered < _LARGEST_COVER)
        weight = float(np.clip(sensor_px / 40, 0.35, 1))
        roll = random.uniform(-_ROLL, _ROLL) if random.random() < 0.4 else random.normal(0, 6)
        return tuple(self._shot(image, factor, points, box, roll, usable, weight, random) for _ in range(2))

    def _face(self, random: np.random.Generator) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        kind = random.choice(list(_SHARES), p=list(_SHARES.values()))
        index = int(random.choice(self._by_kind[kind]))
        image, points, box = self.faces.images[index], self.faces.points[index], self.faces.box[index]
        if random.random() < 0.5:
            image, points = image[:, ::-1], mirrored(points, self._order)
            box = np.r_[SOURCE_SIDE - 1 - box[0] - box[2], box[1:]]
        return index, np.ascontiguousarray(image), points, box

    @staticmethod
    def _sensor_px(random: np.random.Generator) -> float:
        """Size of a face on the sensor: all orders of magnitude, more of those that matter most."""
        low = 12 if random.random() < 0.35 else 45
        return float(np.exp(random.uniform(np.log(low), np.log(190))))

    def _shot(self, image: np.ndarray, factor: float, points: np.ndarray, box: np.ndarray, roll: float, usable: float,
              weight: float, random: np.random.Generator) -> Crop:
        """image: the source resized by factor; points and box in px of the source."""
        matrix = crop_matrix(noisy_box(box, random), roll + random.normal(0, 2))
        shot = _cut(luma.sensor(image, random), rescaled(matrix, factor), random)
        return Crop(shot, to_fractions(matrix, points).astype(np.float32), usable, weight,
                    back_matrix(matrix).astype(np.float32))

    def _texture(self, random: np.random.Generator) -> np.ndarray | None:
        if random.random() < 0.4:
            return None
        picture = self._backgrounds[random.integers(len(self._backgrounds))]
        side = int(random.uniform(0.3, 1) * min(picture.shape))
        y, x = (int(random.integers(0, length - side + 1)) for length in picture.shape)
        return picture[y:y + side, x:x + side]

    def _negative(self, random: np.random.Generator) -> Crop:
        picture, box = self._missed_face(random) if random.random() < 0.4 else self._background(random)
        shot = _cut(luma.light(picture, random), crop_matrix(box, random.uniform(-_ROLL, _ROLL)), random)
        return Crop(luma.sensor(shot, random), np.zeros((len(POINTS), 2), np.float32), 0.0, 0.0,
                    np.eye(2, 3, dtype=np.float32))

    def _missed_face(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A face, but not where or not as large as the box says."""
        _, image, _, box = self._face(random)
        side, center = max(box[2:]), box[:2] + box[2:] / 2
        if random.random() < 0.6:
            angle = random.uniform(0, 2 * np.pi)
            center = center + random.uniform(0.75, 1.1) * side * np.array([np.cos(angle), np.sin(angle)])
        else:
            factor = random.uniform(0.2, 0.4) if random.random() < 0.5 else random.uniform(2.6, 4)
            center = center + random.uniform(-0.3, 0.3, 2) * side * min(factor, 1)
            side *= factor
        return image, np.r_[center - side / 2, side, side]

    def _background(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        picture = self._backgrounds[random.integers(len(self._backgrounds))]
        side = np.exp(random.uniform(np.log(14), np.log(0.8 * min(picture.shape))))
        corner = random.uniform(0, np.array(picture.shape[::-1]) - side)
        return picture, np.r_[corner, side, side]


def _cut(picture: np.ndarray, matrix: np.ndarray, random: np.random.Generator) -> np.ndarray:
    scale = float(np.linalg.norm(matrix[:, 0]))
    if scale < 0.5:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        matrix = rescaled(matrix, scale)
    way = cv2.INTER_CUBIC if random.random() < 0.3 else cv2.INTER_LINEAR
    border = (cv2.BORDER_REFLECT, cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE)[random.integers(3)]
    return cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=way, borderMode=border)
