"""Packs a trained detector for the product and measures it: writes ``detector.onnx``, ``detector.json``, the tables of
``card.md`` and ``card.jpg``.

    python3 -m forge.detector.measure --data SHARED --work FOLDER_OF_TRAINING
    python3 -m forge.detector.measure --data SHARED        # measures what is packed already
"""
import argparse
import pathlib
import shutil
import time

import cv2
import numpy as np

from forge.common import dataset, package, teachers
from forge.common.boxes import iou
from forge.common.ort import Session
from forge.detector import agreement, composites, sheet
from forge.detector.agreement import Pair, compare
from forge.detector.net import KINDS, OUTPUTS
from forge.detector.pictures import VALIDATION_CLIP

FOLDER = pathlib.Path(__file__).parents[2] / "detector"
MODEL = FOLDER / "detector.onnx"

_SIZES = ((0, 16), (16, 32), (32, 64), (64, 128), (128, np.inf), (32, np.inf))
_FRAMES_PER_CLIP = 130
_TIMED_WIDTH, _TIMED_HEIGHT, _TIMED_RUNS = 640, 384, 200

_MEANINGS = {"cls": "score, 0..1", "obj": "the same score: sqrt(cls * obj) is the score",
             "bbox": "dx, dy, log w, log h: centre (grid + d) * stride, size exp(...) * stride",
             "kps": "right eye, left eye, nose, right and left mouth corner: (grid + k) * stride"}

_MANIFEST = {
    "name": "detector",
    "task": "face-detection",
    "files": [MODEL.name],
    "licence": "MIT",
    "inputs": [{"file": MODEL.name, "name": "input", "type": "float32", "shape": ["N", 3, "H", "W"], "colour": "BGR",
                "range": [0, 255], "meaning": "pictures; H and W are multiples of 32, what is padded is black"}],
    "outputs": [{"file": MODEL.name, "name": name, "type": "float32", "shape": ["N", "cells", KINDS[kind]],
                 "meaning": f"{_MEANINGS[kind]}; cells: H/{stride} x W/{stride}, row-major"}
                for name in OUTPUTS for kind, stride in [name.split("_")]],
    "template": {"layout": "YuNet", "strides": list(teachers.STRIDES), "alignment": 32, "score": agreement.SURE},
    "trainedOn": [
        {"data": "AI-generated faces, nine tenths of 2,492", "source": "SFHQ, SFHQ-T2I (D. Beniaguev)",
         "licence": "MIT"},
        {"data": "2,039 everyday pictures without faces, nine tenths of them", "source": "clothing-dataset-small",
         "licence": "CC0-1.0"},
        {"data": "street-walk.mp4, AI-generated", "source": "Imagonix/VideoAnonymizer", "licence": "MIT"},
        {"data": "face-demographics-walking, head-pose-*, one-by-one-*, worker-zone-* clips",
         "source": "intel-iot-devkit/sample-videos", "licence": "CC-BY-4.0"}],
    "teachers": [{"name": "YuNet-n", "source": "ShiqiYu/libfacedetection.train", "licence": "MIT"}],
}


