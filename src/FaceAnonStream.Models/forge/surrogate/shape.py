"""Shape: a mean face, how expressions move it, how identities differ."""
import dataclasses

import cv2
import numpy as np
from scipy.spatial.distance import cdist

MEASURES = ["mouthOpen", "mouthWidth", "cornerRaise", "eyeRight", "eyeLeft", "browRight", "browLeft"]
#: Order of the measures in a mirrored face.
MIRRORED_MEASURES = [0, 1, 2, 4, 3, 6, 5]
#: 0: the measure is read along x; 1: along y.
MEASURE_AXIS = np.array([1, 0, 1, 1, 1, 1, 1])
MIRROR = np.array([-1.0, 1.0, 1.0])

_MESH = 468


@dataclasses.dataclass(frozen=True)
class Shape:
    """mesh = mean + sum_i e_i * expressions_i + identity, in face units.

    mean: (468, 3). expressions: (7, 468, 3), for one standard deviation of each measure. measure_mean,
    measure_deviation: (7,) in face units. mirror: (468,) the partner of each point on the other side.
    """

    mean: np.ndarray
    expressions: np.ndarray
    measure_mean: np.ndarray
    measure_deviation: np.ndarray
    mirror: np.ndarray


def measure_matrix() -> np.ndarray:
    """(7, 468): each expression measure as a difference of mesh points along its axis."""
    matrix = np.zeros((len(MEASURES), _MESH))
    parts = [
        ([14], [13]), ([291], [61]), ([0, 17], [61, 291]), ([145], [159]), ([374], [386]),
        ([33, 133], [105, 66]), ([263, 362], [334, 296]),
    ]
    for row, (plus, minus) in enumerate(parts):
        matrix[row, plus] = 1 / len(plus)
        matrix[row, minus] = -1 / len(minus)
    return matrix


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Least-squares scale, rotation and offset between point sets (n, d): S. Umeyama, PAMI 13(4), 1991."""
    source_mean, target_mean = source.mean(0), target.mean(0)
    source, target = source - source_mean, target - target_mean
    u, values, vt = np.linalg.svd(target.T @ source)
    signs = np.ones(source.shape[1])
    signs[-1] = np.sign(np.linalg.det(u @ vt))
    rotation = u @ np.diag(signs) @ vt
    scale = (values * signs).sum() / (source ** 2).sum()
    return scale, rotation, target_mean - scale * rotation @ source_mean


def align(mesh: np.ndarray, trusted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Generalised Procrustes analysis. mesh: (n, 468, 3) px; the trusted ones make the mean.

    Gives the mean (468, 3), frontal and symmetric; the mirror partners (468,); the aligned meshes; the rotations
    picture -> mean (n, 3, 3).
    """
    mean = _normalised(mesh[trusted][0])
    for _ in range(6):
        aligned, _ = _aligned(mesh, mean)
        mean = _normalised(aligned[trusted].mean(0))
    for _ in range(5):
        # Turned by half the rotation that leads to its mirror image, the mean is frontal.
        mirrored = mean * MIRROR
        mirror = cdist(mean, mirrored).argmin(1)
        _, rotation, _ = similarity(mirrored[mirror], mean)
        half, _ = cv2.Rodrigues(-0.5 * cv2.Rodrigues(rotation)[0])
        mean = mean @ half.T
        mean -= mean.mean(0)
    mean = (mean + mean[mirror] * MIRROR) / 2
    aligned, rotations = _aligned(mesh, mean)
    return mean, mirror, aligned, rotations


def model(aligned: np.ndarray, mirror: np.ndarray) -> tuple[Shape, np.ndarray]:
    """The shape model of aligned meshes (n, 468, 3), by regression on their expression measures, and those (n, 7)."""
    matrix = measure_matrix()
    raw = np.stack([aligned[:, :, axis] @ row for axis, row in zip(MEASURE_AXIS, matrix)], -1)
    measure_mean, deviation = raw.mean(0), raw.std(0)
    expression = (raw - measure_mean) / deviation
    design = np.c_[np.ones(len(aligned)), expression]
    solution = np.linalg.lstsq(design, aligned.reshape(len(aligned), -1), rcond=None)[0]
    mean = solution[0].reshape(_MESH, 3)
    moves = solution[1:].reshape(len(MEASURES), _MESH, 3)
    mean = (mean + mean[mirror] * MIRROR) / 2
    moves = (moves + moves[MIRRORED_MEASURES][:, mirror] * MIRROR) / 2
    return Shape(mean, moves, measure_mean, deviation, mirror), expression


def identity_components(shape: Shape, aligned: np.ndarray, expression: np.ndarray, count: int):
    """What expressions do not explain: (count, 468, 3) orthonormal components and each face's coefficients."""
    residual = aligned - shape.mean - np.tensordot(expression, shape.expressions, 1)
    both = np.concatenate([residual, residual[:, shape.mirror] * MIRROR]).reshape(2 * len(residual), -1)
    components = np.linalg.svd(both, full_matrices=False)[2][:count]
    return components.reshape(count, _MESH, 3), residual.reshape(len(residual), -1) @ components.T


def normals(mesh: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(n, 3) unit normals of a mesh (n, 3); towards the camera z is negative."""
    faces = np.cross(mesh[triangles[:, 1]] - mesh[triangles[:, 0]], mesh[triangles[:, 2]] - mesh[triangles[:, 0]])
    total = np.zeros_like(mesh)
    for corner in range(3):
        np.add.at(total, triangles[:, corner], faces)
    total /= np.linalg.norm(total, axis=1, keepdims=True) + 1e-9
    nose_tip = 1
    return -total if total[nose_tip, 2] > 0 else total


def _normalised(mesh: np.ndarray) -> np.ndarray:
    mesh = mesh - mesh.mean(0)
    return mesh / np.sqrt((mesh ** 2).sum(1).mean())


def _aligned(mesh: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    aligned, rotations = np.empty_like(mesh), np.empty((len(mesh), 3, 3))
    for index, points in enumerate(mesh):
        scale, rotation, offset = similarity(points, mean)
        aligned[index] = scale * points @ rotation.T + offset
        rotations[index] = rotation
    return aligned, rotations
