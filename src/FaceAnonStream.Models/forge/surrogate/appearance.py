"""What happens to clips: do anonymised faces stay stable, detectable, and unlike the originals?"""
import numpy as np

from forge.common.boxes import iou
from forge.common.teachers import FaceDetector, FaceMesh
from forge.common.topology import POINTS
from forge.surrogate.clips import Clip, Track
from forge.surrogate.generator import Gallery, Generator
from forge.surrogate.judges import Judge


def anonymised(clip: Clip, generator: Generator, gallery: Gallery, seed: int) -> list[np.ndarray]:
    """The clip's pictures with every followed face replaced; one draw for each track."""
    pictures = list(clip.pictures)
    for number, track in enumerate(clip.tracks):
        latent = gallery.draw(seed + number)
        for index, points in zip(track.frames, track.points):
            pictures[index] = generator.replace(pictures[index], points, latent)
    return pictures


def row(clip: Clip, pictures: list[np.ndarray], detector: FaceDetector, mesh: FaceMesh, judge: Judge) -> dict:
    """One line of the clips' table. Means over all faces of the clip."""
    found = [detector.detect(picture, 0.6) for picture in pictures]
    rows = [_measure(clip, track, pictures, found, mesh, judge) for track in clip.tracks]
    faces = np.array([len(track.frames) for track in clip.tracks])
    means = {key: float(np.average([one[key] for one in rows], weights=faces)) for key in rows[0]}
    return {"clip": clip.name, "tracks": len(clip.tracks), "faces": int(faces.sum()),
            "size": float(np.average([track.size for track in clip.tracks], weights=faces)), **means}


def _measure(clip: Clip, track: Track, pictures: list[np.ndarray], detections: list[np.ndarray], mesh: FaceMesh,
             judge: Judge) -> dict:
    before, after, raw_after, found = [], [], [], []
    for index, detection in zip(track.frames, track.detections):
        five = detection[5:].reshape(5, 2)
        before.append(judge.embed(clip.pictures[index], five))
        after.append(judge.embed(pictures[index], five))
        raw_after.append(mesh.points(pictures[index], detection)[POINTS, :2])
        again = detections[index]
        found.append(len(again) > 0 and iou(detection[None, 1:5], again[:, 1:5]).max() > 0.4)
    before, after = np.stack(before), np.stack(after)
    return {
        "original-original": _between(before, before), "original-anonymised": float((before * after).sum(1).mean()),
        "anonymised-anonymised": _between(after, after),
        "consecutive original": float((before[1:] * before[:-1]).sum(1).mean()),
        "consecutive anonymised": float((after[1:] * after[:-1]).sum(1).mean()),
        "jitter original": _jitter(track.raw, track), "jitter anonymised": _jitter(np.stack(raw_after), track),
        "detected": float(np.mean(found)),
    }


def _between(a: np.ndarray, b: np.ndarray) -> float:
    """Mean cosine over pairs of different frames."""
    return float((a @ b.T)[~np.eye(len(a), dtype=bool)].mean())


def _jitter(points: np.ndarray, track: Track) -> float:
    """RMS second difference over time of points (n, L, 2), in thousandths of the box."""
    steady = np.diff(track.frames) == 1
    second = (points[2:] - 2 * points[1:-1] + points[:-2])[steady[1:] & steady[:-1]]
    return float(np.sqrt((second ** 2).sum(-1).mean()) / track.size * 1000)
