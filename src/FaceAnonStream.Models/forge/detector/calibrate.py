"""Gives the score its meaning: 0.6 is where recall and precision balance best on data that training has not seen."""
import pathlib

import numpy as np

from forge.common import dataset, teachers
from forge.detector import agreement
from forge.detector.net import Detector, export
from forge.detector.pictures import VALIDATION_CLIP, Pictures

_COMPOSED = 300
_SMALLEST_FACE = 16
_THRESHOLDS = np.arange(0.2, 0.9, 0.02)


def export_calibrated(net: Detector, pictures: Pictures, root: pathlib.Path, path: pathlib.Path, seed: int) -> None:
    """Writes the net with its score's logit shifted so that the best threshold becomes agreement.SURE."""
    export(net, path)
    student, teacher = teachers.FaceDetector(path), teachers.yunet(root)
    frames = dataset.frames(root, VALIDATION_CLIP)
    pairs = [pair for scale in agreement.SCALES for pair in agreement.look(student, teacher, frames, scale)]
    # Seeds of the training pictures have two numbers: these pictures are new.
    random = np.random.default_rng([seed, 0, 1])
    pairs += agreement.look(student, teacher, (pictures.sample(random)[0] for _ in range(_COMPOSED)), 1)
    sizes = (_SMALLEST_FACE, np.inf)
    best = max(_THRESHOLDS, key=lambda threshold: agreement.compare(pairs, threshold, sizes).f1)
    print(f"best threshold {best:.2f}: {agreement.compare(pairs, best, sizes)}", flush=True)
    export(net, path, shift=_logit(agreement.SURE) - _logit(best))


def _logit(score: float) -> float:
    return float(np.log(score / (1 - score)))
