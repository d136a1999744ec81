"""Measures the generator, writes the card's tables: python3 -m forge.surrogate.measure --data ../../../shared

About half an hour on one idle core. --only NAME measures one section again.
"""
import argparse
import pathlib

import numpy as np
import onnx

from forge.common.dataset import synthetic_faces
from forge.common.package import write_section
from forge.common.teachers import FaceMesh, yunet
from forge.surrogate import (accuracy, appearance, coverage, gallery, graph, identity, pictures, publish, rig, speed,
                             texture)
from forge.surrogate.clips import CLIPS, Clip, follow
from forge.surrogate.generator import FOLDER, Gallery, Generator
from forge.surrogate.judges import NAMES, Judge
from forge.surrogate.posing import Posing
from forge.surrogate.variants import Variants

_SEED = 2024
_CLIPS_HEAD = ["clip", "tracks / faces", "size px", "o-o", "o-a", "a-a", "consecutive o", "consecutive a",
               "jitter o / a", "landmarks moved", "found again"]
_IDENTITY_HEAD = ["variant", "o-a own / others", "a-a one draw / other draw / strangers", "pairs matched (ideal 0.01)",
                  "rank-1"]
#: Sizes of faces, px, from which the clips' last rows count.
_SIZES = (24, 50)


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
        detector, mesh = yunet(self._data), FaceMesh(self._data)
        judges = [Judge(self._data, name) for name in NAMES]
        parts = []
        for level in ("natural", "strong"):
            rows = []
            for number, clip in enumerate(self._followed()):
                pictures = appearance.anonymised(clip, self._generators, self._gallery, _SEED + 100 * number,
                                                 level == "strong")
                rows += appearance.tracks(clip, pictures, detector, mesh, judges)
            groups = {name: [row for row in rows if row["clip"] == name] for name in CLIPS}
            groups |= {f"all of {size} px and more": [row for row in rows if row["size"] >= size] for size in _SIZES}
            table = _table(_CLIPS_HEAD, [_clip_row(name, appearance.together(group)) for name, group in groups.items()])
            parts.append(f"{level}:\n\n{table}")
        return "\n\n".join(parts)

    def coverage(self) -> str:
        measured = coverage.measure(self._followed(), self._generators, self._gallery)
        return _table(["head turned by", "faces", *coverage.PARTS], [
            [turn, faces, *(f"{low:.2f} / {share:.3f}" for low, share in parts)] for turn, faces, parts in measured])

    def identity(self) -> str:
        judges = [Judge(self._data, name) for name in NAMES]
        found = identity.samples(self._followed(), judges[0], Posing(self._gallery.entries))
        originals = identity.embedded(found, judges, identity.unchanged, _SEED, draws=1)
        vectors = {"originals": originals}
        for name, variant in Variants(self._generators, self._gallery).named().items():
            vectors[name] = identity.embedded(found, judges, variant, _SEED)
        parts = []
        for number, judge in enumerate(judges):
            results = {key: identity.attack(found, originals[number], seen[number]) for key, seen in vectors.items()}
            people = results["originals"]["people"]
            rows = [[
                key, f"{result['other frame']:.2f} / {result['other people']:.2f}",
                f"{result['one draw']:.2f} / {result['other draw']:.2f} / {result['strangers']:.2f}",
                _share(identity.interval(result["matched"])), _share(identity.interval(result["ranked"])),
            ] for key, result in results.items()]
            title = f"`{judge.name}`, {people} people in {len(found)} tracks, chance of rank-1 {1 / people:.2f}:"
            parts.append(f"{title}\n\n{_table(_IDENTITY_HEAD, rows)}")
        return "\n\n".join(parts)

    def pictures(self) -> None:
        pictures.sheet(self._folder / "card.jpg", self._followed(), self._generators, self._gallery, _SEED)

    def _followed(self) -> list[Clip]:
        if not self._clips:
            self._clips = [follow(self._data, name, count) for name, count in CLIPS.items()]
        return self._clips


_SECTIONS = ["speed", "accuracy", "coverage", "clips", "identity"]


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


def _clip_row(name: str, row: dict) -> list:
    def judged(key: str, digits: int) -> str:
        return " / ".join(f"{value:.{digits}f}" for value in row[key])

    return [
        name, f"{row['tracks']} / {row['faces']}", f"{row['size']:.0f}", judged("original-original", 2),
        judged("original-anonymised", 2), judged("anonymised-anonymised", 2), judged("consecutive original", 3),
        judged("consecutive anonymised", 3), f"{row['jitter original']:.1f} / {row['jitter anonymised']:.1f}",
        f"{row['moved']:.3f}", f"{row['detected']:.3f}",
    ]


if __name__ == "__main__":
    main()
