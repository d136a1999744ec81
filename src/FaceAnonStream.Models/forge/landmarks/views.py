"""Pose views: the picture of a face drawn again with its textured mesh turned, so that the labels are exact."""
import cv2
import numpy as np
from scipy.spatial import Delaunay

from forge.common.topology import OVAL

_RING_1, _RING_2 = 468, 468 + len(OVAL)


def triangles(meshes: np.ndarray) -> np.ndarray:
    """(t, 3) vertex indices: the mesh, and two rings around its oval that stretch the surroundings."""
    faces = [tuple(face) for face in Delaunay(meshes[:, :, :2].astype(np.float64).mean(0)).simplices]
    for index in range(len(OVAL)):
        after = (index + 1) % len(OVAL)
        a, b = OVAL[index], OVAL[after]
        c, d = _RING_1 + index, _RING_1 + after
        e, f = _RING_2 + index, _RING_2 + after
        faces += [(a, b, c), (b, d, c), (c, d, e), (d, f, e)]
    return np.array(faces)


def turn(picture: np.ndarray, mesh: np.ndarray, faces: np.ndarray, yaw: float,
         pitch: float) -> tuple[np.ndarray, np.ndarray]:
    """The picture and the mesh (468, 3) px after turning the head by yaw and pitch (degrees).

    Credible to about 40 degrees; beyond that the far side of the face is invented by stretching.
    """
    mesh = mesh.astype(np.float64)
    oval = mesh[OVAL]
    center = oval.mean(0)
    center[2] = np.percentile(mesh[:, 2], 90)
    near = center + (oval - center) * [1.3, 1.3, 1]
    near[:, 2] += 15
    far = center + (oval - center) * [2.6, 2.6, 1]
    source = np.vstack([mesh, near, far])
    turned = (source - center) @ _rotation(yaw, pitch).T + center
    turned[_RING_1:_RING_2] = 0.6 * turned[_RING_1:_RING_2] + 0.4 * near
    turned[_RING_2:] = far
    owner = _visible(picture.shape[:2], turned, faces)
    drawn = _remap(picture, owner, source[faces][:, :, :2], turned[faces][:, :, :2])
    return drawn, turned[:468].astype(np.float32)


def _rotation(yaw: float, pitch: float) -> np.ndarray:
    a, b = np.radians([yaw, pitch])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return about_y @ about_x


def _visible(size: tuple[int, int], vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(h, w) index of the triangle seen at each pixel, -1 for none: painted from far to near."""
    outside = np.where(faces.min(1) >= _RING_1, 1e4, np.where(faces.max(1) >= _RING_1, 5e3, 0))
    order = np.argsort(-(vertices[faces][:, :, 2].mean(1) + outside))
    corners = np.round(vertices[:, :2] * 16).astype(np.int32)
    owner = np.full(size, -1, np.int32)
    for index in order:
        cv2.fillConvexPoly(owner, corners[faces[index]], int(index), lineType=cv2.LINE_4, shift=4)
    return owner


def _remap(picture: np.ndarray, owner: np.ndarray, source: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """source, turned: (t, 3, 2) corners of the triangles before and after."""
    corners = np.concatenate([turned, np.ones(turned.shape[:2] + (1,))], 2) + np.eye(3) * 1e-6
    back = np.linalg.solve(corners, source)[np.maximum(owner, 0)].astype(np.float32)
    y, x = np.mgrid[0:owner.shape[0], 0:owner.shape[1]].astype(np.float32)
    from_x = x * back[..., 0, 0] + y * back[..., 1, 0] + back[..., 2, 0]
    from_y = x * back[..., 0, 1] + y * back[..., 1, 1] + back[..., 2, 1]
    from_x, from_y = np.where(owner < 0, x, from_x), np.where(owner < 0, y, from_y)
    return cv2.remap(picture, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
