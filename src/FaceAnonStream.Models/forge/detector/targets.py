"""What the net should answer in every cell: the teacher's own answer, corrected where we know better.

The teacher has the same strides and cells, so its raw answers serve as dense soft targets: soft negatives, its own
assignment of faces to cells, no label noise. Only where it misses a pasted face that nobody could miss, the known label
takes its place.
"""
import numpy as np

from forge.common.teachers import STRIDES

#: Per cell: target score, box (4), points (10), weight of the score (0: anything goes).
VALUES = 16

#: A face that the teacher scores below this was missed; between this and the next it is in doubt.
MISSED, FOUND = 0.3, 0.6

#: Score asked for where the teacher missed a clear face.
_CLEAR = 0.8

#: Below this, px, a missed face may be missed.
_SMALLEST = 18

#: Longer side, px, from which on the next stride answers for a face.
_LIMITS = (36, 100)


def assemble(teacher: list[np.ndarray], labels: np.ndarray, height: int, width: int) -> np.ndarray:
    """Targets (cells, 16) float16 of one picture.

    teacher: per stride (cells, 15), see teachers.FaceDetector.raw. labels: (k, 14) box and points in px of the faces in
    plain view.
    """
    targets = np.concatenate([np.c_[cells, np.ones(len(cells), np.float32)] for cells in teacher])
    centres, strides = cell_centres(height, width)
    for label in labels:
        _correct(targets, label, centres, strides)
    return np.clip(targets, -6e4, 6e4).astype(np.float16)


def cell_centres(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres (cells, 2) of all cells in px, and their strides (cells,)."""
    centres, strides = [], []
    for stride in STRIDES:
        rows, columns = np.mgrid[:height // stride, :width // stride]
        centres.append((np.stack([columns, rows], -1).reshape(-1, 2) + 0.5) * stride)
        strides.append(np.full(len(centres[-1]), stride))
    return np.concatenate(centres), np.concatenate(strides)


def _correct(targets: np.ndarray, label: np.ndarray, centres: np.ndarray, strides: np.ndarray) -> None:
    size = label[2:4]
    centre = label[:2] + size / 2
    if size.max() < _SMALLEST:
        return
    distance = np.abs(centres - centre)
    # Half a stride more, so that small faces own a cell of every stride.
    inside = (distance <= size * 0.35 + strides[:, None] * 0.5).all(1)
    best = targets[inside, 0].max(initial=0)
    if best >= FOUND:
        return
    targets[inside, 15] = 0
    if best >= MISSED:
        return
    stride = STRIDES[int(np.searchsorted(_LIMITS, size.max(), side="right"))]
    own = (strides == stride) & (distance <= 0.6 * stride).all(1)
    places = centres[own] / stride - 0.5
    targets[own, 0] = _CLEAR
    targets[own, 1:3] = centre / stride - places
    targets[own, 3:5] = np.log(size / stride)
    targets[own, 5:15] = (label[4:].reshape(1, 5, 2) / stride - places[:, None]).reshape(-1, 10)
    targets[own, 15] = 1
