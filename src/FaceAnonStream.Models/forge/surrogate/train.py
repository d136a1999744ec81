"""Builds the generator: python3 -m forge.surrogate.train --data ../../../shared --work /tmp/surrogate

Nothing in it is random. It takes about two minutes on one core.
"""
import argparse
import csv
import pathlib

import numpy as np
import onnx

from forge.common.dataset import synthetic_faces
from forge.surrogate import gallery, graph, publish, rig, texture

#: Shares of the members that are smooth enough to be drawn, and of those without facial hair.
_SMOOTH, _SHAVEN = 90, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that common/dataset.py describes")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for members.csv: who is a member")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "surrogate",
                        help="folder for the graphs, the gallery and the manifest")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.out.mkdir(parents=True, exist_ok=True)
    train(options.data, options.work, options.out)


def train(data: pathlib.Path, work: pathlib.Path, out: pathlib.Path) -> None:
    members, shape, layout = gallery.collect(synthetic_faces(data))
    members = members[~members.held_out]
    completed = texture.completed(members.textures, members.coverage, layout)
    built, latents, _ = rig.assemble(members, completed, shape, layout)
    for side, size in graph.SIZES.items():
        onnx.save(graph.build(built, size), out / publish.graph_name(side))

    traits = gallery.traits(completed, layout)
    smooth = traits.roughness < np.percentile(traits.roughness, _SMOOTH)
    shaven = traits.beard < np.percentile(traits.beard, _SHAVEN)
    publish.write_gallery(out, built, latents[smooth], members.tone[smooth], np.flatnonzero(shaven[smooth]))
    publish.write_description(out, sorted(graph.SIZES))
    with open(work / "members.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["picture", "drawn", "beard", "roughness", "lightness", "a", "b"])
        drawn = np.where(smooth & shaven, "default", np.where(smooth, "facial hair", "never"))
        writer.writerows(zip(members.index, drawn, traits.beard, traits.roughness, *members.tone.T))
    print(f"{len(members)} members, {smooth.sum()} in the gallery, {(smooth & shaven).sum()} in the default pool, "
          f"{len(built.vertices)} warp vertices: {out}")


if __name__ == "__main__":
    main()
