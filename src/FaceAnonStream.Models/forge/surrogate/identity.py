"""How much of an identity is left, judged by an attacker who knows the anonymiser and has pictures of everybody.

The attacker compares anonymised faces with originals of other frames, aligned by the ORIGINAL five points, which is
more than an attacker has. The threshold is set where 1 % of the pairs of different people match: on pairs of an
original with an anonymised face, since anonymised faces lie lower against everybody.
"""
import dataclasses

import cv2
import numpy as np

from forge.surrogate.clips import Clip, Track
from forge.surrogate.generator import Gallery, Generator
from forge.surrogate.judges import Judge

SMALLEST_FACE = 40
FRAMES, DRAWS = 6, 3
#: Mean embeddings of two tracks that lie closer than this show one person.
_SAME_PERSON = 0.4
_FALSE_MATCHES = 0.01
_RESAMPLES = 2000


@dataclasses.dataclass
class Sample:
    """Frames of one track. person: number. picture, points, five: of each of the FRAMES frames."""

    track: Track
    person: int
    pictures: list[np.ndarray]
    points: np.ndarray
    five: np.ndarray


def samples(clips: list[Clip], judge: Judge) -> list[Sample]:
    """Frames of large enough faces; the judge decides which tracks, unless seen at once, show one person."""
    found = []
    for clip in clips:
        for track in clip.tracks:
            large = np.flatnonzero(track.detections[:, 3:5].max(1) >= SMALLEST_FACE)
            if len(large) >= FRAMES:
                chosen = large[np.linspace(0, len(large) - 1, FRAMES).astype(int)]
                found.append(Sample(track, -1, [clip.pictures[track.frames[i]] for i in chosen], track.points[chosen],
                                    track.detections[chosen, 5:].reshape(-1, 5, 2)))
    vectors = np.stack([_normalised(np.mean([judge.embed(*pair) for pair in zip(one.pictures, one.five)], 0))
                        for one in found])
    for index, sample in enumerate(found):
        alike = [found[other].person for other in range(index)
                 if vectors[index] @ vectors[other] > _SAME_PERSON and not _together(sample.track, found[other].track)]
        sample.person = alike[0] if alike else 1 + max((one.person for one in found), default=-1)
    return found


class Variants:
    """What is done to a face before the judges see it: (picture, points, seed) -> picture."""

    def __init__(self, generators: dict[int, Generator], gallery: Gallery) -> None:
        self._generators = generators
        self._gallery = gallery

    def surrogate(self, picture: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
        return self._generators[192].replace(picture, points, self._gallery.draw(seed))

    def surrogate_96(self, picture: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
        return self._generators[96].replace(picture, points, self._gallery.draw(seed))

    def inside_only(self, picture: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
        return self._generators[192].replace(picture, points, self._gallery.draw(seed), grey=True)

    @staticmethod
    def blur(picture: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
        """Strong blur of the hull of the points: sigma a quarter of its larger side, feathered."""
        side = float(np.ptp(points, axis=0).max())
        hull = np.zeros(picture.shape[:2], np.uint8)
        cv2.fillConvexPoly(hull, cv2.convexHull(points.astype(np.int32)), 255)
        mask = cv2.GaussianBlur(hull.astype(np.float32) / 255, (0, 0), 0.03 * side)[..., None]
        left, top = np.maximum(points.min(0) - side, 0).astype(int)
        right, bottom = (points.max(0) + side).astype(int)
        smooth = picture.copy()
        smooth[top:bottom, left:right] = cv2.GaussianBlur(picture[top:bottom, left:right], (0, 0), 0.25 * side)
        return (smooth * mask + picture * (1 - mask)).astype(np.uint8)


def embedded(found: list[Sample], judges: list[Judge], variant, seed: int, draws: int = DRAWS) -> list[np.ndarray]:
    """What the judges see of a variant: for each judge (tracks * draws, FRAMES, d), the draws of a track together."""
    rows: list[list[np.ndarray]] = [[] for _ in judges]
    for index, one in enumerate(found):
        for draw in range(draws):
            faces = [variant(picture, points, seed + index * draws + draw)
                     for picture, points in zip(one.pictures, one.points)]
            for row, judge in zip(rows, judges):
                row.append(np.stack([judge.embed(*pair) for pair in zip(faces, one.five)]))
    return [np.stack(row) for row in rows]


def unchanged(picture: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
    """The variant that leaves the original."""
    return picture


def attack(found: list[Sample], originals: np.ndarray, anonymised: np.ndarray) -> dict:
    """Cosines of anonymised faces (tracks * draws, FRAMES, d) with originals (tracks, FRAMES, d), and what follows.

    Gives means, also of anonymised faces with each other, the calibrated threshold, and for each person the share of
    same-person pairs above it and of faces whose nearest person is the right one.
    """
    people = np.array([one.person for one in found])
    draws = np.repeat(np.arange(len(found)), len(anonymised) // len(found))
    # (anonymised track, frame, original track, frame)
    cosines = np.einsum("pfd,tgd->pftg", anonymised, originals)
    owner = people[draws]
    frame = np.arange(FRAMES)
    own_frame = (draws[:, None, None, None] == np.arange(len(found))[None, None, :, None]) \
        & (frame[None, :, None, None] == frame[None, None, None, :])
    same = (owner[:, None] == people[None])[:, None, :, None] & np.ones_like(own_frame)
    elsewhere = same & ~own_frame
    threshold = float(np.quantile(cosines[~same], 1 - _FALSE_MATCHES))
    # Closed set: each person is the mean of all of their originals but the probe's own frame.
    ids = np.unique(people)
    scores = np.stack([np.nanmean(np.where((people == person)[None, None, :, None] & ~own_frame, cosines, np.nan),
                                  axis=(2, 3)) for person in ids], -1)
    first = ids[scores.argmax(-1)] == owner[:, None]
    linked = _linked(anonymised, draws, people)
    matched = [float((cosines[elsewhere & _of(owner, person)] > threshold).mean()) for person in ids]
    ranked = [float(first[owner == person].mean()) for person in ids]
    return {
        "same frame": float(cosines[own_frame].mean()), "other frame": float(cosines[elsewhere].mean()),
        "other people": float(cosines[~same].mean()), **linked, "threshold": threshold,
        "matched": matched, "ranked": ranked, "people": len(ids),
    }


def _linked(vectors: np.ndarray, draws: np.ndarray, people: np.ndarray) -> dict:
    """Mean cosines between anonymised faces (probe, frame, d)."""
    cosines = np.einsum("pfd,qgd->pfqg", vectors, vectors).mean((1, 3))
    alone = np.eye(len(vectors), dtype=bool)
    same_person = people[draws][:, None] == people[draws][None]
    within = np.einsum("pfd,pgd->pfg", vectors, vectors)[:, ~np.eye(FRAMES, dtype=bool)]
    return {"one draw": float(within.mean()), "other draw": float(cosines[same_person & ~alone].mean()),
            "strangers": float(cosines[~same_person].mean())}


def _together(a: Track, b: Track) -> bool:
    """Whether two tracks share a frame: they show two people, however alike."""
    return a.clip == b.clip and not set(a.frames).isdisjoint(b.frames)


def interval(values: list[float], other: list[float] | None = None) -> tuple[float, float, float]:
    """Mean over people and its 95 % bootstrap interval; with other: of the difference to it."""
    values = np.array(values) - (0 if other is None else np.array(other))
    chosen = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[chosen].mean(1), [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def _of(owner: np.ndarray, person: int) -> np.ndarray:
    return (owner == person)[:, None, None, None]


def _normalised(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
