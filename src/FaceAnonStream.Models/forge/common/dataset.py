"""What the forge trains on and what it keeps for tests. ``root`` is the folder given as --data.

    data/synthetic-faces/   AI-generated faces: faces.csv, landmarks468.npy, images/
    data/backgrounds/       everyday pictures without faces
    video/, photos/         clips and photographs
    models/                 teachers
"""
import csv
import dataclasses
import pathlib

import cv2
import numpy as np

#: Clips whose licence allows training.
TRAINING_CLIPS = [
    "face-demographics-walking", "face-demographics-walking-and-pause", "head-pose-face-detection-female-and-male",
    "head-pose-face-detection-male", "one-by-one-person-detection", "street-walk", "worker-zone-detection",
]

#: Clips for measuring only. Photographs are for measuring only, too.
HELD_OUT_CLIPS = ["baseball-640x360", "classroom", "two-men-480p"]

#: A mesh whose eyes lie further than this (in eye distances) from the detector's is not trusted.
TRUSTED_MESH_ERROR = 0.12

_HOLD_OUT_EVERY = 10
_LONGEST_SIDE = 1280


@dataclasses.dataclass(frozen=True)
class SyntheticFaces:
    """n pictures of 256 x 256 px, one AI-generated face in the middle of each.

    images: (n, 256, 256, 3) uint8 BGR. mesh: (n, 468, 3) px, z grows away from the camera. points: (n, 5, 2) px, right
    eye, left eye, nose, right and left mouth corner. mesh_error: (n,) distance of the mesh's eyes from the detector's,
    in eye distances. sheet: (n,) names of the sheets that the pictures were cut from. held_out: (n,) bool.
    """

    images: np.ndarray
    mesh: np.ndarray
    points: np.ndarray
    mesh_error: np.ndarray
    sheet: np.ndarray
    held_out: np.ndarray

    @property
    def trusted(self) -> np.ndarray:
        return self.mesh_error <= TRUSTED_MESH_ERROR


def synthetic_faces(root: pathlib.Path) -> SyntheticFaces:
    folder = root / "data/synthetic-faces"
    with open(folder / "faces.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [f"{axis}_{point}" for point in ("eye_r", "eye_l", "nose", "mouth_r", "mouth_l") for axis in "xy"]
    return SyntheticFaces(
        images=np.stack([_read(folder / "images" / row["file"]) for row in rows]),
        mesh=np.load(folder / "landmarks468.npy").astype(np.float32),
        points=np.array([[float(row[column]) for column in columns] for row in rows], np.float32).reshape(-1, 5, 2),
        mesh_error=np.array([float(row["mesh_eye_error"]) for row in rows], np.float32),
        sheet=np.array([row["sheet"] for row in rows]),
        held_out=_held_out(len(rows)),
    )


def backgrounds(root: pathlib.Path, held_out: bool) -> list[np.ndarray]:
    """BGR pictures without faces, for training or for measuring."""
    paths = sorted((root / "data/backgrounds").glob("*.jpg"))
    return [_read(path) for path, held in zip(paths, _held_out(len(paths))) if held == held_out]


def photos(root: pathlib.Path) -> dict[str, np.ndarray]:
    """Photographs (held out) by name, at most 1280 px long."""
    return {path.stem: _limit(_read(path)) for path in sorted((root / "photos").glob("*.jpg"))}


def frames(root: pathlib.Path, clip: str, count: int | None = None) -> list[np.ndarray]:
    """BGR frames of a clip, at most 1280 px long; count: so many, evenly spread, instead of all."""
    capture = cv2.VideoCapture(str(root / "video" / f"{clip}.mp4"))
    total = []
    while True:
        more, picture = capture.read()
        if not more:
            break
        total.append(picture)
    if not total:
        raise FileNotFoundError(f"{root}/video/{clip}.mp4: no frame can be read")
    chosen = range(len(total)) if count is None else np.unique(np.linspace(0, len(total) - 1, count).astype(int))
    return [_limit(total[index]) for index in chosen]


def _held_out(count: int) -> np.ndarray:
    return np.arange(count) % _HOLD_OUT_EVERY == 0


def _read(path: pathlib.Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    if picture is None:
        raise FileNotFoundError(f"{path}: no picture can be read")
    return picture


def _limit(picture: np.ndarray) -> np.ndarray:
    scale = _LONGEST_SIDE / max(picture.shape[:2])
    return picture if scale >= 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
