"""Measures landmarks.onnx on held-out data and writes the tables into its card, and the card's picture.

    python3 -m forge.landmarks.measure --data ../../../shared
"""
import argparse
import pathlib
import time

import cv2
import numpy as np

from forge.common import dataset
from forge.common.ort import Session
from forge.common.package import write_section
from forge.common.topology import GROUPS, POINTS
from forge.landmarks.answers import relative_errors
from forge.landmarks.bench import AGREED, FRAMES, LEAST_PX, SHARED, Bench, Face, five_error, noisy, shared_error, shrunk
from forge.landmarks.crops import SIDE
from forge.landmarks.labels import mean_mesh
from forge.landmarks.manifest import FOLDER
from forge.landmarks.sheet import draw_sheet

_SIZES = (None, 96, 48, 24, 16)
_YAWS = ((0, 25), (25, 40), (40, 55), (55, 90))
_USABLE_PX = ((8, 16), (16, 24), (24, 48), (48, 96), (96, 2000))
_JITTER_FRAMES, _JITTER_PX, _FEWEST = 150, 32, 10
_ROUNDS = 400
_SURE_SECOND = 0.5


def synthetic_table(bench: Bench) -> str:
    """Errors on held-out AI-generated faces by size, against the teacher, and by part of the face."""
    faces = [Face(bench.synthetic.images[i], bench.detections[i], bench.synthetic.mesh[i, POINTS, :2])
             for i in np.flatnonzero(bench.synthetic.trusted)]
    lines = [f"{len(faces)} faces. Mean error over the 144 points in % of the eye distance (90th percentile of the "
             "faces). The reference is the data set's: one pass of Face Mesh on the uncut picture.", "",
             "| face px | the net | the net, box noise 4 % | the teacher on the same pixels, box noise 4 % |",
             "|---|---|---|---|"]
    lines += [f"| {px or 'native'} | {_cells(bench, [shrunk(face, px) for face in faces])} |" for px in _SIZES]
    random = np.random.default_rng(0)
    answers = np.stack([bench.answer(face.picture, face.detection) for face in faces])
    native = relative_errors(answers, np.stack([face.truth for face in faces]))
    single = np.stack([bench.teacher(face.picture, face.detection) for face in faces])
    mean = np.stack([mean_mesh(bench.mesh, face.picture, face.detection, random)[POINTS, :2] for face in faces])
    edges = np.cumsum([0, *GROUPS.values()])
    parts = ", ".join(f"{name} {100 * native[:, a:b].mean():.2f}" for name, a, b in zip(GROUPS, edges, edges[1:]))
    lines += ["", f"Native, by part: {parts}.", "",
              f"Native, against one pass of the teacher on the same 256 px picture: "
              f"{_percent(relative_errors(answers, single))}; against the mean of five passes on slightly different "
              f"crops, which is less noisy: {_percent(relative_errors(answers, mean))}."]
    return "\n".join(lines)


def real_table(bench: Bench) -> str:
    """Errors on real frames: held out, and of the clips that were trained on."""
    held = {name: dataset.frames(bench.root, name, FRAMES) for name in dataset.HELD_OUT_CLIPS}
    held["photos"] = list(dataset.photos(bench.root).values())
    trained = {name: dataset.frames(bench.root, name, FRAMES) for name in dataset.TRAINING_CLIPS}
    lines = [f"Faces of {LEAST_PX} px and more, up to {FRAMES} frames of a clip, on which Face Mesh agrees with YuNet "
             f"about the eyes and with OpenSeeFace about all shared points (within {100 * AGREED:.0f} % of the box): "
             "where the teachers disagree, mostly on profiles, there is no reference, and the next table tells more. "
             "The last row of a block does without OpenSeeFace's consent. Errors as above. Sources that are not listed "
             "have no such face. There are few people in these clips.", "",
             "| source | faces | median px | the net | the net, box noise 4 % | the teacher, box noise 4 % |",
             "|---|---|---|---|---|---|"]
    for title, sources in (("held out", held), ("trained on", trained)):
        found = {name: bench.real_faces(pictures) for name, pictures in sources.items()}
        agreed = {name: [face for face in faces if bench.agreed(face)] for name, faces in found.items()}
        agreed[f"**all {title}**"] = [face for faces in agreed.values() for face in faces]
        agreed[f"all {title}, agreement about the eyes only"] = [face for faces in found.values() for face in faces]
        for name, faces in agreed.items():
            if faces:
                px = np.median([face.detection[3:5].max() for face in faces])
                lines.append(f"| {name} | {len(faces)} | {px:.0f} | {_cells(bench, faces)} |")
    return "\n".join(lines)


