"""Training pictures: real frames, everyday pictures, pasted AI-generated faces, heads without faces, mosaics of these.

Every kind is cheap (a few warps of cached pictures), because the teacher labels whatever comes out.
"""
import dataclasses
import pathlib

import cv2
import numpy as np

from forge.common import dataset, degrade, teachers
from forge.detector.faces import FaceBank, Placement, placed_box
from forge.detector.views import Pyramid, blend, matrix_around

SIDE = 320

#: Frames of it are never trained on: they choose what the training data must choose (calibration, mixes).
VALIDATION_CLIP = "face-demographics-walking-and-pause"

#: Clips have at most so many frames in memory; neighbours look alike.
_FRAMES_PER_CLIP = 150

#: Shares of the kinds of pictures.
_MIX = {"real": 0.32, "scene": 0.30, "everyday": 0.10, "mosaic": 0.20, "collage": 0.08}

_SMALLEST_FACE, _LARGEST_FACE = 8, 250
_SHAPES, _SHAPE_SHARES = ("face", "head", "bust", "whole"), (0.2, 0.35, 0.35, 0.1)


@dataclasses.dataclass
class Canvas:
    """A picture being composed, and the faces pasted on it that nothing hides: rows of box and points (14,), px."""

    picture: np.ndarray
    labels: list[np.ndarray] = dataclasses.field(default_factory=list)

    def cover(self, box: np.ndarray) -> None:
        """Something was drawn over the box: labels below it no longer hold."""
        self.labels = [label for label in self.labels if _share_covered(label[:4], box) < 0.08]


@dataclasses.dataclass(frozen=True)
class _Frame:
    pyramid: Pyramid
    faces: np.ndarray


