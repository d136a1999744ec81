"""The product's coarse cover of a head, in numpy: cell means over an ellipse, mixed by a Gaussian (CellField.cs)."""
import cv2
import numpy as np
from scipy.special import ndtr

FEATHER = 0.12
_SMALLEST_CELL = 4
#: A head in sizes of a detector's box of its face (HeadRegion.cs).
_UP, _WIDTH, _LEAST_WIDTH, _HEIGHT = 0.08, 1.7, 1.45, 1.75


def head(box: np.ndarray) -> np.ndarray:
    """(4,) centre x, y and half axes of the head's ellipse. box: a detector's (x, y, w, h) of the face."""
    x, y, width, height = box
    return np.array([x + width / 2, y + height / 2 - _UP * height,
                     max(_WIDTH * width, _LEAST_WIDTH * height) / 2, _HEIGHT * height / 2])


def cover(picture: np.ndarray, ellipse: np.ndarray, cells: int, mosaic: bool = False) -> np.ndarray:
    """The BGR picture with the ellipse covered. Chroma planes have half the samples of luma, as in 4:2:0.

    cells: along the longer side. mosaic: flat cells instead of mixed ones.
    """
    planes = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb))
    height, width = planes[0].shape
    covered = []
    for index, plane in enumerate(planes):
        if index > 0:
            small = cv2.resize(plane, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
            small = _covered(small, ellipse / 2, cells, mosaic)
            grown = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
            plane = np.where(_opacity(plane.shape, ellipse) > 0, grown, plane)
        else:
            plane = _covered(plane, ellipse, cells, mosaic)
        covered.append(plane)
    return cv2.cvtColor(cv2.merge(covered), cv2.COLOR_YCrCb2BGR)


def _covered(plane: np.ndarray, ellipse: np.ndarray, cells: int, mosaic: bool) -> np.ndarray:
    opacity = _opacity(plane.shape, ellipse)
    centre, outer = ellipse[:2], ellipse[2:] * (1 + FEATHER)
    half_cell = outer.max() / cells
    columns, across = _axis(centre[0], outer[0], half_cell, plane.shape[1], mosaic)
    rows, down = _axis(centre[1], outer[1], half_cell, plane.shape[0], mosaic)
    means = np.array([[plane[rows[j]:rows[j + 1], columns[i]:columns[i + 1]].mean() for i in range(len(columns) - 1)]
                      for j in range(len(rows) - 1)])
    field = np.zeros(plane.shape)
    field[rows[0]:rows[-1], columns[0]:columns[-1]] = down @ means @ across.T
    return np.round(plane * (1 - opacity) + field * opacity).astype(np.uint8)


def _axis(centre: float, outer: float, half_cell: float, samples: int, mosaic: bool):
    """Edges of the cells, and (samples between first and last, cells) how much each sample has of each cell."""
    half = max(outer, _SMALLEST_CELL / 2)
    start, end = centre - half, centre + half
    count = int(np.clip(round(outer / half_cell), 1, max(1, int((end - start) / _SMALLEST_CELL))))
    cell = (end - start) / count
    first = int(np.clip(np.floor(start), 0, max(0, samples - _SMALLEST_CELL)))
    last = int(np.clip(np.ceil(end), min(samples, first + _SMALLEST_CELL), samples))
    edges = [first]
    for i in range(1, count):
        edge = int(np.clip(round(start + i * cell), first, last))
        if edge - edges[-1] >= _SMALLEST_CELL and last - edge >= _SMALLEST_CELL:
            edges.append(edge)
    edges = np.array(edges + [last])
    place = np.arange(first, last)[:, None]
    if mosaic:
        return edges, ((place >= edges[:-1]) & (place < edges[1:])).astype(float)
    sigma = cell / (2 * np.sqrt(2 * np.log(2)))
    below = ndtr((edges - place - 0.5) / sigma)
    weights = np.diff(below)
    return edges, weights / weights.sum(1, keepdims=True)


def _opacity(shape: tuple, ellipse: np.ndarray) -> np.ndarray:
    """1 inside, fading by a smooth step to 0 at (1 + FEATHER) radii."""
    y, x = np.mgrid[:shape[0], :shape[1]] + 0.5
    radius = np.hypot((x - ellipse[0]) / ellipse[2], (y - ellipse[1]) / ellipse[3])
    share = np.clip((1 + FEATHER - radius) / FEATHER, 0, 1)
    return share * share * (3 - 2 * share)
