"""Does the mask cover the original's features? Its opacity where the original's landmarks are, in level natural."""
import cv2
import numpy as np

from forge.common.teachers import transform
from forge.common.topology import GROUPS, OVAL
from forge.surrogate import privacy
from forge.surrogate.clips import Clip
from forge.surrogate.generator import Gallery, Generator, fitting_size
from forge.surrogate.posing import Posing

#: The oval drawn in to this share of its distance from the middle of the landmarks.
_INNER = 0.75
PARTS = ["eyes", "brows", "nose", "lips", f"oval at {_INNER}"]
_TURNS = {"less than 30 degrees": (0, 30), "30 to 45": (30, 45), "more than 45": (45, 181)}
_SMALLEST_FACE, _STEP = 24, 3


def measure(clips: list[Clip], generators: dict[int, Generator], gallery: Gallery) -> list[tuple]:
    """For each range of turns: its name, how many faces, and for each of PARTS the least opacity of 99 % of the points
    and the share of points that are covered by 0.9 and more."""
    posing = Posing(gallery.entries)
    turns, opacities = [], []
    for clip in clips:
        for track in clip.tracks:
            ready, cameras = privacy.prepared(posing, clip.pictures, track), posing.cameras(track.points)
            for index in range(0, len(track.frames), _STEP):
                if track.detections[index, 3:5].max() >= _SMALLEST_FACE:
                    turns.append(cameras.turn[index])
                    points = ready.points[index]
                    generator = generators[fitting_size(points, list(generators))]
                    _, mask, matrix = generator.generate(clip.pictures[track.frames[index]], points,
                                                         gallery.draw(index), None,
                                                         privacy.detail(generator.side, ready.contrast[index]))
                    opacities.append(_at(mask, transform(matrix, _looked_at(track.points[index]))))
    turns, opacities = np.abs(turns), np.stack(opacities)
    rows = []
    for name, (low, high) in _TURNS.items():
        chosen = opacities[(turns >= low) & (turns < high)]
        parts = [chosen[:, span].ravel() for span in _spans()]
        rows.append((name, len(chosen),
                     [(float(np.quantile(part, 0.01)), float((part >= 0.9).mean())) for part in parts]))
    return rows


def _looked_at(points: np.ndarray) -> np.ndarray:
    """The points without the oval, then the inner oval."""
    middle = points.mean(0)
    return np.concatenate([points[len(OVAL):], middle + _INNER * (points[:len(OVAL)] - middle)])


def _spans() -> list[slice]:
    """Where the PARTS are among the points that are looked at."""
    sizes = dict(GROUPS)
    order = [name for name in sizes if name != "oval"]
    ends = np.cumsum([sizes[name] for name in order] + [len(OVAL)])
    spans = {name: slice(int(end) - size, int(end))
             for name, end, size in zip([*order, PARTS[-1]], ends, [*(sizes[name] for name in order), len(OVAL)])}
    return [spans[name] for name in PARTS]


def _at(mask: np.ndarray, places: np.ndarray) -> np.ndarray:
    places = places.astype(np.float32)
    return cv2.remap(mask.astype(np.float32), places[None, :, 0], places[None, :, 1], cv2.INTER_LINEAR)[0]
