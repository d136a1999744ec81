"""What cameras do to faces, on luma alone: a third of the work of ``common.degrade``, and loading sets training's pace.

Pictures are (h, w) uint8.
"""
import cv2
import numpy as np

from forge.common import degrade

_LEVELS = np.arange(256, dtype=np.float32) / 255


def light(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Exposure, contrast and gamma; sometimes light from one side."""
    curve = _LEVELS ** np.float32(np.exp(random.normal(0, 0.3)))
    curve = 255 * curve * random.uniform(0.6, 1.25) + random.uniform(-20, 25)
    picture = cv2.LUT(picture, np.clip(curve, 0, 255).astype(np.uint8))
    if random.random() < 0.25:
        picture = _one_sided(picture, random)
    return picture


def _one_sided(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    angle = random.uniform(0, 2 * np.pi)
    strength = random.uniform(0.1, 0.6)
    rows = strength * np.sin(angle) * np.linspace(-1, 1, picture.shape[0], dtype=np.float32)
    columns = strength * np.cos(angle) * np.linspace(-1, 1, picture.shape[1], dtype=np.float32)
    return np.clip(picture * (1 + rows[:, None] + columns[None]), 0, 255).astype(np.uint8)


def sensor(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What happens at the camera's own resolution: blur, noise, compression."""
    if random.random() < 0.2:
        picture = _blur(picture, random)
    if random.random() < 0.5:
        noise = np.empty(picture.shape, np.int16)
        cv2.setRNGSeed(int(random.integers(1 << 30)))
        cv2.randn(noise, 0, float(random.uniform(1, 11)))
        picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
    if random.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(18, 90))]
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_GRAYSCALE)
    return picture


def _blur(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    side = int(random.choice([3, 3, 5, 7]))
    if random.random() < 0.5:
        return cv2.GaussianBlur(picture, (side, side), 0)
    return degrade.smear(picture, side, random)


def occlude(picture: np.ndarray, box: np.ndarray, random: np.random.Generator, texture: np.ndarray | None) -> float:
    """Covers a part of the box (x, y, w, h) in place, flat or with a texture; returns the covered share of the box."""
    x, y, width, height = (float(value) for value in box)
    shape = ((x + width * random.uniform(-0.1, 1.1), y + height * random.uniform(0, 1.1)),
             (width * random.uniform(0.15, 0.7), height * random.uniform(0.15, 0.6)), float(random.uniform(0, 180)))
    mask = np.zeros(picture.shape, np.uint8)
    if random.random() < 0.5:
        cv2.ellipse(mask, shape, 255, -1)
    else:
        cv2.fillPoly(mask, [np.int32(cv2.boxPoints(shape))], 255)
    if texture is None:
        picture[mask > 0] = int(random.integers(0, 255))
    else:
        cv2.copyTo(cv2.resize(texture, picture.shape[::-1]), mask, picture)
    inside = mask[max(0, int(y)):max(0, int(y + height)), max(0, int(x)):max(0, int(x + width))]
    return float((inside > 0).mean()) if inside.size else 0.0
