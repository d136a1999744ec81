"""Two levels of privacy: what of a track reaches the generator, and what happens to the head around the face.

Both levels replace the landmarks by those of the mean face in the same pose, with expressions measured from the track's
own neutral, and ask for one of a few strengths of detail. "natural" shows the generator the picture, for its light;
"strong" shows it a few block means of the picture, covers the whole head coarsely before the face is drawn, and lets
the face fade into that cover.
"""
import dataclasses

import cv2
import numpy as np

from forge.common.teachers import warp
from forge.surrogate import cells, resampling
from forge.surrogate.clips import Track
from forge.surrogate.generator import Generator, blended, crop_matrix
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY
from forge.surrogate.texture import LUMA

_LEAST_CONTRAST = 1e-4


def contrast(crop: np.ndarray) -> float:
    """RMS difference of luma between neighbouring blocks of the window. crop: (S, S, 3) RGB 0..1."""
    count = PRIVACY["blocks"]
    side = len(crop) // count
    left, top, right, bottom = PRIVACY["window"]
    luma = (crop.reshape(count, side, count, side, 3).mean((1, 3)) @ LUMA)[top:bottom, left:right]
    return max(float(np.sqrt((np.diff(luma, axis=1) ** 2).mean() + (np.diff(luma, axis=0) ** 2).mean())),
               _LEAST_CONTRAST)


def held(values: np.ndarray) -> np.ndarray:
    """(n,) logarithms of contrasts -> (n,) levels: one is left only for a value well nearer to another one."""
    steps = np.log(PRIVACY["contrastLevels"])
    result = np.empty_like(values)
    current = int(np.abs(steps - values[0]).argmin())
    for row, value in enumerate(values):
        near = int(np.abs(steps - value).argmin())
        if near != current:
            gap = abs(steps[current + (1 if near > current else -1)] - steps[current])
            if abs(value - steps[current]) > (0.5 + PRIVACY["hysteresis"]) * gap:
                current = near
        result[row] = steps[current]
    return result


def settled(values: np.ndarray) -> np.ndarray:
    """(n,): each frame goes a share of the way that is left, so that a new level comes without a jump."""
    result = values.copy()
    for row in range(1, len(values)):
        result[row] = result[row - 1] + (values[row] - result[row - 1]) / PRIVACY["settleFrames"]
    return result


def running_median(values: np.ndarray, ahead: int = 4) -> np.ndarray:
    """(n, ...): of the last frames, those that the look-ahead has seen included."""
    reach = PRIVACY["neutralFrames"]
    return np.stack([np.median(values[max(0, end - reach):end], 0)
                     for end in np.minimum(np.arange(len(values)) + 1 + ahead, len(values))])


def coarse(maps: np.ndarray, count: int) -> np.ndarray:
    """(S, S, ...) reduced to the means of count x count squares, and linear between their centres."""
    side = len(maps)
    matrix = resampling.bilinear(side, count) @ resampling.mean(count, side)
    return np.einsum("yr,rc...,xc->yx...", matrix, maps, matrix, optimize=True)


def faded(mask: np.ndarray) -> np.ndarray:
    """(S, S) the mask as "strong" uses it: thinner towards its rim, by a smooth step of a coarse view of it."""
    low, high = PRIVACY["fadeRange"]
    share = np.clip((coarse(mask, PRIVACY["fadeBlocks"]) - low) / (high - low), 0, 1)
    return mask * share * share * (3 - 2 * share)


def detail(side: int, level: float) -> np.ndarray:
    """(4,) the graph's input. level: logarithm of the contrast."""
    return np.exp(level) * np.array(PRIVACY["detail"][str(side)])


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A track's n frames, as the generator gets them. points: (n, L, 2) px. contrast: (n,) settled levels."""

    points: np.ndarray
    contrast: np.ndarray


def prepared(posing: Posing, pictures: list[np.ndarray], track: Track) -> Prepared:
    cameras = posing.cameras(track.points)
    expression = posing.expression(track.points, cameras)
    change = PRIVACY["expressionStrength"] * (expression - running_median(expression))
    points = posing.landmarks(cameras, change, PRIVACY["faceScale"])
    seen = np.log([contrast(seen_crop(pictures[frame], place, 96)) for frame, place in zip(track.frames, points)])
    return Prepared(points, settled(held(running_median(seen))))


def seen_crop(picture: np.ndarray, points: np.ndarray, side: int) -> np.ndarray:
    """(side, side, 3) RGB 0..1: the generator's crop of a BGR picture."""
    return cv2.cvtColor(warp(picture, crop_matrix(points, side), side), cv2.COLOR_BGR2RGB).astype(np.float32) / 255


def applied(picture: np.ndarray, box: np.ndarray, points: np.ndarray, level: float, latent: np.ndarray,
            generator: Generator, strong: bool) -> np.ndarray:
    """The picture with one face replaced. box: (4,) of the detector. points, level: of Prepared, one frame's."""
    wanted = detail(generator.side, level)
    if not strong:
        return blended(picture, *generator.generate(picture, points, latent, None, wanted))
    context = coarse(seen_crop(picture, points, generator.side), PRIVACY["contextBlocks"])
    face, mask, matrix = generator.generate(picture, points, latent, context, wanted)
    return blended(cells.cover(picture, cells.head(box), PRIVACY["cells"]), face, faded(mask), matrix)
