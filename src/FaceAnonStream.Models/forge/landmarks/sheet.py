"""The picture of the card: held-out AI-generated faces and openly licensed clips, with the net's points drawn."""
import pathlib

import cv2
import numpy as np

from forge.common import dataset
from forge.common.teachers import transform, warp
from forge.common.topology import GROUPS
from forge.landmarks import luma
from forge.landmarks.crops import SIDE, crop_matrix

_TILE = 132
_COLUMNS = 9
_CAPTION = 18
_SHOWN_GROWTH = 0.85
_COLOURS = {"oval": (90, 220, 90), "eyes": (255, 200, 60), "brows": (220, 120, 255), "lips": (70, 90, 255),
            "nose": (60, 220, 255)}
#: Clips whose licences allow to show them, and how many faces of each.
_CLIPS = {"classroom": 3, "street-walk": 2, "face-demographics-walking": 2,
          "head-pose-face-detection-female-and-male": 2}


def draw_sheet(bench, path: pathlib.Path) -> None:
    """bench: a measure.Bench. Every row is chosen by rule or at random, none by its result."""
    random = np.random.default_rng(3)
    yaws = np.abs([bench.head.yaw(mesh) for mesh in bench.synthetic.mesh])
    trusted = bench.synthetic.trusted
    everyone = [(picture, detection) for picture, detection in zip(bench.synthetic.images, bench.detections)]
    plain = _some(everyone, np.flatnonzero(trusted), random)
    small = [_reduced(*face, px)
             for face, px in zip(_some(everyone, np.flatnonzero(trusted), random), [28, 24, 20] * 3)]
    turned = _some(everyone, np.flatnonzero(trusted & (yaws > 30)), random)
    failed = _some(everyone, np.flatnonzero(~trusted & (bench.synthetic.mesh_error > 0.25)), random)
    covered = [_covered(*face, random) for face in _some(everyone, np.flatnonzero(trusted), random)]
    rows = {
        "held-out AI-generated faces, at random": plain,
        "the same set at 28, 24 and 20 px": small,
        "turned by more than 30 degrees": turned,
        "where Face Mesh fails": failed,
        "partly covered": covered,
        "clips: classroom (held out), street-walk and Intel samples (trained on)": _clip_faces(bench, random),
    }
    blocks = [block for title, faces in rows.items() for block in (_caption(title), _row(bench, faces))]
    cv2.imwrite(str(path), np.vstack(blocks), [cv2.IMWRITE_JPEG_QUALITY, 78])


def _some(faces: list, indices: np.ndarray, random: np.random.Generator) -> list:
    return [faces[i] for i in random.permutation(indices)[:_COLUMNS]]


def _reduced(picture: np.ndarray, detection: np.ndarray, px: int) -> tuple[np.ndarray, np.ndarray]:
    factor = px / detection[3:5].max()
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return small, np.r_[detection[:1], (detection[1:3] + 0.5) * factor - 0.5, detection[3:] * factor]


def _covered(picture: np.ndarray, detection: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mask = np.full(picture.shape[:2], 255, np.uint8)
    luma.occlude(mask, detection[1:5], random, np.zeros((8, 8), np.uint8))
    return np.where(mask[..., None] == 0, np.uint8(110), picture), detection


def _clip_faces(bench, random: np.random.Generator) -> list:
    found = []
    for name, count in _CLIPS.items():
        faces = [(picture, detection) for picture in dataset.frames(bench.root, name, 37)
                 for detection in bench.detector.detect(picture, 0.6)]
        found += [faces[i] for i in random.permutation(len(faces))[:count]]
    return found


def _row(bench, faces: list) -> np.ndarray:
    tiles = [_tile(bench, picture, detection) for picture, detection in faces]
    tiles += [np.zeros((_TILE, _TILE, 3), np.uint8)] * (_COLUMNS - len(tiles))
    return np.hstack(tiles)


def _tile(bench, picture: np.ndarray, detection: np.ndarray) -> np.ndarray:
    points, usability = bench.net.ask(picture, detection[None, 1:5])
    matrix = crop_matrix(detection[1:5]) * (_TILE * _SHOWN_GROWTH / SIDE)
    matrix[:, 2] += _TILE * (1 - _SHOWN_GROWTH) / 2
    tile = warp(picture, matrix, _TILE, cv2.BORDER_REPLICATE)
    colours = [colour for name, count in GROUPS.items() for colour in [_COLOURS[name]] * count]
    for point, colour in zip(transform(matrix, points[0]), colours):
        cv2.circle(tile, tuple(int(value) for value in np.round(point * 8)), 5, colour, -1, cv2.LINE_AA, 3)
    cv2.putText(tile, f"{usability[0]:.2f}", (3, _TILE - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 255), 1,
                cv2.LINE_AA)
    return tile


def _caption(text: str) -> np.ndarray:
    strip = np.zeros((_CAPTION, _TILE * _COLUMNS, 3), np.uint8)
    cv2.putText(strip, text, (4, _CAPTION - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (220, 220, 220), 1, cv2.LINE_AA)
    return strip
