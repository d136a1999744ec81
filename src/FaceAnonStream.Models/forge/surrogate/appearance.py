"""What happens to clips: do anonymised faces stay stable, detectable, and unlike the originals?"""
import numpy as np

from forge.common.boxes import iou
from forge.common.teachers import FaceDetector, FaceMesh
from forge.common.topology import POINTS
from forge.surrogate import privacy
from forge.surrogate.clips import Clip, Track
from forge.surrogate.generator import Gallery, Generator, fitting_size
from forge.surrogate.judges import Judge
from forge.surrogate.posing import Posing


def anonymised(clip: Clip, generators: dict[int, Generator], gallery: Gallery, seed: int,
               strong: bool) -> list[np.ndarray]:
    """The clip's pictures with every followed face replaced; one draw for each track."""
    pictures, posing = list(clip.pictures), Posing(gallery.entries)
    for number, track in enumerate(clip.tracks):
        latent, ready = gallery.draw(seed + number), privacy.prepared(posing, clip.pictures, track)
        for index, detection, points, level in zip(track.frames, track.detections, ready.points, ready.contrast):
            generator = generators[fitting_size(points, list(generators))]
            pictures[index] = privacy.applied(pictures[index], detection[1:5], points, level, latent, generator, strong)
    return pictures


def tracks(clip: Clip, pictures: list[np.ndarray], detector: FaceDetector, mesh: FaceMesh,
           judges: list[Judge]) -> list[dict]:
    """What became of each of the clip's tracks: means over its faces."""
    found = [detector.detect(picture, 0.6) for picture in pictures]
    return [_measure(clip, track, pictures, found, mesh, judges) for track in clip.tracks]


def together(rows: list[dict]) -> dict:
    """Tracks as one row: means over all faces."""
    faces = [row["faces"] for row in rows]
    means = {key: np.average([row[key] for row in rows], weights=faces, axis=0) for key in rows[0] if key != "clip"}
    return {**means, "tracks": len(rows), "faces": sum(faces)}


def _measure(clip: Clip, track: Track, pictures: list[np.ndarray], detections: list[np.ndarray], mesh: FaceMesh,
             judges: list[Judge]) -> dict:
    raw_after, found = [], []
    for index, detection in zip(track.frames, track.detections):
        raw_after.append(mesh.points(pictures[index], detection)[POINTS, :2])
        again = detections[index]
        found.append(len(again) > 0 and iou(detection[None, 1:5], again[:, 1:5]).max() > 0.4)
    before, after = ([np.stack([judge.embed(shown[index], detection[5:].reshape(5, 2))
                                for index, detection in zip(track.frames, track.detections)]) for judge in judges]
                     for shown in (clip.pictures, pictures))
    return {
        "clip": clip.name, "faces": len(track.frames), "size": track.size,
        "original-original": [_between(one, one) for one in before],
        "original-anonymised": [float((a * b).sum(1).mean()) for a, b in zip(before, after)],
        "anonymised-anonymised": [_between(one, one) for one in after],
        "consecutive original": [_consecutive(one) for one in before],
        "consecutive anonymised": [_consecutive(one) for one in after],
        "jitter original": _jitter(track.raw, track), "jitter anonymised": _jitter(np.stack(raw_after), track),
        "moved": float(np.linalg.norm(np.stack(raw_after) - track.raw, axis=-1).mean() / track.size),
        "detected": float(np.mean(found)),
    }


def _between(a: np.ndarray, b: np.ndarray) -> float:
    """Mean cosine over pairs of different frames."""
    return float((a @ b.T)[~np.eye(len(a), dtype=bool)].mean())


def _consecutive(vectors: np.ndarray) -> float:
    return float((vectors[1:] * vectors[:-1]).sum(1).mean())


def _jitter(points: np.ndarray, track: Track) -> float:
    """RMS second difference over time of points (n, L, 2), in thousandths of the box."""
    steady = np.diff(track.frames) == 1
    second = (points[2:] - 2 * points[1:-1] + points[:-2])[steady[1:] & steady[:-1]]
    return float(np.sqrt((second ** 2).sum(-1).mean()) / track.size * 1000)
