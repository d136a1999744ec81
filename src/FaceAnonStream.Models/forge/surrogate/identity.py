"""How much of an identity is left, judged by an attacker who knows the anonymiser and has pictures of everybody.

The attacker compares anonymised faces with originals of other frames, aligned by the ORIGINAL five points, which is
more than an attacker has. The threshold is set where 1 % of the pairs of different people match: on pairs of an
original with an anonymised face, since anonymised faces lie lower against everybody.
"""
import dataclasses

import numpy as np

from forge.surrogate import privacy
from forge.surrogate.clips import Clip, Track
from forge.surrogate.judges import Judge
from forge.surrogate.posing import Posing

SMALLEST_FACE = 40
FRAMES, DRAWS = 4, 8
#: Mean embeddings of two tracks that lie closer than this show one person.
_SAME_PERSON = 0.4
_FALSE_MATCHES = 0.01
_RESAMPLES = 2000
#: A face's surroundings that are kept, in larger sides of its box from its middle: more than any judge looks at.
_REACH = 2


@dataclasses.dataclass(frozen=True)
class Face:
    """One face of one frame, in a part of its picture. box: (4,). five: (5, 2). tracked, points: (L, 2), the landmarks
    seen and those that the generator gets. contrast: its settled level. See privacy.py."""

    picture: np.ndarray
    box: np.ndarray
    five: np.ndarray
    tracked: np.ndarray
    points: np.ndarray
    contrast: float


@dataclasses.dataclass
class Sample:
    """FRAMES faces of one track. person: number."""

    track: Track
    person: int
    faces: list[Face]


def samples(clips: list[Clip], judge: Judge, posing: Posing) -> list[Sample]:
    """Frames of large enough faces; the judge decides which tracks, unless seen at once, show one person."""
    found = []
    for clip in clips:
        for track in clip.tracks:
            large = np.flatnonzero(track.detections[:, 3:5].max(1) >= SMALLEST_FACE)
            if len(large) >= FRAMES:
                chosen = large[np.linspace(0, len(large) - 1, FRAMES).astype(int)]
                ready = privacy.prepared(posing, clip.pictures, track)
                found.append(Sample(track, -1, [_face(clip, track, ready, index) for index in chosen]))
    vectors = np.stack([_normalised(np.mean([judge.embed(face.picture, face.five) for face in one.faces], 0))
                        for one in found])
    for index, sample in enumerate(found):
        alike = [found[other].person for other in range(index)
                 if vectors[index] @ vectors[other] > _SAME_PERSON and not _together(sample.track, found[other].track)]
        sample.person = alike[0] if alike else 1 + max((one.person for one in found), default=-1)
    return found


def _face(clip: Clip, track: Track, ready: privacy.Prepared, index: int) -> Face:
    picture, detection = clip.pictures[track.frames[index]], track.detections[index]
    middle, reach = detection[1:3] + detection[3:5] / 2, _REACH * detection[3:5].max()
    # Even corners: the samples of chroma stay where they are.
    left, top = np.maximum(middle - reach, 0).astype(int) // 2 * 2
    right, bottom = np.ceil(middle + reach).astype(int)
    corner = np.array([left, top])
    return Face(np.ascontiguousarray(picture[top:bottom, left:right]), detection[1:5] - [left, top, 0, 0],
                detection[5:].reshape(5, 2) - corner, track.points[index] - corner, ready.points[index] - corner,
                ready.contrast[index])


def embedded(found: list[Sample], judges: list[Judge], variant, seed: int, draws: int = DRAWS) -> list[np.ndarray]:
    """What the judges see of a variant, (face, seed) -> picture: for each judge (tracks * draws, FRAMES, d), the draws
    of a track together."""
    rows: list[list[np.ndarray]] = [[] for _ in judges]
    for index, one in enumerate(found):
        for draw in range(draws):
            pictures = [variant(face, seed + index * draws + draw) for face in one.faces]
            for row, judge in zip(rows, judges):
                row.append(np.stack([judge.embed(picture, face.five) for picture, face in zip(pictures, one.faces)]))
    return [np.stack(row) for row in rows]


def unchanged(face: Face, seed: int) -> np.ndarray:
    """The variant that leaves the original."""
    return face.picture


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
