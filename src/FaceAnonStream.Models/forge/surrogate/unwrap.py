"""Texture space: where each mesh point lies in the unwrapped square, and which parts of the face are where."""
import dataclasses

import cv2
import numpy as np
from scipy.spatial import Delaunay

from forge.common.topology import BROW_LEFT, BROW_RIGHT, EYE_LEFT, EYE_RIGHT, LIPS_OUTER, OVAL
from forge.surrogate import shape as shapes

#: Texels along a side of the texture that the model is trained on.
SIDE = 160

_FOREHEAD, _NOSE_BASE = 10, 2
#: Mouth and eyes of the reference are a little open, so that their insides get texels. More would make closed
#: mouths look open.
_REFERENCE_EXPRESSION = np.array([0.6, 0, 0, 0.7, 0.7, 0, 0])
_NOSTRILS = [2, 97, 326, 98, 327, 64, 294]
_POLYGONS = {
    "bridge": [[168, 6, 197, 122, 351, 193, 417, 188, 412]],
    "under_eyes": [[111, 117, 118, 119, 120, 121, 112, 228, 229, 230],
                   [340, 346, 347, 348, 349, 350, 341, 448, 449, 450]],
    "temples": [[130, 226, 34, 143, 111, 35], [359, 446, 264, 372, 340, 265]],
    "moustache": [[2, 97, 326, 92, 322, 0, 165, 391, 164]],
    "chin": [[18, 200, 199, 83, 313, 201, 421, 194, 418]],
    "cheeks": [[50, 101, 205, 36, 118, 117], [280, 330, 425, 266, 347, 346]],
}


@dataclasses.dataclass(frozen=True)
class Layout:
    """The unwrapped face. All maps are (SIDE, SIDE).

    uv: (468, 2). triangles: (t, 3) inside the oval. inside: bool. corners, weights: (SIDE, SIDE, 3) the mesh points
    that surround a texel and their barycentric weights. normals: (468, 3) of the mean shape. zones: maps 0..1 by name.
    brow_top: v above which only forehead lies.
    """

    uv: np.ndarray
    triangles: np.ndarray
    inside: np.ndarray
    corners: np.ndarray
    weights: np.ndarray
    normals: np.ndarray
    zones: dict[str, np.ndarray]
    brow_top: float

    @property
    def rows(self) -> np.ndarray:
        """v of each texel."""
        return np.mgrid[0:SIDE, 0:SIDE][0] / SIDE

    @property
    def rim_distance(self) -> np.ndarray:
        """Distance from the rim in UV units."""
        padded = np.pad(self.inside.astype(np.uint8), 1)
        return cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1] / SIDE


def layout(shape: shapes.Shape) -> Layout:
    reference = shape.mean + np.tensordot(_REFERENCE_EXPRESSION, shape.expressions, 1)
    # Depth stretches the sides: seen from the front they are foreshortened, on turned faces they are not.
    stretch = 1 + 0.3 * np.logaddexp(0, 4 * reference[:, 2]) / 4
    flat = np.c_[reference[:, 0] * stretch, reference[:, 1]]
    low, high = flat.min(0), flat.max(0)
    uv = (flat - (low + high) / 2) / ((high - low) / 2 * 1.03) * 0.5 + 0.5
    triangles = Delaunay(uv).simplices
    triangles = triangles[[in_oval(uv, point) for point in uv[triangles].mean(1)]]
    inside, corners, weights = _rasterised(uv, triangles)
    inside &= inside[:, ::-1]
    brow_top = uv[BROW_RIGHT + BROW_LEFT, 1].min()
    zones = _zones(uv, inside, brow_top)
    return Layout(uv, triangles, inside, corners, weights, shapes.normals(shape.mean, triangles), zones, brow_top)


def in_oval(uv: np.ndarray, point: np.ndarray) -> bool:
    """Whether a point of the texture square lies inside the face."""
    polygon = (uv[OVAL] * 1000).astype(np.float32)
    return cv2.pointPolygonTest(polygon, tuple(float(value) * 1000 for value in point), False) >= 0


def blur(array: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(array, (0, 0), sigma)


def smooth_step(value: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, smooth between."""
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)


def _rasterised(uv: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    corners, weights = np.zeros((SIDE, SIDE, 3), int), np.zeros((SIDE, SIDE, 3))
    inside = np.zeros((SIDE, SIDE), bool)
    for triangle in triangles:
        a, b, c = points = uv[triangle] * SIDE - 0.5
        low = np.maximum(np.floor(points.min(0)).astype(int), 0)
        high = np.minimum(np.ceil(points.max(0)).astype(int), SIDE - 1)
        grid_x, grid_y = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
        offset = np.stack([grid_x.ravel() - c[0], grid_y.ravel() - c[1]])
        share = np.linalg.solve(np.c_[a - c, b - c], offset)
        share = np.vstack([share, 1 - share.sum(0)])
        hit = (share >= -1e-6).all(0)
        y, x = grid_y.ravel()[hit], grid_x.ravel()[hit]
        inside[y, x] = True
        weights[y, x] = share[:, hit].T
        corners[y, x] = triangle
    return inside, corners, weights


def _hull(uv: np.ndarray, points: list[int], dilate: int = 1) -> np.ndarray:
    mask = np.zeros((4 * SIDE, 4 * SIDE), np.uint8)
    cv2.fillPoly(mask, [cv2.convexHull((uv[points] * SIDE * 4).astype(np.int32))], 255)
    mask = cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return cv2.dilate(mask, np.ones((dilate, dilate))).astype(np.float32) / 255


def _zones(uv: np.ndarray, inside: np.ndarray, brow_top: float) -> dict[str, np.ndarray]:
    features = sum(_hull(uv, points, 7) for points in (EYE_RIGHT, EYE_LEFT, BROW_RIGHT, BROW_LEFT, LIPS_OUTER))
    features = features + _hull(uv, _NOSTRILS, 3)
    core = cv2.erode(inside.astype(np.uint8), np.ones((9, 9)))
    rows = np.mgrid[0:SIDE, 0:SIDE][0] / SIDE
    zones = {
        "skin": blur(((1 - features.clip(0, 1)) * core).astype(np.float32), 1.0),
        "forehead": (inside & (rows < brow_top - 0.02)).astype(np.float32),
        "lower": (inside & (rows > uv[_NOSE_BASE, 1] + 0.02)).astype(np.float32),
        "eyes": _hull(uv, EYE_RIGHT + EYE_LEFT + BROW_RIGHT + BROW_LEFT + [117, 346, 118, 347], 9),
    }
    for name, polygons in _POLYGONS.items():
        zones[name] = sum(_hull(uv, polygon) for polygon in polygons)
    return zones
