"""What the landmark net learns from: luma crops with 144 points, made once and kept in the work folder.

Four kinds of faces. ``synthetic``: AI-generated, labelled by Face Mesh (mean of several jittered passes, which is less
noisy than one). ``view``: the same faces turned. ``profile``: AI-generated faces on which the mesh fails, labelled by a
head fitted to OpenSeeFace's points. ``clip``: faces of the clips that may be trained on, labelled by Face Mesh.
"""
import dataclasses
import multiprocessing
import pathlib

import cv2
import numpy as np

from forge.common import dataset
from forge.common.teachers import FaceMesh, mesh_error, transform, yunet
from forge.common.topology import OVAL, POINTS
from forge.landmarks import views
from forge.landmarks.head import Head
from forge.landmarks.openseeface import OpenSeeFace

SOURCE_SIDE = 256
_GROW = 1.5
_PASSES = 5
_VIEWS = 3
_CLIP_FRAMES = 90
_CLIP_FACE_PX = 40
_FALLBACK_BOX = (43.0, 43.0, 170.0, 170.0)

#: Above this confidence of OpenSeeFace and below this residual (head sizes) a fitted head serves as a label.
_SURE, _CLOSE = 0.6, 0.12
#: Pictures whose small versions correlate more than this show the same face: several sheets repeat faces.
_SAME_PICTURE = 0.92

#: Two labels of a face agree when their points differ by less than this, in box sizes.
_AGREE = 0.05


