"""The published models whose answers we learn from or compare with. They run through ONNX Runtime."""
import pathlib

import cv2
import numpy as np

from forge.common.boxes import suppress
from forge.common.ort import Session
from forge.common.topology import EYE_LEFT, EYE_RIGHT

STRIDES = (8, 16, 32)
_MESH_SIDE = 192


class FaceDetector:
    """A detector in the layout of the YuNet family (Wu et al., Machine Intelligence Research 2023): published or ours.

    Inputs n,3,H,W BGR 0..255, H and W multiples of 32; outputs cls, obj, bbox, kps for strides 8, 16 and 32.
    """

    def __init__(self, model, threads: int = 1) -> None:
        self._session = Session(model, threads)

    def raw(self, pictures: np.ndarray) -> list[np.ndarray]:
        """(n, H, W, 3) BGR -> per stride (n, cells, 15): score, then box and points in the net's own units."""
        outputs = self._session.run({self._session.inputs[0]: pictures.transpose(0, 3, 1, 2)})
        return [np.concatenate([
            np.sqrt(np.clip(outputs[f"cls_{s}"], 0, 1) * np.clip(outputs[f"obj_{s}"], 0, 1)),
            outputs[f"bbox_{s}"], outputs[f"kps_{s}"]], 2) for s in STRIDES]

    def detect(self, picture: np.ndarray, threshold: float = 0.6) -> np.ndarray:
        """(H, W, 3) BGR of any size -> (n, 15) detections in px, best first."""
        height, width = picture.shape[:2]
        padded = cv2.copyMakeBorder(picture, 0, -height % 32, 0, -width % 32, cv2.BORDER_CONSTANT)
        found = [_decode(cells[0], stride, padded.shape[1] // stride, threshold)
                 for stride, cells in zip(STRIDES, self.raw(padded[None]))]
        return suppress(np.concatenate(found))

    def detect_at_scales(self, picture: np.ndarray, threshold: float, scales=(1, 2, 0.5)) -> np.ndarray:
        """Merged detections of the picture at several sizes: a wider reference than one pass."""
        merged = np.zeros((0, 15), np.float32)
        for scale in scales:
            way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
            resized = picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)
            found = self.detect(resized, threshold)
            found[:, 1:] /= scale
            merged = suppress(np.concatenate([merged, found]))
        return merged


def yunet(root: pathlib.Path, threads: int = 1) -> FaceDetector:
    return FaceDetector(root / "models/yunet_n_dynamic.onnx", threads)


def _decode(cells: np.ndarray, stride: int, columns: int, threshold: float) -> np.ndarray:
    chosen = np.flatnonzero(cells[:, 0] > threshold)
    grid = np.stack([chosen % columns, chosen // columns], 1).astype(np.float32)
    values = cells[chosen]
    size = np.exp(values[:, 3:5]) * stride
    corner = (grid + values[:, 1:3]) * stride - size / 2
    points = (values[:, 5:].reshape(-1, 5, 2) + grid[:, None]) * stride
    return np.concatenate([values[:, :1], corner, size, points.reshape(-1, 10)], 1)


class FaceMesh:
    """MediaPipe Face Mesh: 468 points from a crop of 192 x 192 px (Kartynnik et al., arXiv:1907.06724)."""

    def __init__(self, root: pathlib.Path, threads: int = 1) -> None:
        self._session = Session(root / "models/facemesh_468.onnx", threads)

    def crop(self, picture: np.ndarray, detection: np.ndarray, grow: float = 1.5) -> np.ndarray:
        """2 x 3 matrix picture -> crop for a detection: upright along its eyes, ``grow`` times the box."""
        x, y, width, height = detection[1:5]
        eye_right, eye_left = detection[5:9].reshape(2, 2)
        angle = np.degrees(np.arctan2(eye_left[1] - eye_right[1], eye_left[0] - eye_right[0]))
        center = (float(x + width / 2), float(y + height / 2))
        matrix = cv2.getRotationMatrix2D(center, float(angle), _MESH_SIDE / (max(width, height) * grow))
        matrix[:, 2] += _MESH_SIDE / 2 - np.array(center)
        return matrix

    def points(self, picture: np.ndarray, detection: np.ndarray) -> np.ndarray:
        """(468, 3) in px of the picture; z in the same scale, growing away from the camera."""
        matrix = self.crop(picture, detection)
        crop = warp(picture, matrix, _MESH_SIDE)
        rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32) / 255
        mesh = self._session.run({self._session.inputs[0]: rgb[None]})[self._session.outputs[0]].reshape(468, 3)
        scale = np.linalg.norm(matrix[:, 0])
        flat = (mesh[:, :2] - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
        return np.c_[flat, mesh[:, 2] / scale].astype(np.float32)


def mesh_error(mesh: np.ndarray, detection: np.ndarray) -> float:
    """Distance of a mesh's eyes from the detector's, in eye distances: large where the mesh has failed."""
    eyes = np.stack([mesh[EYE_RIGHT, :2].mean(0), mesh[EYE_LEFT, :2].mean(0)])
    points = detection[5:9].reshape(2, 2)
    distance = max(np.linalg.norm(points[1] - points[0]), 0.3 * detection[3:5].max())
    return float(np.linalg.norm(eyes - points, axis=1).mean() / distance)


def warp(picture: np.ndarray, matrix: np.ndarray, side: int, border: int = cv2.BORDER_REFLECT) -> np.ndarray:
    """Crop of ``side`` px through a 2 x 3 matrix; shrinks by area first, so that nothing aliases."""
    scale = float(np.linalg.norm(matrix[:, 0]))
    if scale < 0.6:
        factor = scale * 1.2
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        matrix = rescaled(matrix, factor)
    return cv2.warpAffine(picture, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border)


def rescaled(matrix: np.ndarray, factor: float) -> np.ndarray:
    """The matrix for the same picture resized by ``factor``; pixel centres lie at +0.5."""
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ np.full(2, 0.5 / factor - 0.5)
    matrix[:, :2] /= factor
    return matrix


def transform(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points (..., 2) through a 2 x 3 matrix."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def inverted(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points (..., 2) back through a 2 x 3 matrix."""
    return (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