def _cells(bench: Bench, faces: list[Face]) -> str:
    """Errors of the net, of the net on noisy boxes, of the teacher on the same noisy boxes."""
    random = np.random.default_rng(0)
    boxes = [noisy(face.detection, random) for face in faces]
    answers = ([bench.answer(face.picture, face.detection) for face in faces],
               [bench.answer(face.picture, box) for face, box in zip(faces, boxes)],
               [bench.teacher(face.picture, box) for face, box in zip(faces, boxes)])
    truth = np.stack([face.truth for face in faces])
    return " | ".join(_percent(relative_errors(np.stack(answer), truth)) for answer in answers)


def _percent(error: np.ndarray) -> str:
    """error: (n, 144)."""
    faces = error.mean(1)
    return f"{100 * faces.mean():.2f} ({100 * np.percentile(faces, 90):.1f})"


def profile_table(bench: Bench) -> str:
    """Turned heads: the net and Face Mesh against two judges that are neither of them."""
    rows = []
    generated = [face for face in zip(bench.synthetic.images, bench.detections) if face[1][0] > 0]
    for picture, detection in generated + bench.sure_detections(bench.held_out_pictures(), LEAST_PX):
        second, confidence = bench.second.points(picture, detection[1:5])
        if confidence < _SURE_SECOND:
            continue
        answers, usability = bench.net.ask(picture, detection[None, 1:5])
        cells = [value for points in (answers[0], bench.teacher(picture, detection))
                 for value in (five_error(points, detection), shared_error(points, second, detection))]
        rows.append([abs(bench.head.fit(second).yaw), usability[0], *cells])
    rows = np.array(rows)
    lines = ["All held-out faces, AI-generated and real, by the yaw of a head fitted to OpenSeeFace's points; none is "
             "left out because the mesh fails on it. Mean distance in % of the box's longer side from YuNet's five "
             f"points, and from the {len(SHARED)} points that OpenSeeFace and we share. OpenSeeFace has taught the net "
             "on profiles (on other faces), YuNet's points have not. Face Mesh gets its crop turned upright by YuNet's "
             "eyes, the net gets the plain box.", "",
             "| yaw | faces | five points: net | Face Mesh | net is nearer | shared points: net | Face Mesh "
             "| net is nearer | usability > 0.5 |", "|---|---|---|---|---|---|---|---|---|"]
    for low, high in _YAWS:
        part = rows[(rows[:, 0] >= low) & (rows[:, 0] < high)]
        five, shared, mesh_five, mesh_shared = part[:, 2:].T
        lines.append(f"| {low}-{high} | {len(part)} | {100 * five.mean():.1f} | {100 * mesh_five.mean():.1f} "
                     f"| {_share(five < mesh_five)} | {100 * shared.mean():.1f} | {100 * mesh_shared.mean():.1f} "
                     f"| {_share(shared < mesh_shared)} | {_share(part[:, 1] > 0.5)} |")
    return "\n".join(lines)


def _share(holds: np.ndarray) -> str:
    return f"{100 * holds.mean():.1f} %"


def usability_table(bench: Bench) -> str:
    """How often crops are called usable: held-out backgrounds, and faces that the detector is sure of."""
    random = np.random.default_rng(0)
    empty = []
    for picture in dataset.backgrounds(bench.root, held_out=True):
        sides = np.exp(random.uniform(np.log(16), np.log(0.5 * min(picture.shape[:2])), 6))
        corners = random.uniform(0, 1, (6, 2)) * (np.array(picture.shape[1::-1]) - sides[:, None])
        empty.append(bench.net.ask(picture, np.c_[corners, sides, sides])[1])
    empty = np.concatenate(empty)
    lines = ["| crops | number | usability > 0.3 | > 0.5 |", "|---|---|---|---|",
             f"| held-out backgrounds | {len(empty)} | {_share(empty > 0.3)} | {_share(empty > 0.5)} |"]
    sure = bench.sure_detections(bench.held_out_pictures(), 0)
    px = np.array([detection[3:5].max() for _, detection in sure])
    score = np.array([bench.net.ask(picture, detection[None, 1:5])[1][0] for picture, detection in sure])
    for low, high in _USABLE_PX:
        part = score[(px >= low) & (px < high)]
        if len(part):
            lines.append(f"| real held-out faces of {low}-{high} px, any pose | {len(part)} "
                         f"| {_share(part > 0.3)} | {_share(part > 0.5)} |")
    return "\n".join(lines)


