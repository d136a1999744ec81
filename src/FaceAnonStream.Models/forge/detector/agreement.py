"""Agreement of a detector with its teacher on the same pixels.

What the teacher scores 0.6 or more must be found; what it scores 0.3 to 0.6 neither helps nor hurts; anything else that
the student calls a face is false. True faces that the teacher misses thus count as false.
"""
import dataclasses
from collections.abc import Iterable

import cv2
import numpy as np

from forge.common.boxes import iou
from forge.common.teachers import FaceDetector

SCALES = (1, 0.5, 0.25)
SURE, UNSURE = 0.6, 0.3

SAME_FACE = 0.5

#: Below this score nothing is asked.
_LOWEST = 0.05


@dataclasses.dataclass(frozen=True)
class Pair:
    """What teacher and student see in one picture: (n, 15) and (m, 15) detections in its px."""

    teacher: np.ndarray
    student: np.ndarray


@dataclasses.dataclass(frozen=True)
class Agreement:
    """faces: of the teacher, of the sizes asked for. found: of these. detections: of the student. false: of these.
    point_error: mean distance of the five points of found faces, in face sizes."""

    faces: int
    found: int
    detections: int
    false: int
    point_error: float

    @property
    def recall(self) -> float:
        return self.found / self.faces if self.faces else float("nan")

    @property
    def precision(self) -> float:
        return 1 - self.false / self.detections if self.detections else float("nan")

    @property
    def f2(self) -> float:
        """F-measure that weighs recall twice as much as precision: an uncovered face is worse than a covered hand."""
        return 5 * self.recall * self.precision / (self.recall + 4 * self.precision) if self.found else 0.0


def look(student: FaceDetector, teacher: FaceDetector, pictures: Iterable[np.ndarray], scale: float) -> list[Pair]:
    """Both detectors on every picture resized by ``scale``."""
    pairs = []
    for picture in pictures:
        if scale != 1:
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        pairs.append(Pair(teacher.detect(picture, UNSURE), student.detect(picture, _LOWEST)))
    return pairs


def compare(pairs: list[Pair], threshold: float, sizes: tuple[float, float] = (0, np.inf)) -> Agreement:
    """Counts faces whose longer side, px, lies in ``sizes``, and the student's detections from ``threshold`` on."""
    faces = found = detections = false = 0
    errors = []
    for pair in pairs:
        sure = pair.teacher[pair.teacher[:, 0] >= SURE]
        seen = pair.student[pair.student[:, 0] >= threshold]
        for face, overlaps in zip(sure, iou(sure[:, 1:5], seen[:, 1:5])):
            if not sizes[0] <= face[3:5].max() < sizes[1]:
                continue
            faces += 1
            if overlaps.max(initial=0) >= SAME_FACE:
                found += 1
                distance = (face[5:] - seen[overlaps.argmax(), 5:]).reshape(5, 2)
                errors.append(np.linalg.norm(distance, axis=1).mean() / face[3:5].max())
        for detection, overlaps in zip(seen, iou(seen[:, 1:5], pair.teacher[:, 1:5])):
            if sizes[0] <= detection[3:5].max() < sizes[1]:
                detections += 1
                false += overlaps.max(initial=0) < SAME_FACE
    return Agreement(faces, found, detections, int(false), float(np.mean(errors)) if errors else float("nan"))
