"""Landmarks that carry pose and expression and nothing else of a person: see card.md, "Two levels of privacy".

The formulas are those of the graph's first two stages, in numpy; n faces at once.
"""
import dataclasses

import numpy as np

from forge.surrogate import publish
from forge.surrogate.rig import EXPRESSION_RANGE

_EPSILON = 1e-10


@dataclasses.dataclass(frozen=True)
class Cameras:
    """Scaled-orthographic. projection: (n, 3, 2), offset: (n, 2): landmark = mesh point @ projection + offset."""

    projection: np.ndarray
    offset: np.ndarray

    @property
    def scale(self) -> np.ndarray:
        """(n,) landmark units per face unit."""
        return np.linalg.norm(self.projection[:, :, 0], axis=1)

    @property
    def turn(self) -> np.ndarray:
        """(n,) yaw in degrees."""
        axis = np.cross(self.projection[:, :, 0], self.projection[:, :, 1])
        return np.degrees(np.arctan2(axis[:, 0], axis[:, 2]))

    def show(self, mesh: np.ndarray, size: float = 1.0) -> np.ndarray:
        """(n, L, 3) face units -> (n, L, 2); size: larger around the mesh's origin."""
        return size * mesh @ self.projection + self.offset[:, None]


class Posing:
    """What gallery.json knows of shape."""

    def __init__(self, entries: dict) -> None:
        def array(key: str) -> np.ndarray:
            return publish.unpacked(entries[key]).astype(float)

        self.mean = array("meanShape")
        self.expressions = array("expressionShapes")
        self.identities = array("identityShapes")
        self._camera = array("camera")
        self._measures, self._across = array("expressionMeasures"), array("expressionAcross")
        self._axis = np.array(entries["expressionAxis"])
        self._mean, self._deviation = array("expressionMean"), array("expressionDeviation")

    def cameras(self, landmarks: np.ndarray) -> Cameras:
        """Affine by the stored pseudo-inverse, then the nearest scaled-orthographic one. landmarks: (n, L, 2)."""
        affine = self._camera @ landmarks
        linear, offset = affine[:, :3], affine[:, 3]
        gram = linear.transpose(0, 2, 1) @ linear
        a, b, c = gram[:, 0, 0], gram[:, 0, 1], gram[:, 1, 1]
        root = np.sqrt(np.maximum(a * c - b * b, _EPSILON))
        trace = np.sqrt(a + c + 2 * root)
        inverse = np.stack([c + root, -b, -b, a + root], 1).reshape(-1, 2, 2) / (trace * root)[:, None, None]
        return Cameras(linear @ inverse * (trace / 2)[:, None, None], offset)

    def expression(self, landmarks: np.ndarray, cameras: Cameras) -> np.ndarray:
        """(n, 7) in deviations; 0 where the camera looks along a measure's axis."""
        squared_scale = cameras.scale[:, None] ** 2
        direction = cameras.projection[:, self._axis]
        length = (direction ** 2).sum(-1)
        difference = self._measures @ landmarks - self._across @ cameras.projection
        value = (difference * direction).sum(-1) / (length + 1e-3 * squared_scale)
        sure = np.clip((length / squared_scale - 0.08) / 0.25, 0, 1)
        return np.clip((value - self._mean) / self._deviation * sure, *EXPRESSION_RANGE)

    def landmarks(self, cameras: Cameras, expression: np.ndarray, size: float = 1.0) -> np.ndarray:
        """(n, L, 2): the mean face with these expressions (n, 7) before these cameras."""
        return cameras.show(self.mean + np.tensordot(expression, self.expressions, 1), size)
