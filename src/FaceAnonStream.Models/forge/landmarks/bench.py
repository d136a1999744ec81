"""Everything the measurements ask: the finished net, its teachers, the held-out faces."""
import dataclasses
import pathlib

import cv2
import numpy as np

from forge.common import dataset
from forge.common.boxes import iou
from forge.common.teachers import FaceMesh, mesh_error, yunet
from forge.common.topology import EYE_LEFT, EYE_RIGHT, POINTS
from forge.landmarks.answers import LandmarkNet
from forge.landmarks.head import Head
from forge.landmarks.labels import chosen, middle_detection
from forge.landmarks.openseeface import VERTICES, OpenSeeFace

#: Share of a box (its longer side) within which the two teachers' shared points must agree to make a reference.
AGREED = 0.05
#: Smallest faces of the tables on real frames, in px, and the most frames taken from a clip.
LEAST_PX, FRAMES = 48, 60

_BOX_NOISE = 0.04
_SURE_SCORE = 0.7

#: The detector's five points in ours: eyes as the mean of their outlines, nose tip, mouth corners.
_FIVE = [[POINTS.index(vertex) for vertex in group] for group in (EYE_RIGHT, EYE_LEFT, [4], [61], [291])]
#: OpenSeeFace's points in ours.
SHARED = [POINTS.index(vertex) for vertex in VERTICES]


@dataclasses.dataclass(frozen=True)
class Face:
    """A face to measure on. truth: (144, 2) px, one pass of Face Mesh at native size."""

    picture: np.ndarray
    detection: np.ndarray
    truth: np.ndarray


class Bench:
    def __init__(self, root: pathlib.Path, model: pathlib.Path) -> None:
        self.root = root
        self.net = LandmarkNet(model)
        self.mesh = FaceMesh(root)
        self.second = OpenSeeFace(root)
        self.detector = yunet(root)
        every = dataset.synthetic_faces(root)
        self.head = Head(every.mesh[every.trusted & ~every.held_out])
        self.synthetic = chosen(every, every.held_out)
        self.detections = np.stack([
            np.r_[middle_detection(self.detector.detect(picture, 0.3))[:5], points.ravel()]
            for picture, points in zip(self.synthetic.images, self.synthetic.points)])

    def answer(self, picture: np.ndarray, detection: np.ndarray) -> np.ndarray:
        """Our (144, 2) px."""
        return self.net.ask(picture, detection[None, 1:5])[0][0]

    def teacher(self, picture: np.ndarray, detection: np.ndarray) -> np.ndarray:
        """Face Mesh's (144, 2) px."""
        return self.mesh.points(picture, detection)[POINTS, :2]

    def held_out_pictures(self) -> list[np.ndarray]:
        clips = [picture for name in dataset.HELD_OUT_CLIPS for picture in dataset.frames(self.root, name, FRAMES)]
        return clips + list(dataset.photos(self.root).values())

    def sure_detections(self, pictures: list[np.ndarray], least_px: float) -> list[tuple[np.ndarray, np.ndarray]]:
        """Pictures and detections of the faces that YuNet is sure of."""
        return [(picture, detection) for picture in pictures
                for detection in self.detector.detect(picture, _SURE_SCORE) if detection[3:5].max() >= least_px]

    def real_faces(self, pictures: list[np.ndarray]) -> list[Face]:
        """Faces of 48 px and more on which Face Mesh agrees with the detector about the eyes."""
        found = []
        for picture, detection in self.sure_detections(pictures, LEAST_PX):
            mesh = self.mesh.points(picture, detection)
            if mesh_error(mesh, detection) <= dataset.TRUSTED_MESH_ERROR:
                found.append(Face(picture, detection, mesh[POINTS, :2]))
        return found

    def agreed(self, face: Face) -> bool:
        """Whether the second teacher agrees about the whole face, so that the first can serve as a reference."""
        second, _ = self.second.points(face.picture, face.detection[1:5])
        return shared_error(face.truth, second, face.detection) <= AGREED

    def second_differences(self, pictures: list[np.ndarray], least_px: float) -> tuple[np.ndarray, ...]:
        """Per face seen in three frames in a row: its px, our and the teacher's second difference in eye distances."""
        frames = []
        for picture in pictures:
            found = [face for face in self.detector.detect(picture) if face[3:5].max() >= least_px]
            frames.append([(face, self.answer(picture, face), self.teacher(picture, face)) for face in found])
        rows = [_second_difference(before, now, after) for faces, *others in zip(frames[1:], frames, frames[2:])
                for now in faces for before, after in [[_same(now, other) for other in others]]
                if before is not None and after is not None]
        return tuple(np.array(rows).reshape(-1, 3).T)


def noisy(detection: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The detection with 4 % noise on place and size of its box."""
    moved = detection.copy()
    moved[1:3] += random.normal(0, _BOX_NOISE, 2) * detection[3:5].max()
    moved[3:5] *= np.exp(random.normal(0, _BOX_NOISE))
    return moved


def shrunk(face: Face, px: int | None) -> Face:
    """The face as a camera would see it with so many px; None: as it is."""
    if px is None:
        return face
    old = np.array(face.picture.shape[1::-1])
    new = np.maximum(1, np.round(old * px / face.detection[3:5].max())).astype(int)
    ratio = new / old
    detection = face.detection.copy()
    detection[1:3] = (detection[1:3] + 0.5) * ratio - 0.5
    detection[3:5] *= ratio
    detection[5:] = ((detection[5:].reshape(5, 2) + 0.5) * ratio - 0.5).ravel()
    picture = cv2.resize(face.picture, (int(new[0]), int(new[1])), interpolation=cv2.INTER_AREA)
    return Face(picture, detection, (face.truth + 0.5) * ratio - 0.5)


def five_error(points: np.ndarray, detection: np.ndarray) -> float:
    """Mean distance of (144, 2) from the detector's five points, in the box's longer side."""
    five = np.stack([points[group].mean(0) for group in _FIVE])
    return float(np.linalg.norm(five - detection[5:].reshape(5, 2), axis=1).mean() / detection[3:5].max())


def shared_error(points: np.ndarray, second: np.ndarray, detection: np.ndarray) -> float:
    """Mean distance of (144, 2) from OpenSeeFace's (66, 2), in the box's longer side."""
    return float(np.linalg.norm(points[SHARED] - second, axis=1).mean() / detection[3:5].max())


def _same(face: tuple, others: list[tuple]) -> tuple | None:
    if not others:
        return None
    overlap = iou(face[0][None, 1:5], np.stack([other[0][1:5] for other in others]))[0]
    return others[int(overlap.argmax())] if overlap.max() > 0.5 else None


def _second_difference(before: tuple, now: tuple, after: tuple) -> list[float]:
    # The outer eye corners lie about 0.62 box heights apart.
    scale = 0.62 * now[0][4]
    ours, theirs = (np.median(np.linalg.norm(before[kind] - 2 * now[kind] + after[kind], axis=1)) / scale
                    for kind in (1, 2))
    return [now[0][3:5].max(), ours, theirs]