def jitter_table(bench: Bench) -> str:
    """Second differences over time: what remains of a steady movement is real acceleration and jitter."""
    lines = ["Median over the points of the second difference over three frames, in % of the eye distance: median "
             f"(90th percentile) over the faces of {_JITTER_PX} px and more, first {_JITTER_FRAMES} frames. It "
             "includes the faces' own acceleration. Clips that are not listed have fewer than "
             f"{_FEWEST} such triples.", "",
             "| clip | triples | face px | the net | the teacher | net / teacher |", "|---|---|---|---|---|---|"]
    ratios = []
    for name in dataset.HELD_OUT_CLIPS + dataset.TRAINING_CLIPS:
        px, ours, theirs = bench.second_differences(dataset.frames(bench.root, name)[:_JITTER_FRAMES], _JITTER_PX)
        if len(px) < _FEWEST:
            continue
        ratios.append(np.median(ours) / np.median(theirs))
        trained = "" if name in dataset.HELD_OUT_CLIPS else " (trained on)"
        cells = " | ".join(f"{100 * np.median(values):.2f} ({100 * np.percentile(values, 90):.1f})"
                           for values in (ours, theirs))
        lines.append(f"| {name}{trained} | {len(px)} | {np.median(px):.0f} | {cells} | {ratios[-1]:.2f} |")
    return "\n".join([*lines, "", f"Median of the ratios over {len(ratios)} clips: {np.median(ratios):.2f}."])


def speed_table(bench: Bench, model: pathlib.Path) -> str:
    """Times on one thread, models taking turns, so that a busy machine slows all alike."""
    random = np.random.default_rng(0)
    net, mesh = Session(model), Session(bench.root / "models/facemesh_468.onnx")
    one, eight = (random.uniform(0, 255, (faces, 1, SIDE, SIDE)) for faces in (1, 8))
    runs = {"Face Mesh, one face": (mesh, random.uniform(0, 1, (1, 192, 192, 3)), 1),
            "the net, one face, right after Face Mesh": (net, one, 1),
            "the net, one face, right after another": (net, one, 1),
            "the net, per face in a batch of 8": (net, eight, 8)}
    times = {name: [] for name in runs}
    for _ in range(_ROUNDS):
        for name, (session, image, faces) in runs.items():
            start = time.perf_counter()
            session.run({session.inputs[0]: image})
            times[name].append(1000 * (time.perf_counter() - start) / faces)
    lines = [f"ONNX Runtime on one CPU thread of a shared machine, {_ROUNDS} rounds in turns; the call through Python "
             "(0.05 ms) is included. Right after another model the net's weights have to come back into the cache. The "
             f"file has {model.stat().st_size / 1e6:.2f} MB.", "", "| | median ms per face | quietest tenth |",
             "|---|---|---|"]
    lines += [f"| {name} | {np.median(values):.2f} | {np.percentile(values, 10):.2f} |"
              for name, values in times.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER, help="folder of landmarks.onnx and card.md")
    parser.add_argument("--only", nargs="*", help="sections to measure; default: all, and the picture")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    model = options.out / "landmarks.onnx"
    bench = Bench(options.data, model)
    sections = {"speed": lambda: speed_table(bench, model), "synthetic": lambda: synthetic_table(bench),
                "real": lambda: real_table(bench), "profiles": lambda: profile_table(bench),
                "usability": lambda: usability_table(bench), "jitter": lambda: jitter_table(bench)}
    for name in options.only or sections:
        text = sections[name]()
        print(f"== {name}\n{text}\n", flush=True)
        write_section(options.out / "card.md", name, text)
    if not options.only:
        draw_sheet(bench, options.out / "card.jpg")


if __name__ == "__main__":
    main()
