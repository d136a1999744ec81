"""What cameras do to faces: light, blur, noise, compression, things in front. Pictures are (h, w, 3) uint8 BGR."""
from collections.abc import Callable

import cv2
import numpy as np

Texture = Callable[[int, int, np.random.Generator], np.ndarray]


def light(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Exposure, white balance, one-sided light, sometimes no colour."""
    value = picture.astype(np.float32)
    if random.random() < 0.5:
        value = 255 * (value / 255) ** np.float32(np.exp(random.normal(0, 0.35)))
    if random.random() < 0.5:
        value *= np.exp(random.normal(0, 0.12, 3)).astype(np.float32)
    if random.random() < 0.3:
        height, width = value.shape[:2]
        angle = random.uniform(0, 2 * np.pi)
        slope = (np.cos(angle) * np.linspace(-1, 1, width, dtype=np.float32)[None]
                 + np.sin(angle) * np.linspace(-1, 1, height, dtype=np.float32)[:, None])
        value *= (1 + np.float32(random.uniform(0.1, 0.7)) * slope)[..., None]
    value = value * np.float32(random.uniform(0.55, 1.3)) + np.float32(random.uniform(-25, 25))
    if random.random() < 0.2:
        value = np.repeat(value.mean(2, keepdims=True), 3, 2)
    return np.clip(value, 0, 255).astype(np.uint8)


def sensor(picture: np.ndarray, random: np.random.Generator, strength: float = 1.0, widest: int = 3) -> np.ndarray:
    """What happens at the camera's own resolution: defocus or motion blur (up to 2 widest + 1 px), noise, JPEG."""
    if random.random() < 0.25 * strength:
        side = int(random.integers(1, widest + 1)) * 2 + 1
        picture = cv2.GaussianBlur(picture, (side, side), 0) if random.random() < 0.5 else smear(picture, side, random)
    if random.random() < 0.5 * strength:
        cv2.setRNGSeed(int(random.integers(1 << 30)))
        noise = cv2.randn(np.empty(picture.shape, np.int16), 0, float(random.uniform(1, 14 if widest > 2 else 9)))
        picture = np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    if random.random() < 0.6 * strength:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 90))]
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR)
    return picture


def smear(picture: np.ndarray, side: int, random: np.random.Generator) -> np.ndarray:
    """Motion blur of ``side`` px in any direction; the picture may have one channel or three."""
    kernel = np.zeros((side, side), np.float32)
    kernel[side // 2] = 1
    middle = side / 2 - 0.5
    turn = cv2.getRotationMatrix2D((middle, middle), random.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (side, side))
    return cv2.filter2D(picture, -1, kernel / max(kernel.sum(), 1e-3))


def occlude(picture: np.ndarray, box: np.ndarray, random: np.random.Generator, texture: Texture) -> float:
    """Covers a part of the box (x, y, w, h) in place; returns the covered share of the box."""
    x, y, width, height = (float(value) for value in box)
    shape = ((x + width * random.uniform(-0.1, 1.1), y + height * random.uniform(0, 1.1)),
             (width * random.uniform(0.15, 0.7), height * random.uniform(0.15, 0.6)), float(random.uniform(0, 180)))
    mask = np.zeros(picture.shape[:2], np.uint8)
    if random.random() < 0.5:
        cv2.ellipse(mask, shape, 255, -1)
    else:
        cv2.fillPoly(mask, [np.int32(cv2.boxPoints(shape))], 255)
    colour = random.integers(0, 255, 3).astype(np.uint8)
    cover = texture(*picture.shape[:2], random) if random.random() < 0.6 else np.full_like(picture, colour)
    picture[mask > 0] = cover[mask > 0]
    inside = mask[max(0, int(y)):max(0, int(y + height)), max(0, int(x)):max(0, int(x + width))]
    return float((inside > 0).mean()) if inside.size else 0.0


def procedural(height: int, width: int, random: np.random.Generator) -> np.ndarray:
    """Octaves of noise with shapes and letters: a background without faces."""
    value = np.zeros((height, width, 3), np.float32)
    for octave in range(int(random.integers(2, 7))):
        rows = 2 ** int(random.integers(1, 8))
        columns = max(1, int(rows * random.uniform(0.5, 2)))
        channels = 3 if random.random() < 0.5 else 1
        noise = random.normal(0, 90 / (1 + octave), (rows, columns, channels)).astype(np.float32)
        way = int(random.choice([cv2.INTER_LINEAR, cv2.INTER_NEAREST, cv2.INTER_CUBIC]))
        value += cv2.resize(noise, (width, height), interpolation=way).reshape(height, width, channels)
    picture = np.clip(value + random.uniform(20, 235, 3), 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(0, 12))):
        _shape(picture, random)
    return picture


def _shape(picture: np.ndarray, random: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    colour = [int(value) for value in random.integers(0, 255, 3)]
    at = [int(value) for value in random.integers(0, [width, height])]
    kind = random.random()
    if kind < 0.35:
        axes = (int(random.integers(3, max(4, width // 3))), int(random.integers(3, max(4, height // 3))))
        cv2.ellipse(picture, at, axes, int(random.integers(180)), 0, 360, colour, -1 if random.random() < 0.7 else 2)
    elif kind < 0.7:
        other = [int(value) for value in random.integers(0, [width, height])]
        cv2.rectangle(picture, at, other, colour, -1 if random.random() < 0.6 else 2)
    else:
        text = "".join(map(chr, random.integers(48, 90, 5)))
        font, scale, thickness = int(random.integers(0, 7)), random.uniform(0.4, 3), int(random.integers(1, 5))
        cv2.putText(picture, text, at, font, scale, colour, thickness)
