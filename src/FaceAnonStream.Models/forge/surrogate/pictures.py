"""The card's picture: originals, natural and strong, from clips that may be shown, and a row of draws."""
import pathlib

import cv2
import numpy as np

from forge.surrogate.accuracy import posed
from forge.surrogate import privacy, publish
from forge.surrogate.clips import Clip, Track
from forge.surrogate.generator import Gallery, Generator, crop_matrix, fitting_size
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY

#: Clips whose licence asks for no more than to be named (see card.md).
SHOWN = ["street-walk", "head-pose-face-detection-female-and-male", "head-pose-face-detection-male",
         "face-demographics-walking-and-pause"]
_CELL, _COLUMNS, _TRIPLES = 140, 9, 9
_LARGEST_FILE = 250_000
#: sRGB of the contexts that the draws are shown on, light to dark.
_TONES = [(236, 200, 178), (214, 168, 140), (183, 134, 104), (132, 92, 70)]


class Showroom:
    """Faces of clips as both levels leave them."""

    def __init__(self, generators: dict[int, Generator], gallery: Gallery) -> None:
        self._generators = generators
        self._gallery = gallery
        self._posing = Posing(gallery.entries)

    def replaced(self, picture: np.ndarray, clip: Clip, track: Track, place: int, seed: int,
                 strong: bool) -> np.ndarray:
        """The picture with the track's face of its frame number place replaced."""
        ready = privacy.prepared(self._posing, clip.pictures, track)
        points = ready.points[place]
        generator = self._generators[fitting_size(points, list(self._generators))]
        return privacy.applied(picture, track.detections[place, 1:5], points, ready.contrast[place],
                               self._gallery.draw(seed), generator, strong)


def sheet(path: pathlib.Path, clips: list[Clip], generators: dict[int, Generator], gallery: Gallery, seed: int) -> None:
    shown = [clip for clip in clips if clip.name in SHOWN]
    room = Showroom(generators, gallery)
    rows = [_whole_frame(next(clip for clip in shown if clip.name == SHOWN[0]), room, seed)]
    cells = [cell for clip in shown for number, track in enumerate(clip.tracks) if track.size >= 34
             for cell in _triple(clip, track, room, seed + 10 + number)][:3 * _TRIPLES]
    rows += [np.hstack(cells[start:start + _COLUMNS]) for start in range(0, len(cells), _COLUMNS)]
    rows.append(np.hstack([_draw(generators[144], gallery, seed + 50 + i, _TONES[i % len(_TONES)])
                           for i in range(_COLUMNS)]))
    picture = np.vstack(rows)
    for quality in range(92, 40, -4):
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if path.stat().st_size <= _LARGEST_FILE:
            return
    raise ValueError(f"{path}: larger than {_LARGEST_FILE} bytes at any quality")


def _whole_frame(clip: Clip, room: Showroom, seed: int) -> np.ndarray:
    """The part of the clip's last frame that holds the faces: the original, natural, strong."""
    last = len(clip.pictures) - 1
    versions = [clip.pictures[last]] * 3
    boxes = []
    for number, track in enumerate(clip.tracks):
        if last in track.frames:
            place = track.frames.index(last)
            versions[1:] = [room.replaced(one, clip, track, place, seed + number, strong)
                            for one, strong in zip(versions[1:], (False, True))]
            boxes.append(track.detections[place, 1:5])
    boxes = np.array(boxes)
    left, top = np.maximum(boxes[:, :2].min(0) - 60, 0).astype(int)
    right, bottom = ((boxes[:, :2] + boxes[:, 2:]).max(0) + [60, 90]).astype(int)
    parts = [one[top:bottom, left:right] for one in versions]
    width = _COLUMNS * _CELL // 3
    size = (width, width * parts[0].shape[0] // parts[0].shape[1])
    return np.hstack([cv2.resize(part, size, interpolation=cv2.INTER_CUBIC) for part in parts])


def _triple(clip: Clip, track: Track, room: Showroom, seed: int) -> list[np.ndarray]:
    place = int(track.detections[:, 3:5].max(1).argmax())
    picture = clip.pictures[track.frames[place]]
    matrix = crop_matrix(track.points[place], _CELL)
    matrix[:, :2] *= 0.7
    matrix[:, 2] = 0.7 * matrix[:, 2] + 0.15 * _CELL
    versions = [picture, *(room.replaced(picture, clip, track, place, seed, strong) for strong in (False, True))]
    return [cv2.warpAffine(one, matrix, (_CELL, _CELL), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
            for one in versions]


def _draw(generator: Generator, gallery: Gallery, seed: int, tone: tuple[int, int, int]) -> np.ndarray:
    """A draw in neutral pose on a plane of its tone, as crisp as the best pictures."""
    side = _CELL
    random = np.random.default_rng(seed)
    picture = np.broadcast_to(np.array(tone[::-1], np.uint8), (side, side, 3))
    latent = gallery.draw(seed)
    mesh = publish.unpacked(gallery.entries["meanShape"])
    mesh = mesh + np.tensordot(latent[-24:], publish.unpacked(gallery.entries["identityShapes"]), 1)
    points = posed(mesh, random.uniform(-20, 20), random.uniform(-5, 5)) * side - 0.5
    crisp = PRIVACY["contrastLevels"][-1] * np.array(PRIVACY["detail"][str(generator.side)])
    return generator.replace(picture, points, latent, detail=crisp)
