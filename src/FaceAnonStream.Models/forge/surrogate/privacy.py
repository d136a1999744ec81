"""Two levels of privacy: what of a track reaches the generator, and what happens to the head around the face.

Both levels replace the landmarks by those of the mean face in the same pose, with expressions measured from the track's
own neutral, and ask for one of a few strengths of detail. "natural" shows the generator the picture, for its light;
"strong" shows it a plane of one of a few tones, and covers the whole head coarsely before the face is drawn.
"""
import dataclasses

import cv2
import numpy as np

from forge.common.teachers import warp
from forge.surrogate import cells
from forge.surrogate.clips import Track
from forge.surrogate.generator import Generator, blended, crop_matrix
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY
from forge.surrogate.texture import LUMA


@dataclasses.dataclass(frozen=True)
class Appearance:
    """What is measured of a crop. contrast, luma: above 0. red, blue: Cr and Cb over luma. light: log ratio of the
    right half to the left."""

    contrast: float
    luma: float
    red: float
    blue: float
    light: float

    def as_array(self) -> np.ndarray:
        """(5,) in the order above; contrast and luma as logarithms."""
        return np.array([np.log(self.contrast), np.log(self.luma), self.red, self.blue, self.light])


def measured(crop: np.ndarray) -> Appearance:
    """crop: (S, S, 3) RGB 0..1, S a multiple of the blocks."""
    count = PRIVACY["blocks"]
    side = len(crop) // count
    blocks = crop.reshape(count, side, count, side, 3).mean((1, 3))
    luma = _window(blocks @ LUMA)
    contrast = np.sqrt((np.diff(luma, axis=1) ** 2).mean() + (np.diff(luma, axis=0) ** 2).mean())
    skin = _window(blocks)
    red, green, blue = np.median(skin.reshape(-1, 3), 0)
    level = max(float(LUMA @ [red, green, blue]), 1e-3)
    shown = skin @ LUMA
    half = shown.shape[1] // 2
    light = np.log((shown[:, half:].mean() + 1e-3) / (shown[:, :half].mean() + 1e-3))
    return Appearance(max(float(contrast), 1e-4), level, (red - level) / 1.402 / level, (blue - level) / 1.772 / level,
                      float(light))


def levels() -> list[np.ndarray]:
    """The levels of the five numbers of Appearance.as_array."""
    return [np.log(PRIVACY["contrastLevels"]), np.log(PRIVACY["lumaLevels"]), np.array(PRIVACY["redLevels"]),
            np.array(PRIVACY["blueLevels"]), np.array(PRIVACY["lightLevels"])]


def held(values: np.ndarray) -> np.ndarray:
    """(n, 5) running medians -> (n, 5) levels: a level is left only for a value well nearer to another one."""
    result = np.empty_like(values)
    for column, steps in enumerate(levels()):
        current = int(np.abs(steps - values[0, column]).argmin())
        for row, value in enumerate(values[:, column]):
            near = int(np.abs(steps - value).argmin())
            if near != current:
                step = 1 if near > current else -1
                gap = abs(steps[current + step] - steps[current])
                if abs(value - steps[current]) > (0.5 + PRIVACY["hysteresis"]) * gap:
                    current = near
            result[row, column] = steps[current]
    return result


def settled(values: np.ndarray) -> np.ndarray:
    """(n, 5): each frame goes a share of the way that is left, so that a new level comes without a jump."""
    result = values.copy()
    for row in range(1, len(values)):
        result[row] = result[row - 1] + (values[row] - result[row - 1]) / PRIVACY["settleFrames"]
    return result


def running_median(values: np.ndarray, ahead: int = 4) -> np.ndarray:
    """(n, d): of the last frames, those that the look-ahead has seen included."""
    reach = PRIVACY["neutralFrames"]
    return np.stack([np.median(values[max(0, end - reach):end], 0)
                     for end in np.minimum(np.arange(len(values)) + 1 + ahead, len(values))])


def _window(maps: np.ndarray) -> np.ndarray:
    left, top, right, bottom = PRIVACY["window"]
    return maps[top:bottom, left:right]


def painted(side: int, appearance: np.ndarray) -> np.ndarray:
    """(side, side, 3) a plane of one tone, brighter to one side. appearance: (5,)."""
    _, level, red, blue, light = appearance
    level = np.exp(level)
    tone = level * np.array([1 + 1.402 * red, 1 - 0.714136 * red - 0.344136 * blue, 1 + 1.772 * blue])
    across = np.exp(light * ((np.arange(side) + 0.5) / side - 0.5) / PRIVACY["lightSpan"])
    return np.clip(np.broadcast_to(across[None, :, None] * tone, (side, side, 3)), 0, 1)


def detail(side: int, appearance: np.ndarray) -> np.ndarray:
    """(4,) the graph's input."""
    return np.exp(appearance[0]) * np.array(PRIVACY["detail"][str(side)])


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A track's n frames, as the generator gets them. points: (n, L, 2) px. appearance: (n, 5), settled levels."""

    points: np.ndarray
    appearance: np.ndarray


def prepared(posing: Posing, pictures: list[np.ndarray], track: Track) -> Prepared:
    cameras = posing.cameras(track.points)
    expression = posing.expression(track.points, cameras)
    change = PRIVACY["expressionStrength"] * (expression - running_median(expression))
    points = posing.landmarks(cameras, change, PRIVACY["faceScale"])
    seen = np.stack([measured(_crop(pictures[frame], place)).as_array() for frame, place in zip(track.frames, points)])
    return Prepared(points, settled(held(running_median(seen))))


def _crop(picture: np.ndarray, points: np.ndarray, side: int = 96) -> np.ndarray:
    return cv2.cvtColor(warp(picture, crop_matrix(points, side), side), cv2.COLOR_BGR2RGB).astype(np.float32) / 255


def applied(picture: np.ndarray, box: np.ndarray, points: np.ndarray, appearance: np.ndarray, latent: np.ndarray,
            generator: Generator, strong: bool) -> np.ndarray:
    """The picture with one face replaced. box: (4,) of the detector. points, appearance: of Prepared, one frame's."""
    context = painted(generator.side, appearance) if strong else None
    drawn = generator.generate(picture, points, latent, context, detail(generator.side, appearance))
    base = cells.cover(picture, cells.head(box), PRIVACY["cells"]) if strong else picture
    return blended(base, *drawn)