class Pictures:
    """Draws training pictures of SIDE x SIDE px. Reading everything takes a minute and about 1 GB."""

    def __init__(self, root: pathlib.Path) -> None:
        teacher = teachers.yunet(root)
        self.faces = FaceBank.read(root, teacher, held_out=False)
        self._everyday = [Pyramid(picture) for picture in dataset.backgrounds(root, held_out=False)]
        frames = [_Frame(Pyramid(frame), teacher.detect_at_scales(frame, 0.4))
                  for clip in dataset.TRAINING_CLIPS if clip != VALIDATION_CLIP
                  for frame in dataset.frames(root, clip, _FRAMES_PER_CLIP)]
        self._peopled = [frame for frame in frames if len(frame.faces)]
        self._empty = [frame for frame in frames if not len(frame.faces)]

    def describe(self) -> str:
        return (f"{len(self.faces)} faces, {len(self._everyday)} everyday pictures, "
                f"{len(self._peopled)} frames with and {len(self._empty)} without faces")

    def sample(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A picture (SIDE, SIDE, 3) BGR and the labels (k, 14) of the pasted faces in plain view."""
        canvas = self._compose(random, str(random.choice(list(_MIX), p=list(_MIX.values()))), SIDE, SIDE)
        picture = _tone(canvas.picture, random) if random.random() < 0.7 else canvas.picture
        picture = degrade.sensor(picture, random, strength=0.6, widest=2)
        return picture, np.array(canvas.labels, np.float32).reshape(-1, 14)

    def _compose(self, random: np.random.Generator, kind: str, height: int, width: int) -> Canvas:
        if kind == "real":
            canvas = Canvas(self._real(random, height, width))
            if random.random() < 0.2:
                self._people(canvas, random, int(random.integers(1, 4)))
        elif kind == "everyday":
            canvas = Canvas(self._background(random, height, width))
        elif kind == "scene":
            canvas = Canvas(self._background(random, height, width))
            for _ in range(int(random.choice([0, 1, 2], p=[0.6, 0.25, 0.15]))):
                self._faceless(canvas, random)
            self._people(canvas, random, int(random.choice([1, 2, 3, 5, 8], p=[0.25, 0.25, 0.2, 0.2, 0.1])))
        elif kind == "collage":
            canvas = self._collage(random, height, width)
        else:
            canvas = self._mosaic(random, height, width)
        return canvas

    def _mosaic(self, random: np.random.Generator, height: int, width: int) -> Canvas:
        """Four smaller pictures: more variety for one price."""
        canvas = Canvas(np.empty((height, width, 3), np.uint8))
        row, column = (int(side * random.uniform(0.35, 0.65)) for side in (height, width))
        kinds = [kind for kind in _MIX if kind not in ("mosaic", "collage")]
        for y, x, h, w in ((0, 0, row, column), (0, column, row, width - column),
                           (row, 0, height - row, column), (row, column, height - row, width - column)):
            part = self._compose(random, str(random.choice(kinds)), h, w)
            canvas.picture[y:y + h, x:x + w] = part.picture
            canvas.labels += [label + np.tile([x, y], 7) * np.r_[1, 1, 0, 0, np.ones(10)] for label in part.labels]
        return canvas

    def _collage(self, random: np.random.Generator, height: int, width: int) -> Canvas:
        """A grid of whole face pictures."""
        canvas = Canvas(self._background(random, height, width))
        count = int(random.integers(1, 6))
        cell = np.array([width, height]) / count
        for row in range(count):
            for column in range(count):
                if random.random() < 0.85:
                    size = cell.min() * random.uniform(0.45, 0.8)
                    self._paste(canvas, random, Placement(size, tuple(cell * (column + 0.5, row + 0.5)),
                                                          mirrored=random.random() < 0.5), "whole")
        return canvas

    def _real(self, random: np.random.Generator, height: int, width: int) -> np.ndarray:
        """Part of a real frame, mostly around a face and scaled so that the face has a size drawn at random."""
        frame = self._peopled[random.integers(len(self._peopled))]
        if random.random() < 0.7:
            face = frame.faces[random.integers(len(frame.faces))]
            scale = np.clip(_face_size(random, _LARGEST_FACE) / face[3:5].max(), 0.12, 3.5)
            point = face[1:3] + face[3:5] / 2
        else:
            scale = np.exp(random.uniform(np.log(0.25), np.log(2)))
            point = random.uniform(0, 1, 2) * frame.pyramid.size
        return self._view(frame.pyramid, random, point, scale, height, width)

    def _background(self, random: np.random.Generator, height: int, width: int) -> np.ndarray:
        """A picture without faces."""
        kind = random.random()
        if kind < 0.04:
            return degrade.procedural(height, width, random)
        if kind < 0.3 and self._empty:
            pyramid = self._empty[random.integers(len(self._empty))].pyramid
        else:
            pyramid = self._everyday[random.integers(len(self._everyday))]
        least = max(width / pyramid.size[0], height / pyramid.size[1])
        scale = least * np.exp(random.uniform(np.log(0.6), np.log(2.5)))
        return self._view(pyramid, random, random.uniform(0, 1, 2) * pyramid.size, scale, height, width)

    def _texture(self, height: int, width: int, random: np.random.Generator) -> np.ndarray:
        return self._background(random, height, width)

    @staticmethod
    def _view(pyramid: Pyramid, random: np.random.Generator, point: np.ndarray, scale: float, height: int,
              width: int) -> np.ndarray:
        angle = random.normal(0, 8) if random.random() < 0.4 else 0.0
        at = random.uniform(0.12, 0.88, 2) * (width, height)
        if scale * pyramid.size[0] > width and scale * pyramid.size[1] > height:
            at = _without_border(point, at, scale, pyramid.size, (width, height))
        matrix = matrix_around(point, at, scale, angle, np.exp(random.normal(0, 0.07)), random.random() < 0.5)
        border = cv2.BORDER_REFLECT if random.random() < 0.5 else cv2.BORDER_CONSTANT
        return pyramid.view(matrix, (width, height), border)

    def _people(self, canvas: Canvas, random: np.random.Generator, count: int) -> None:
        """Pastes faces where there is room, far (small) ones first."""
        height, width = canvas.picture.shape[:2]
        largest = min(_LARGEST_FACE, 1.1 * min(height, width)) if count < 4 else min(90, 0.5 * min(height, width))
        for size in sorted(_face_size(random, largest) for _ in range(count)):
            centre = random.uniform(-0.1, 1.1, 2) * (width, height)
            angle = random.normal(0, 10) if random.random() < 0.8 else random.uniform(-40, 40)
            placement = Placement(size, tuple(centre), angle, np.exp(random.normal(-0.05, 0.12)), random.random() < 0.5)
            shape = str(random.choice(_SHAPES, p=_SHAPE_SHARES))
            if shape in ("head", "bust") and random.random() < 0.5:
                self._torso(canvas, random, placement)
            self._paste(canvas, random, placement, shape, occluded=random.random() < 0.18)

    def _torso(self, canvas: Canvas, random: np.random.Generator, placement: Placement) -> None:
        """Clothes below a head: a piece of an everyday picture in the shape of shoulders."""
        height, width = canvas.picture.shape[:2]
        x, y = placement.centre
        half = placement.size * random.uniform(0.8, 1.2)
        top = y + placement.size * random.uniform(0.5, 0.65)
        shoulder, hem = top + half * 0.5, top + 4 * half
        outline = np.array([[x - half * 0.45, top], [x + half * 0.45, top], [x + half, shoulder],
                            [x + half * 1.05, hem], [x - half * 1.05, hem], [x - half, shoulder]])
        box = _clipped(np.r_[outline.min(0), np.ptp(outline, axis=0)], width, height)
        if box is None:
            return
        left, upper, w, h = box
        mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(mask, [np.int32(outline - (left, upper))], 255)
        cover = self._background(random, h, w)
        region = canvas.picture[upper:upper + h, left:left + w]
        region[mask > 0] = cover[mask > 0]
        canvas.cover(np.array(box, float))

    def _paste(self, canvas: Canvas, random: np.random.Generator, placement: Placement, shape: str,
               occluded: bool = False) -> None:
        height, width = canvas.picture.shape[:2]
        index = self.faces.pick(random)
        matrix = placement.matrix(self.faces.boxes[index])
        corners = teachers.transform(matrix, np.array([[0, 0], [256, 0], [256, 256], [0, 256]]))
        region = _clipped(np.r_[corners.min(0), np.ptp(corners, axis=0)], width, height)
        if region is None:
            return
        x, y, w, h = region
        local = matrix - np.array([[0, 0, x], [0, 0, y]])
        face, mask = self.faces.draw(index, local, shape, random, (w, h))
        if random.random() < 0.6:
            face = _tone(face, random)
        below = canvas.picture[y:y + h, x:x + w]
        canvas.picture[y:y + h, x:x + w] = blend(below, face, mask)
        box = placed_box(matrix, self.faces.boxes[index])
        canvas.cover(np.array(region, float) if shape == "whole" else _grown(box, 1.5))
        if occluded:
            degrade.occlude(below, box - (x, y, 0, 0), random, self._texture)
        elif _share_covered(box, np.array([0, 0, width, height], float)) > 0.95:
            canvas.labels.append(self.faces.label(index, matrix))

    def _faceless(self, canvas: Canvas, random: np.random.Generator) -> None:
        """A head whose face is painted over: hair and outline alone are no face."""
        height, width = canvas.picture.shape[:2]
        size = _face_size(random, 140)
        centre = random.uniform(0, 1, 2) * (width, height)
        self._paste(canvas, random, Placement(size, tuple(centre), random.normal(0, 10)), "head")
        axes = (int(size * random.uniform(0.38, 0.5)) + 1, int(size * random.uniform(0.5, 0.6)) + 1)
        box = _clipped(np.r_[centre - axes, 2 * np.array(axes)], width, height)
        if box is None:
            return
        x, y, w, h = box
        mask = np.zeros((h, w), np.uint8)
        cv2.ellipse(mask, (int(centre[0]) - x, int(centre[1]) - y), axes, 0, 0, 360, 255, -1)
        cover = self._background(random, h, w)
        canvas.picture[y:y + h, x:x + w] = blend(canvas.picture[y:y + h, x:x + w], cover, mask)
        canvas.cover(np.array(box, float))


def _face_size(random: np.random.Generator, largest: float) -> float:
    """Longer side in px: as many faces between 10 and 20 as between 100 and 200."""
    return float(np.exp(random.uniform(np.log(_SMALLEST_FACE), np.log(max(largest, _SMALLEST_FACE + 1)))))


def _without_border(point, at, scale: float, size, crop) -> np.ndarray:
    """Moves ``at`` so that a crop of a larger picture stays within it (but for its turning)."""
    low = np.asarray(crop) - (np.asarray(size) - point) * scale
    return np.clip(at, low, np.maximum(np.asarray(point) * scale, low))


def _tone(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Like degrade.light, through a table of 256 values: a tenth of the cost."""
    if random.random() < 0.12:
        picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[:, None] ** np.float32(np.exp(random.normal(0, 0.3)))
    ramp = 255 * ramp * np.exp(random.normal(0, 0.08, 3)) * random.uniform(0.6, 1.25) + random.uniform(-20, 20)
    toned = cv2.LUT(picture, np.clip(ramp, 0, 255).astype(np.uint8)[None])
    if random.random() < 0.2:
        corners = random.uniform(0.5, 1.4, (2, 2)).astype(np.float32)
        slope = cv2.resize(corners, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        toned = cv2.multiply(toned, cv2.merge([slope] * 3), dtype=cv2.CV_8U)
    return toned


def _clipped(box: np.ndarray, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Whole-pixel part of a box (x, y, w, h) inside the picture; none if less than 2 px remain."""
    low = np.maximum(np.floor(box[:2]), 0).astype(int)
    high = np.minimum(np.ceil(box[:2] + box[2:]), (width, height)).astype(int)
    size = high - low
    return None if size.min() < 2 else (int(low[0]), int(low[1]), int(size[0]), int(size[1]))


def _grown(box: np.ndarray, factor: float) -> np.ndarray:
    return np.r_[box[:2] - box[2:] * (factor - 1) / 2, box[2:] * factor]


def _share_covered(box: np.ndarray, by: np.ndarray) -> float:
    low, high = np.maximum(box[:2], by[:2]), np.minimum(box[:2] + box[2:], by[:2] + by[2:])
    return float(np.clip(high - low, 0, None).prod() / box[2:].prod())