def main() -> None:
    options = _parse()
    if options.work:
        FOLDER.mkdir(exist_ok=True)
        shutil.copy(options.work / "detector.onnx", MODEL)
        package.write_manifest(FOLDER, _MANIFEST)
    student, teacher = teachers.FaceDetector(MODEL), teachers.yunet(options.data)
    held_out = {name: dataset.frames(options.data, name, _FRAMES_PER_CLIP) for name in dataset.HELD_OUT_CLIPS}
    held_out["photos"] = list(dataset.photos(options.data).values())
    held_out = _look(student, teacher, held_out)
    _section("agreement", _by_size(_all(held_out)))
    _section("sources", _by_source(held_out))
    _section("scales", _by_scale(held_out))
    training = [clip for clip in dataset.TRAINING_CLIPS if clip != VALIDATION_CLIP]
    _section("training", _by_source(_look(student, teacher, {
        clip: dataset.frames(options.data, clip, _FRAMES_PER_CLIP // 5) for clip in [*training, VALIDATION_CLIP]})))
    _section("backgrounds", _false_alarms(student, teacher, dataset.backgrounds(options.data, held_out=True)))
    scenes = composites.compose(options.data)
    _section("composites", _known_faces(student, teacher, scenes))
    _section("speed", _speed(options.data))
    sheet.write(FOLDER / "card.jpg", student, teacher, options.data, scenes)


def _look(student, teacher, pictures: dict[str, list[np.ndarray]]) -> dict[str, dict[float, list[Pair]]]:
    """What both see, by source and scale."""
    return {name: {scale: agreement.look(student, teacher, source, scale) for scale in agreement.SCALES}
            for name, source in pictures.items()}


def _all(looks: dict[str, dict[float, list[Pair]]], scales=agreement.SCALES) -> list[Pair]:
    return [pair for source in looks.values() for scale in scales for pair in source[scale]]


def _by_size(pairs: list[Pair]) -> str:
    rows = [["face, px", "score ≥", "recall", "precision", "faces", "false", "five points, face sizes"]]
    for sizes in _SIZES:
        for threshold in (agreement.SURE, agreement.UNSURE):
            result = compare(pairs, threshold, sizes)
            rows.append([_range(sizes), f"{threshold}", f"{result.recall:.3f}", f"{result.precision:.3f}",
                         result.faces, result.false, f"{result.point_error:.3f}"])
    return _table(rows)


def _by_source(looks: dict[str, dict[float, list[Pair]]]) -> str:
    columns = ((0, 16), (16, 32), (32, np.inf))
    rows = [["source", *(f"{_range(sizes)} px" for sizes in columns)]]
    rows += [[name, *(_cell(_all({name: scales}), sizes) for sizes in columns)] for name, scales in looks.items()]
    return _table(rows)


def _by_scale(looks: dict[str, dict[float, list[Pair]]]) -> str:
    columns = ((0, 16), (16, 32), (32, np.inf))
    rows = [["scale", *(f"{_range(sizes)} px" for sizes in columns)]]
    rows += [[scale, *(_cell(_all(looks, (scale,)), sizes) for sizes in columns)] for scale in agreement.SCALES]
    return _table(rows)


def _cell(pairs: list[Pair], sizes: tuple[float, float]) -> str:
    result = compare(pairs, agreement.SURE, sizes)
    if not result.faces + result.detections:
        return "–"
    recall = f"{result.recall:.3f}" if result.faces else "–"
    precision = f"{result.precision:.3f}" if result.detections else "–"
    return f"{recall} / {precision} ({result.faces})"


def _false_alarms(student, teacher, pictures: list[np.ndarray]) -> str:
    rows = [["score ≥", "this net, per picture", "YuNet-n, per picture"]]
    scores = [[np.r_[[0.0], detector.detect(picture, 0.05)[:, 0]][1:] for picture in pictures]
              for detector in (student, teacher)]
    for threshold in (0.3, 0.5, agreement.SURE):
        rows.append([threshold, *(f"{np.mean([(score >= threshold).sum() for score in net]):.3f}" for net in scores)])
    return f"{len(pictures)} pictures\n\n{_table(rows)}"


def _known_faces(student, teacher, scenes: list[composites.Composite]) -> str:
    """Recall of faces that are there, whatever the teacher thinks of them."""
    hits = {(name, threshold): _found(detector, scenes, threshold)
            for name, detector in (("this net", student), ("YuNet-n", teacher))
            for threshold in (agreement.SURE, agreement.UNSURE)}
    sizes = np.concatenate([scene.labels[:, 2:4].max(1) for scene in scenes])
    rows = [["face, px", "faces", *(f"{name} ≥ {threshold}" for name, threshold in hits)]]
    for low, high in ((10, 16), *_SIZES[1:]):
        chosen = (sizes >= low) & (sizes < high)
        rows.append([_range((low, high)), chosen.sum(), *(f"{hit[chosen].mean():.3f}" for hit in hits.values())])
    return _table(rows)


def _found(detector, scenes: list[composites.Composite], threshold: float) -> np.ndarray:
    """Of all faces of all scenes: whether the detector finds it."""
    overlaps = [iou(scene.labels[:, :4], detector.detect(scene.picture, threshold)[:, 1:5]) for scene in scenes]
    return np.concatenate([overlap.max(1, initial=0) for overlap in overlaps]) >= agreement.SAME_FACE


def _speed(root: pathlib.Path) -> str:
    """Medians of runs that take turns, so that what else the machine does hits both alike."""
    sessions = {"this net": Session(MODEL), "YuNet-n": Session(root / "models/yunet_n_dynamic.onnx")}
    picture = np.random.default_rng(1).uniform(0, 255, (1, 3, _TIMED_HEIGHT, _TIMED_WIDTH)).astype(np.float32)
    times = {name: [] for name in sessions}
    for _ in range(_TIMED_RUNS):
        for name, session in sessions.items():
            begin = time.perf_counter()
            session.run({"input": picture})
            times[name].append(1e3 * (time.perf_counter() - begin))
    median = {name: float(np.median(values)) for name, values in times.items()}
    rows = [["net", "median, ms", "times YuNet-n", "file, KB"]]
    sizes = {"this net": MODEL.stat().st_size, "YuNet-n": (root / "models/yunet_n_dynamic.onnx").stat().st_size}
    rows += [[name, f"{value:.1f}", f"{value / median['YuNet-n']:.2f}", f"{sizes[name] / 1000:.0f}"]
             for name, value in median.items()]
    return _table(rows)


def _range(sizes: tuple[float, float]) -> str:
    low, high = sizes
    return f"≥ {low}" if np.isinf(high) else f"{low}–{high}"


def _table(rows: list[list]) -> str:
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _section(name: str, text: str) -> None:
    print(f"\n{name}\n{text}", flush=True)
    package.write_section(FOLDER / "card.md", name, text)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with data/, video/, photos/, models/")
    parser.add_argument("--work", type=pathlib.Path, help="folder of forge.detector.train")
    return parser.parse_args()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
