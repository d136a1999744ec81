"""The card's picture: frames before and after, from clips that may be shown, and a row of draws."""
import pathlib

import cv2
import numpy as np

from forge.surrogate.accuracy import posed
from forge.surrogate.clips import Clip
from forge.surrogate.generator import Gallery, Generator, crop_matrix
from forge.surrogate import publish

#: Clips whose licence asks for no more than to be named (see card.md).
SHOWN = ["street-walk", "head-pose-face-detection-female-and-male", "head-pose-face-detection-male",
         "face-demographics-walking-and-pause"]
_WIDTH, _COLUMNS, _PAIRS = 1280, 8, 8
_LARGEST_FILE = 250_000
#: sRGB of the contexts that the draws are shown on, light to dark.
_TONES = [(236, 200, 178), (214, 168, 140), (183, 134, 104), (132, 92, 70)]


def sheet(path: pathlib.Path, clips: list[Clip], generator: Generator, gallery: Gallery, seed: int) -> None:
    shown = [clip for clip in clips if clip.name in SHOWN]
    rows = [_whole_frame(next(clip for clip in shown if clip.name == SHOWN[0]), generator, gallery, seed)]
    cells = [cell for clip in shown for number, track in enumerate(clip.tracks) if track.size >= 34
             for cell in _pair(clip, track, generator, gallery.draw(seed + 10 + number))][:2 * _PAIRS]
    rows += [np.hstack(cells[start:start + _COLUMNS]) for start in range(0, len(cells), _COLUMNS)]
    rows.append(np.hstack([_draw(generator, gallery, seed + 50 + i, _TONES[i % len(_TONES)]) for i in range(_COLUMNS)]))
    picture = np.vstack(rows)
    for quality in range(92, 40, -4):
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if path.stat().st_size <= _LARGEST_FILE:
            return
    raise ValueError(f"{path}: larger than {_LARGEST_FILE} bytes at any quality")


def _whole_frame(clip: Clip, generator: Generator, gallery: Gallery, seed: int) -> np.ndarray:
    """The part of the clip's last frame that holds the faces, before and after."""
    last = len(clip.pictures) - 1
    before = after = clip.pictures[last]
    boxes = []
    for number, track in enumerate(clip.tracks):
        if last in track.frames:
            after = generator.replace(after, track.points[track.frames.index(last)], gallery.draw(seed + number))
            boxes.append(track.detections[track.frames.index(last), 1:5])
    boxes = np.array(boxes)
    left, top = np.maximum(boxes[:, :2].min(0) - 60, 0).astype(int)
    right, bottom = ((boxes[:, :2] + boxes[:, 2:]).max(0) + [60, 90]).astype(int)
    parts = [one[top:bottom, left:right] for one in (before, after)]
    size = (_WIDTH // 2, _WIDTH // 2 * parts[0].shape[0] // parts[0].shape[1])
    return np.hstack([cv2.resize(part, size, interpolation=cv2.INTER_CUBIC) for part in parts])


def _pair(clip: Clip, track, generator: Generator, latent: np.ndarray) -> list[np.ndarray]:
    place = int(track.detections[:, 3:5].max(1).argmax())
    before, points = clip.pictures[track.frames[place]], track.points[place]
    side = _WIDTH // _COLUMNS
    matrix = crop_matrix(points, side)
    matrix[:, :2] *= 0.8
    matrix[:, 2] = 0.8 * matrix[:, 2] + 0.1 * side
    return [cv2.warpAffine(one, matrix, (side, side), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
            for one in (before, generator.replace(before, points, latent))]


def _draw(generator: Generator, gallery: Gallery, seed: int, tone: tuple[int, int, int]) -> np.ndarray:
    """A draw in neutral pose on a noisy plane, which gives it its tone and lets it be sharp."""
    side = _WIDTH // _COLUMNS
    random = np.random.default_rng(seed)
    picture = np.clip(np.array(tone[::-1]) + random.normal(0, 12, (side, side, 1)), 0, 255).astype(np.uint8)
    latent = gallery.draw(seed)
    mesh = publish.unpacked(gallery.entries["meanShape"])
    mesh = mesh + np.tensordot(latent[-24:], publish.unpacked(gallery.entries["identityShapes"]), 1)
    points = posed(mesh, random.uniform(-20, 20), random.uniform(-5, 5)) * side - 0.5
    return generator.replace(picture, points, latent)
