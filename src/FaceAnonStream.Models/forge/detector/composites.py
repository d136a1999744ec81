"""Held-out test pictures whose truth is known: held-out AI-generated faces pasted on held-out everyday pictures."""
import dataclasses
import pathlib

import cv2
import numpy as np

from forge.common import dataset, teachers
from forge.common.boxes import iou
from forge.detector.faces import FaceBank, Placement
from forge.detector.views import blend

_FACES_PER_PICTURE = 4
_SMALLEST, _LARGEST = 10, 160


@dataclasses.dataclass(frozen=True)
class Composite:
    """picture: (h, w, 3) BGR. labels: (k, 14) box and points of its faces, px."""

    picture: np.ndarray
    labels: np.ndarray


def compose(root: pathlib.Path) -> list[Composite]:
    """One composite for every held-out everyday picture; the same ones every time."""
    bank = FaceBank.read(root, teachers.yunet(root), held_out=True)
    random = np.random.default_rng(5)
    return [_compose(bank, picture, random) for picture in dataset.backgrounds(root, held_out=True)]


def _compose(bank: FaceBank, background: np.ndarray, random: np.random.Generator) -> Composite:
    # Twice the size, or large faces would leave no room for anything else.
    picture = cv2.resize(background, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    height, width = picture.shape[:2]
    labels = np.zeros((0, 14))
    for _ in range(_FACES_PER_PICTURE):
        size = np.exp(random.uniform(np.log(_SMALLEST), np.log(_LARGEST)))
        centre = random.uniform(size, (width - size, height - size))
        placement = Placement(size, tuple(centre), random.normal(0, 10), mirrored=random.random() < 0.5)
        index = int(random.integers(len(bank)))
        matrix = placement.matrix(bank.boxes[index])
        label = bank.label(index, matrix)
        # Apart by half a face, since a head is larger than its face.
        around = np.r_[label[:2] - label[2:4] / 2, label[2:4] * 2]
        if len(labels) and iou(around[None], labels[:, :4]).max() > 0:
            continue
        face, mask = bank.draw(index, matrix, "head", random, (width, height))
        picture = blend(picture, face, mask)
        labels = np.vstack([labels, label])
    return Composite(picture, labels)
