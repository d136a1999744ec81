"""Faces followed through clips, as measurements need them: YuNet boxes, Face Mesh points, smoothed over time."""
import dataclasses
import pathlib

import numpy as np

from forge.common.boxes import iou
from forge.common.dataset import frames
from forge.common.teachers import FaceMesh, mesh_error, yunet
from forge.common.topology import POINTS

#: Clips and how many of their frames are measured, counted from the first.
CLIPS = {
    "two-men-480p": 60, "head-pose-face-detection-female-and-male": 60, "head-pose-face-detection-male": 60,
    "face-demographics-walking-and-pause": 60, "face-demographics-walking": 60, "street-walk": 145,
    "baseball-640x360": 60, "classroom": 60,
}

_SHORTEST_TRACK = 8
_SAME_FACE = 0.25
#: Median distance of the mesh's eyes from the detector's; heads turned far pass, meshes of something else do not.
_LARGEST_MESH_ERROR = 0.4
_LONGEST_GAP = 2
#: Zero-phase weights over the frames around each.
_SMOOTHING = np.array([1, 4, 6, 4, 1]) / 16


@dataclasses.dataclass
class Track:
    """One face through n frames of a clip.

    frames: (n,) indices. detections: (n, 15). raw, points: (n, L, 2) px as the teacher sees them, and smoothed.
    """

    clip: str
    frames: list[int]
    detections: np.ndarray
    raw: np.ndarray
    points: np.ndarray

    @property
    def size(self) -> float:
        """Median of the boxes' larger sides, px."""
        return float(np.median(self.detections[:, 3:5].max(1)))


@dataclasses.dataclass
class Clip:
    name: str
    pictures: list[np.ndarray]
    tracks: list[Track]


def follow(data: pathlib.Path, name: str, count: int) -> Clip:
    """The clip's first ``count`` frames and the faces that can be followed through them."""
    pictures = frames(data, name)[:count]
    detector, mesh = yunet(data), FaceMesh(data)
    open_tracks: list[dict] = []
    for index, picture in enumerate(pictures):
        found = list(detector.detect(picture, 0.6))
        for track in open_tracks:
            if not found or index - track["frames"][-1] > _LONGEST_GAP:
                continue
            overlaps = iou(track["detections"][-1][None, 1:5], np.array(found)[:, 1:5])[0]
            if overlaps.max() > _SAME_FACE:
                _extend(track, index, found.pop(int(overlaps.argmax())))
        open_tracks += [{"frames": [index], "detections": [detection]} for detection in found]
    tracks = []
    for track in open_tracks:
        meshes = [mesh.points(pictures[i], detection) for i, detection in zip(track["frames"], track["detections"])]
        usable = np.median([mesh_error(*pair) for pair in zip(meshes, track["detections"])]) < _LARGEST_MESH_ERROR
        if len(meshes) >= _SHORTEST_TRACK and usable:
            raw = np.stack(meshes)[:, POINTS, :2]
            tracks.append(Track(name, track["frames"], np.stack(track["detections"]), raw, smoothed(raw)))
    return Clip(name, pictures, tracks)


def smoothed(points: np.ndarray) -> np.ndarray:
    """(n, ...) over time, without lag; the ends are continued straight."""
    reach = len(_SMOOTHING) // 2
    head = 2 * points[:1] - points[reach:0:-1]
    tail = 2 * points[-1:] - points[-2:-2 - reach:-1]
    padded = np.concatenate([head, points, tail])
    return sum(weight * padded[shift:shift + len(points)] for shift, weight in enumerate(_SMOOTHING))


def _extend(track: dict, frame: int, detection: np.ndarray) -> None:
    track["frames"].append(frame)
    track["detections"].append(detection)
