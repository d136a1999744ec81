"""Boxes as x, y, width, height; detections as rows of 15 numbers: score, box, five points."""
import numpy as np


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of (n, 4) and (m, 4) boxes: (n, m)."""
    a, b = np.asarray(a, np.float64).reshape(-1, 1, 4), np.asarray(b, np.float64).reshape(1, -1, 4)
    low = np.maximum(a[..., :2], b[..., :2])
    high = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    common = np.clip(high - low, 0, None).prod(-1)
    return common / (a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - common + 1e-9)


def suppress(detections: np.ndarray, threshold: float = 0.4) -> np.ndarray:
    """Greedy non-maximum suppression of (n, 15) detections."""
    rest = detections[np.argsort(-detections[:, 0])]
    kept = []
    while len(rest):
        kept.append(rest[0])
        rest = rest[1:][iou(rest[:1, 1:5], rest[1:, 1:5])[0] < threshold]
    return np.array(kept, np.float32).reshape(-1, 15)
