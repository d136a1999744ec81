"""A head in three dimensions: the shapes that the mesh of trusted faces takes, fitted to a few image points.

It gives the pose of any mesh, and labels for profiles, where the mesh itself fails but OpenSeeFace's points hold.
"""
import dataclasses

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from forge.landmarks.openseeface import JAW, VERTICES

_COMPONENTS = 25
_START_YAWS = (-60.0, 0.0, 60.0)
_JAW_WEIGHT = 0.5
#: How strongly a fit is held to the mean shape, and an offset to its vertex.
_HELD, _NEAR = 0.05, 0.1
_ROUNDS = 3
_CHEEK_RIGHT, _CHEEK_LEFT = 234, 454


@dataclasses.dataclass(frozen=True)
class Fit:
    """mesh: (468, 3) px. yaw: degrees, positive when the subject looks to image-right. residual: RMS, in head sizes."""

    mesh: np.ndarray
    yaw: float
    residual: float


class Head:
    """Mean shape and principal components of meshes in a frame of their own: centred, unit size, looking at -z."""

    def __init__(self, meshes: np.ndarray) -> None:
        """meshes: (n, 468, 3) px of trusted faces."""
        meshes = meshes.astype(np.float64)
        self.mean = _normalised(meshes[0])
        for _ in range(_ROUNDS):
            aligned = np.stack([_align(mesh, self.mean) for mesh in meshes])
            self.mean = _facing(_normalised(aligned.mean(0)))
        deviations = (aligned - aligned.mean(0)).reshape(len(meshes), -1)
        _, values, directions = np.linalg.svd(deviations, full_matrices=False)
        spread = values[:_COMPONENTS] / np.sqrt(len(meshes))
        #: (components, 468, 3): one standard deviation each.
        self.components = (directions[:_COMPONENTS] * spread[:, None]).reshape(-1, 468, 3)
        self.offsets = np.zeros((len(VERTICES), 3))

    def rotation(self, mesh: np.ndarray) -> tuple[np.ndarray, float]:
        """Rotation (3, 3) and scale that take the mean shape to a mesh (468, 3)."""
        target = mesh.astype(np.float64) - mesh.mean(0)
        return _kabsch(self.mean, target), float(np.linalg.norm(target) / np.linalg.norm(self.mean))

    def yaw(self, mesh: np.ndarray) -> float:
        """Degrees, positive when the subject looks to image-right."""
        return _yaw(self.rotation(mesh)[0])

    def calibrate(self, meshes: np.ndarray, points: np.ndarray) -> None:
        """Learns where OpenSeeFace's points lie beside their vertices. points: (n, 66, 2) px on the same n faces."""
        poses = [self.rotation(mesh) for mesh in meshes]
        rows = np.concatenate([(scale * rotation)[:2] for rotation, scale in poses])
        scales = np.repeat([scale for _, scale in poses], 2)
        for index, vertex in enumerate(VERTICES):
            difference = (points[:, index] - meshes[:, vertex, :2]).reshape(-1)
            bounded = np.concatenate([rows / scales[:, None], _NEAR * np.sqrt(len(meshes)) * np.eye(3)])
            goal = np.concatenate([difference / scales, np.zeros(3)])
            self.offsets[index] = np.linalg.lstsq(bounded, goal, rcond=None)[0]

    def fit(self, points: np.ndarray) -> Fit:
        """The head behind OpenSeeFace's points (66, 2) px: weak perspective, shape held near the mean."""
        points = points.astype(np.float64)
        center, size = points.mean(0), np.linalg.norm(points - points.mean(0)) / np.sqrt(len(points))
        weight = np.ones((len(points), 1))
        weight[JAW] = _JAW_WEIGHT
        anchors, directions = self.mean[VERTICES] + self.offsets, self.components[:, VERTICES]
        head_size = np.linalg.norm(anchors - anchors.mean(0)) / np.sqrt(len(points))

        def error(values: np.ndarray) -> np.ndarray:
            shape = anchors + np.tensordot(values[6:], directions, 1)
            flat = np.exp(values[3]) * (shape @ Rotation.from_rotvec(values[:3]).as_matrix().T)[:, :2] / head_size
            distance = weight * (flat + values[4:6] - (points - center) / size)
            return np.concatenate([distance.ravel(), _HELD * values[6:]])

        starts = [np.r_[Rotation.from_euler("y", -yaw, degrees=True).as_rotvec(), np.zeros(3 + _COMPONENTS)]
                  for yaw in _START_YAWS]
        best = min((least_squares(error, start, method="lm", max_nfev=2000) for start in starts), key=lambda r: r.cost)
        rotation = Rotation.from_rotvec(best.x[:3]).as_matrix()
        shape = self.mean + np.tensordot(best.x[6:], self.components, 1)
        scale = size * np.exp(best.x[3]) / head_size
        mesh = scale * shape @ rotation.T
        mesh[:, :2] += best.x[4:6] * size + center
        residual = float(np.sqrt((best.fun[:2 * len(points)] ** 2).mean()))
        return Fit(mesh.astype(np.float32), _yaw(rotation), residual)


def _normalised(mesh: np.ndarray) -> np.ndarray:
    mesh = mesh - mesh.mean(0)
    return mesh / np.linalg.norm(mesh)


def _kabsch(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Rotation R that brings source @ R.T nearest to target; both centred."""
    left, _, right = np.linalg.svd(target.T @ source)
    flip = np.diag([1, 1, np.sign(np.linalg.det(left @ right))])
    return left @ flip @ right


def _align(mesh: np.ndarray, target: np.ndarray) -> np.ndarray:
    mesh = _normalised(mesh)
    return mesh @ _kabsch(mesh, target).T


def _facing(mesh: np.ndarray) -> np.ndarray:
    """Turned about the vertical axis until both cheeks are equally far away."""
    across = mesh[_CHEEK_LEFT] - mesh[_CHEEK_RIGHT]
    angle = np.arctan2(across[2], across[0])
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    return mesh @ turn.T


def _yaw(rotation: np.ndarray) -> float:
    ahead = rotation @ [0, 0, -1]
    return float(np.degrees(np.arctan2(ahead[0], -ahead[2])))
