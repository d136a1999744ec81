"""Measures the generator, writes the card's tables: python3 -m forge.surrogate.measure --data ../../../shared

About ten minutes on one idle core. --only NAME measures one section again.
"""
import argparse
import pathlib

import numpy as np
import onnx

from forge.common.dataset import synthetic_faces
from forge.common.package import write_section
from forge.common.teachers import FaceMesh, yunet
from forge.surrogate import accuracy, appearance, gallery, graph, identity, pictures, publish, rig, speed, texture
from forge.surrogate.clips import CLIPS, Clip, follow
from forge.surrogate.generator import FOLDER, Gallery, Generator
from forge.surrogate.judges import NAMES, Judge

_SEED = 2024
_CLIPS_HEAD = ["clip", "tracks / faces", "size px", "o-o", "o-a", "a-a", "consecutive o / a", "jitter o / a",
               "found again"]
_IDENTITY_HEAD = [
    "variant", "o-a same frame", "o-a other frame", "o-a other people", "a-a one draw / other draw / strangers",
    "threshold", "pairs matched (ideal 0.01)", "rank-1", "rank-1 minus surrogate 192",
]


class Measurements:
    """Each method measures one section of the card and gives its text."""

    def __init__(self, data: pathlib.Path, folder: pathlib.Path) -> None:
        self._data = data
        self._folder = folder
        self._gallery = Gallery(folder)
        self._generators = {side: Generator(side, folder) for side in graph.SIZES}
        self._clips: list[Clip] = []

    def speed(self) -> str:
        rows = speed.compare(self._data / "notes/spike/surrogate.onnx", self._folder, sorted(graph.SIZES))
        return _table(["graph", "batch", "median ms", "minimum ms", "median ratio to the reference"], [
            [row["graph"], row["batch"], f"{row['median']:.1f}", f"{row['minimum']:.1f}", f"{row['ratio']:.2f}"]
            for row in rows])

    def accuracy(self) -> str:
        members, shape, layout = gallery.collect(synthetic_faces(self._data), log=lambda text: None)
        trained = members[~members.held_out]
        completed = texture.completed(trained.textures, trained.coverage, layout)
        built, latents, basis = rig.assemble(trained, completed, shape, layout)
        rows = []
        for side, size in sorted(graph.SIZES.items()):
            model = onnx.load(self._folder / publish.graph_name(side))
            error = accuracy.warp_error(model, size, built, layout, latents)
            rows.append([f"{side} px"] + [f"{median:.2f} / {ninth:.2f}" for median, ninth in error.values()])
        warp = _table(["graph", *(f"{name}: median / p90" for name in accuracy.POSES)], rows)
        kept = accuracy.reconstruction(members, basis, layout)
        return f"{warp}\n\n" + _table(["components", "held-out faces", "RMSE of 255", "sharpness kept"], [
            [row["components"], row["faces"], f"{row['rmse']:.1f}", f"{row['sharpness']:.2f}"] for row in kept])

    def clips(self) -> str:
        detector, mesh, judge = yunet(self._data), FaceMesh(self._data), Judge(self._data, "mobilefacenet")
        rows = []
        for number, clip in enumerate(self._followed()):
            anonymised = appearance.anonymised(clip, self._generators[192], self._gallery, _SEED + 100 * number)
            rows.append(appearance.row(clip, anonymised, detector, mesh, judge))
        total = {key: np.average([row[key] for row in rows], weights=[row["faces"] for row in rows])
                 for key in rows[0] if key != "clip"}
        rows.append({**total, "clip": "all", "tracks": sum(row["tracks"] for row in rows),
                     "faces": sum(row["faces"] for row in rows)})
        return _table(_CLIPS_HEAD, [[
            row["clip"], f"{row['tracks']} / {row['faces']}", f"{row['size']:.0f}",
            f"{row['original-original']:.2f}", f"{row['original-anonymised']:.2f}",
            f"{row['anonymised-anonymised']:.2f}",
            f"{row['consecutive original']:.3f} / {row['consecutive anonymised']:.3f}",
            f"{row['jitter original']:.1f} / {row['jitter anonymised']:.1f}", f"{row['detected']:.3f}",
        ] for row in rows])

    def identity(self) -> str:
        judges = [Judge(self._data, name) for name in NAMES]
        found = identity.samples(self._followed(), judges[0])
        variants = identity.Variants(self._generators, self._gallery)
        originals = identity.embedded(found, judges, identity.unchanged, _SEED, draws=1)
        named = {
            "surrogate, 192 px": variants.surrogate, "surrogate, 96 px": variants.surrogate_96,
            "surrogate, grey around it": variants.inside_only, "strong blur of the same area": variants.blur,
        }
        vectors = {key: identity.embedded(found, judges, variant, _SEED) for key, variant in named.items()}
        vectors = {"originals": originals, **vectors}
        parts = []
        for number, judge in enumerate(judges):
            results = {key: identity.attack(found, originals[number], seen[number]) for key, seen in vectors.items()}
            reference = results["surrogate, 192 px"]
            people = reference["people"]
            rows = [[
                key, f"{result['same frame']:.2f}", f"{result['other frame']:.2f}", f"{result['other people']:.2f}",
                f"{result['one draw']:.2f} / {result['other draw']:.2f} / {result['strangers']:.2f}",
                f"{result['threshold']:.2f}", _share(identity.interval(result["matched"])),
                _share(identity.interval(result["ranked"])),
                _difference(identity.interval(result["ranked"], reference["ranked"])),
            ] for key, result in results.items()]
            title = f"`{judge.name}`, {people} people in {len(found)} tracks, chance of rank-1 {1 / people:.2f}:"
            parts.append(f"{title}\n\n{_table(_IDENTITY_HEAD, rows)}")
        return "\n\n".join(parts)

    def pictures(self) -> None:
        pictures.sheet(self._folder / "card.jpg", self._followed(), self._generators[192], self._gallery, _SEED)

    def _followed(self) -> list[Clip]:
        if not self._clips:
            self._clips = [follow(self._data, name, count) for name, count in CLIPS.items()]
        return self._clips


_SECTIONS = ["speed", "accuracy", "clips", "identity"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that common/dataset.py describes")
    parser.add_argument("--only", choices=[*_SECTIONS, "pictures"])
    options = parser.parse_args()
    measurements = Measurements(options.data, FOLDER)
    for section in _SECTIONS:
        if options.only in (None, section):
            text = getattr(measurements, section)()
            print(text, flush=True)
            write_section(FOLDER / "card.md", section, text)
    if options.only in (None, "pictures"):
        measurements.pictures()


def _table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _share(values: tuple[float, float, float]) -> str:
    return "{:.2f} [{:.2f} {:.2f}]".format(*values)


def _difference(values: tuple[float, float, float]) -> str:
    return "{:+.2f} [{:+.2f} {:+.2f}]".format(*values)


if __name__ == "__main__":
    main()