@dataclasses.dataclass(frozen=True)
class Faces:
    """n luma pictures of 256 x 256 px with one face each.

    images: (n, 256, 256) uint8. points: (n, 144, 2) px. box: (n, 4) px, as a detector gives it. size: (n,) px of the
    face in its original picture. yaw: (n,) degrees. kind: (n,) names.
    """

    images: np.ndarray
    points: np.ndarray
    box: np.ndarray
    size: np.ndarray
    yaw: np.ndarray
    kind: np.ndarray

    def save(self, path: pathlib.Path) -> None:
        np.savez(path, **dataclasses.asdict(self))

    @staticmethod
    def load(path: pathlib.Path) -> "Faces":
        with np.load(path) as file:
            return Faces(**{field.name: file[field.name] for field in dataclasses.fields(Faces)})

    @staticmethod
    def joined(parts: list["Faces"]) -> "Faces":
        names = [field.name for field in dataclasses.fields(Faces)]
        return Faces(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def prepare(root: pathlib.Path, work: pathlib.Path, processes: int) -> Faces:
    """The training faces, from the work folder where an earlier run has left them."""
    path = work / "faces.npz"
    if not path.exists():
        synthetic = dataset.synthetic_faces(root)
        head = Head(synthetic.mesh[synthetic.trusted & ~synthetic.held_out])
        work.mkdir(parents=True, exist_ok=True)
        with multiprocessing.Pool(processes, _start, (root,)) as pool:
            Faces.joined([*_synthetic(synthetic, head, pool), _clips(head, pool)]).save(path)
    return Faces.load(path)


def luma(picture: np.ndarray) -> np.ndarray:
    """(h, w, 3) BGR -> (h, w) full-range BT.601 luma."""
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def chosen(faces: dataset.SyntheticFaces, mask: np.ndarray) -> dataset.SyntheticFaces:
    """The faces where the mask (n,) holds."""
    return dataset.SyntheticFaces(**{name: values[mask] for name, values in vars(faces).items()})


def middle_detection(detections: np.ndarray) -> np.ndarray:
    """The detection of the face in the middle of a 256 px picture, else one with the usual box and no points."""
    near = detections[np.abs(detections[:, 1:3] + detections[:, 3:5] / 2 - SOURCE_SIDE / 2).max(1) < 40]
    if len(near):
        return near[0]
    return np.r_[0, _FALLBACK_BOX, np.full(10, np.nan)].astype(np.float32)


def copies_of_held_out(faces: dataset.SyntheticFaces) -> np.ndarray:
    """(n,) bool: pictures that repeat a held-out one. To train on them would be to train on the test."""
    small = np.stack([cv2.resize(luma(picture)[48:208, 48:208], (24, 24), interpolation=cv2.INTER_AREA)
                      for picture in faces.images]).reshape(len(faces.images), -1).astype(np.float32)
    small -= small.mean(1, keepdims=True)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    alike = (small @ small[faces.held_out].T).max(1) > _SAME_PICTURE
    return alike & ~faces.held_out


_teachers = {}


def _start(root: pathlib.Path) -> None:
    cv2.setNumThreads(1)
    _teachers.update(root=root, detector=yunet(root), mesh=FaceMesh(root), second=OpenSeeFace(root))


def _synthetic(faces: dataset.SyntheticFaces, head: Head, pool) -> list[Faces]:
    chosen = np.flatnonzero(~faces.held_out & ~copies_of_held_out(faces))
    jobs = [(faces.images[i], faces.points[i], faces.mesh[i], int(i)) for i in chosen]
    detections, means, seconds, sure = (np.array(column) for column in zip(*pool.map(_teach, jobs, chunksize=16)))
    trusted = faces.trusted[chosen]
    head.calibrate(means[trusted], seconds[trusted])
    kept = _faces(faces.images[chosen[trusted]], means[trusted], detections[trusted, 1:5], head, "synthetic")
    surfaces = views.triangles(faces.mesh[faces.trusted & ~faces.held_out])
    turned = [(faces.images[i], mesh, box, surfaces, int(i))
              for i, mesh, box in zip(chosen[trusted], means[trusted], detections[trusted, 1:5])]
    drawn = [view for face in pool.map(_turn, turned, chunksize=16) for view in face]
    images, meshes, boxes = (np.stack(column) for column in zip(*drawn))
    profiles = _profiles(faces, chosen, ~trusted & (sure > _SURE), detections, means, seconds, head, pool)
    return [kept, _faces(images, meshes, boxes, head, "view"), profiles]


def _teach(job) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Detection, mean mesh (468, 3), OpenSeeFace's points (66, 2) and their confidence."""
    picture, points, stored, seed = job
    detection = middle_detection(_teachers["detector"].detect(picture, 0.3))
    second, confidence = _teachers["second"].points(picture, detection[1:5])
    upright = np.r_[detection[:5], points.ravel()]
    return detection, mean_mesh(_teachers["mesh"], picture, upright, np.random.default_rng(seed)), second, confidence


def mean_mesh(teacher: FaceMesh, picture: np.ndarray, detection: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Mean of the teacher's answers on slightly different crops: (468, 3) px."""
    answers = [teacher.points(picture, detection)]
    for _ in range(_PASSES - 1):
        answers.append(teacher.points(picture, jittered(detection, random)))
    return np.mean(answers, 0)


def jittered(detection: np.ndarray, random: np.random.Generator, amount: float = 0.03) -> np.ndarray:
    """The detection with noise on its box; its eyes, which set the roll, move by as much."""
    side = detection[3:5].max()
    moved = detection.copy()
    moved[1:3] += random.normal(0, amount, 2) * side
    moved[3:5] *= np.exp(random.normal(0, amount))
    moved[5:9] += random.normal(0, amount, 4) * side
    return moved


def _turn(job) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    picture, mesh, box, surfaces, seed = job
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(_VIEWS):
        yaw = random.uniform(12, 65) * random.choice([-1, 1])
        image, turned = views.turn(picture, mesh, surfaces, yaw, random.uniform(-18, 18))
        drawn.append((image, turned, _carried(box, mesh[OVAL, :2], turned[OVAL, :2])))
    return drawn


def _carried(box: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The detector's box after the oval has changed: its margins around the oval grow and shrink with it."""
    stretch = np.ptp(after, axis=0) / np.ptp(before, axis=0)
    low = after.min(0) + (box[:2] - before.min(0)) * stretch
    high = after.max(0) + (box[:2] + box[2:] - before.max(0)) * stretch
    return np.concatenate([low, high - low])


def _profiles(faces, chosen, wanted, detections, means, seconds, head: Head, pool) -> Faces:
    """Labels where the mesh is not trusted: the mesh where both teachers agree, else the fitted head if it is close."""
    wanted = np.flatnonzero(wanted)
    fits = pool.starmap(_fit, [(head, seconds[i]) for i in wanted], chunksize=8)
    side = detections[wanted, 3:5].max(1)
    apart = [np.linalg.norm(fit.mesh[POINTS, :2] - means[i, POINTS, :2], axis=1).mean() for fit, i in zip(fits, wanted)]
    agree = np.array(apart) / side < _AGREE
    close = np.array([fit.residual for fit in fits]) < _CLOSE
    meshes = np.stack([means[i] if same else fit.mesh for fit, i, same in zip(fits, wanted, agree)])
    keep = agree | close
    kept = wanted[keep]
    return _faces(faces.images[chosen[kept]], meshes[keep], detections[kept, 1:5], head, "profile")


def _fit(head: Head, points: np.ndarray):
    return head.fit(points)


def _faces(pictures: np.ndarray, meshes: np.ndarray, boxes: np.ndarray, head: Head, kind: str,
           size: np.ndarray | None = None) -> Faces:
    count = len(pictures)
    return Faces(
        images=np.stack([luma(picture) for picture in pictures]),
        points=meshes[:, POINTS, :2].astype(np.float32),
        box=np.asarray(boxes, np.float32),
        size=np.full(count, 175.0) if size is None else size,
        yaw=np.array([head.yaw(mesh) for mesh in meshes]),
        kind=np.full(count, kind))


def _clips(head: Head, pool) -> Faces:
    found = [face for clip in pool.map(_clip, dataset.TRAINING_CLIPS, chunksize=1) for face in clip]
    images, meshes, boxes, sizes = zip(*found)
    return _faces(np.stack(images), np.stack(meshes), np.stack(boxes), head, "clip", np.array(sizes))


def _clip(name: str) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """Crops, meshes, boxes and native sizes of a clip's faces, as far as mesh and detector agree."""
    found, random = [], np.random.default_rng(1)
    for picture in dataset.frames(_teachers["root"], name, _CLIP_FRAMES):
        for detection in _teachers["detector"].detect(picture, 0.7):
            if detection[3:5].max() < _CLIP_FACE_PX:
                continue
            mesh = mean_mesh(_teachers["mesh"], picture, detection, random)
            if mesh_error(mesh, detection) <= dataset.TRUSTED_MESH_ERROR:
                found.append(_source(picture, detection, mesh))
    return found


def _source(picture: np.ndarray, detection: np.ndarray, mesh: np.ndarray):
    x, y, width, height = (float(value) for value in detection[1:5])
    side = max(width, height) * _GROW
    scale = SOURCE_SIDE / side
    matrix = np.array([[scale, 0, 0], [0, scale, 0]])
    matrix[:, 2] = SOURCE_SIDE / 2 - scale * np.array([x + width / 2, y + height / 2])
    image = cv2.warpAffine(picture, matrix, (SOURCE_SIDE, SOURCE_SIDE), borderMode=cv2.BORDER_REFLECT)
    moved = np.c_[transform(matrix, mesh[:, :2]), mesh[:, 2] * scale]
    box = np.r_[transform(matrix, np.array([x, y])), width * scale, height * scale]
    return image, moved, box, max(width, height)
