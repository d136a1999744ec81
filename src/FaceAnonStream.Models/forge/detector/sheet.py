"""The card's picture: what the net finds and misses. Shows AI-generated and CC-BY material only."""
import pathlib

import cv2
import numpy as np

from forge.common import dataset
from forge.common.boxes import iou
from forge.common.teachers import FaceDetector
from forge.detector.agreement import SAME_FACE, SURE, UNSURE
from forge.detector.composites import Composite

#: Frames shown of each clip; classroom is held out, the others are not.
_CLIPS = {"classroom": 2, "street-walk": 1, "worker-zone-detection": 1}
_TYPICAL, _WORST = 5, 5

_TILE_HEIGHT, _SHEET_WIDTH = 220, 1450
_LARGEST_FILE = 250_000

_YELLOW, _GREEN, _ORANGE, _RED = (0, 220, 255), (0, 230, 0), (0, 140, 255), (40, 40, 255)


def write(path: pathlib.Path, student: FaceDetector, teacher: FaceDetector, root: pathlib.Path,
          composites: list[Composite]) -> None:
    """Clips, composites as they come, composites with the most errors.

    Green: found at 0.6 and up, with its points. Orange: found at 0.3 to 0.6. Yellow: false at 0.6. Red: missed at 0.6.
    What is true is known in composites; in clips the teacher says it.
    """
    scenes = [(frame, teacher.detect(frame, SURE)[:, 1:5]) for clip, count in _CLIPS.items()
              for frame in dataset.frames(root, clip, count + 2)[1:-1]]
    scenes.append((dataset.frames(root, "one-by-one-person-detection", 30)[12], np.zeros((0, 4))))
    scenes += [(composite.picture, composite.labels[:, :4]) for composite in composites[:_TYPICAL]]
    errors = [_errors(student.detect(composite.picture, SURE), composite.labels[:, :4]) for composite in composites]
    scenes += [(composites[index].picture, composites[index].labels[:, :4])
               for index in np.argsort(-np.array(errors), kind="stable")[:_WORST]]
    _save(path, [_tile(picture, student.detect(picture, UNSURE), truth) for picture, truth in scenes])


def _errors(found: np.ndarray, truth: np.ndarray) -> int:
    """Faces missed and detections that are none."""
    same = iou(truth, found[:, 1:5]) >= SAME_FACE
    return int((~same.any(1)).sum() + (~same.any(0)).sum())


def _tile(picture: np.ndarray, found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    zoom = _TILE_HEIGHT / picture.shape[0]
    tile = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    sure = found[found[:, 0] >= SURE]
    for face, overlaps in zip(truth, iou(truth, sure[:, 1:5])):
        if overlaps.max(initial=0) < SAME_FACE:
            _rectangle(tile, face * zoom, _RED)
    for detection, overlaps in zip(found, iou(found[:, 1:5], truth)):
        true = overlaps.max(initial=0) >= SAME_FACE
        colour = _ORANGE if detection[0] < SURE else _GREEN if true else _YELLOW
        _rectangle(tile, detection[1:5] * zoom, colour)
        for x, y in detection[5:].reshape(5, 2) * zoom:
            cv2.circle(tile, (round(float(x)), round(float(y))), 1, colour, -1)
    return tile


def _rectangle(tile: np.ndarray, box: np.ndarray, colour: tuple[int, int, int]) -> None:
    x, y, width, height = (round(float(value)) for value in box)
    cv2.rectangle(tile, (x, y), (x + width, y + height), colour, 1)


def _save(path: pathlib.Path, tiles: list[np.ndarray]) -> None:
    rows, row = [], []
    for tile in tiles:
        if row and sum(shown.shape[1] for shown in row) + tile.shape[1] > _SHEET_WIDTH:
            rows.append(row)
            row = []
        row.append(tile)
    sheet = np.vstack([_padded(np.hstack(row)) for row in [*rows, row]])
    for quality in range(90, 30, -5):
        data = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if len(data) <= _LARGEST_FILE:
            path.write_bytes(data.tobytes())
            return
    raise ValueError(f"{path}: {sheet.shape[1]} x {sheet.shape[0]} px do not fit in {_LARGEST_FILE} bytes")


def _padded(row: np.ndarray) -> np.ndarray:
    return cv2.copyMakeBorder(row, 0, 2, 0, max(0, _SHEET_WIDTH - row.shape[1]), cv2.BORDER_CONSTANT)[:, :_SHEET_WIDTH]
