"""Gives the score its meaning, on data that training has not seen.

0.6 is where recall, weighted twice, and precision balance best. 0.3 stays what the teacher means by it: perhaps a face,
better covered.
"""
import pathlib

import numpy as np

from forge.common import dataset, teachers
from forge.detector import agreement
from forge.detector.net import Detector, export
from forge.detector.pictures import VALIDATION_CLIP, Pictures

_COMPOSED = 300
_SMALLEST_FACE = 16
# Not below 0.4: a line through 0.3 and a threshold next to it would be all but a step.
_THRESHOLDS = np.arange(0.4, 0.9, 0.02)


def export_calibrated(net: Detector, pictures: Pictures, root: pathlib.Path, path: pathlib.Path, seed: int) -> None:
    """Writes the net with a linear map of its score's logit: the best threshold becomes SURE, UNSURE stays."""
    export(net, path)
    student, teacher = teachers.FaceDetector(path), teachers.yunet(root)
    frames = dataset.frames(root, VALIDATION_CLIP)
    pairs = [pair for scale in agreement.SCALES for pair in agreement.look(student, teacher, frames, scale)]
    # Seeds of the training pictures have two numbers: these pictures are new.
    random = np.random.default_rng([seed, 0, 1])
    pairs += agreement.look(student, teacher, (pictures.sample(random)[0] for _ in range(_COMPOSED)), 1)
    sizes = (_SMALLEST_FACE, np.inf)
    best = max(_THRESHOLDS, key=lambda threshold: agreement.compare(pairs, threshold, sizes).f2)
    result = agreement.compare(pairs, best, sizes)
    print(f"best threshold {best:.2f}: F2 {result.f2:.4f}, {result}", flush=True)
    gain = (_logit(agreement.SURE) - _logit(agreement.UNSURE)) / (_logit(best) - _logit(agreement.UNSURE))
    export(net, path, gain, _logit(agreement.UNSURE) * (1 - gain))


def _logit(score: float) -> float:
    return float(np.log(score / (1 - score)))
