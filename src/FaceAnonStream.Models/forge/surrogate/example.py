"""Writes a worked example of the privacy formulas, for other languages to be tested against:
python3 -m forge.surrogate.example --out FILE.json
"""
import argparse
import json
import pathlib

import numpy as np

from forge.surrogate import privacy
from forge.surrogate.accuracy import posed
from forge.surrogate.generator import Gallery
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY

_FRAMES, _SIDE = 6, 96


def example(posing: Posing) -> dict:
    """Landmarks of a turning, talking face that is not the mean, in px; what follows; and a crop given by a formula."""
    random = np.random.default_rng(8)
    mesh = posing.mean + np.tensordot(random.normal(0, 0.6, len(posing.identities)), posing.identities, 1)
    strengths = random.uniform(-0.5, 1.5, (_FRAMES, len(posing.expressions)))
    landmarks = np.round([100 * posed(mesh + np.tensordot(strength, posing.expressions, 1), 8 * frame - 20, 5) + 40
                          for frame, strength in enumerate(strengths)], 3)
    cameras = posing.cameras(landmarks)
    expression = posing.expression(landmarks, cameras)
    neutral = privacy.running_median(expression, ahead=2)
    change = PRIVACY["expressionStrength"] * (expression - neutral)
    given = posing.landmarks(cameras, change, PRIVACY["faceScale"])
    x, y, channel = np.meshgrid(np.arange(_SIDE), np.arange(_SIDE), np.arange(3))
    crop = ((7 * x + 13 * y + 29 * channel + x * y) % 64) / 128 + 0.4 - 0.08 * channel
    seen = np.log(privacy.contrast(crop))
    walk = seen + np.linspace(0, 1, 12)
    held = privacy.held(walk)
    settled = privacy.settled(held)
    # Opaque up to half a pixel inside a circle.
    mask = np.clip(0.4 * _SIDE - np.hypot(x[..., 0] - 44.5, y[..., 0] - 50.5), 0, 1)
    context = privacy.coarse(crop, PRIVACY["contextBlocks"])
    return {
        "about": "forge/surrogate/example.py: ahead = 2; crop[c][y][x] = ((7x + 13y + 29c + xy) mod 64) / 128 + 0.4 "
                 "- 0.08c, mask[y][x] = 0.4 * 96 - hypot(x - 44.5, y - 50.5) within 0..1, both 96 x 96; contrast, "
                 "walk, held, settled: logarithms; context, faded: every nineteenth pixel of every nineteenth row",
        "landmarks": landmarks, "projection": cameras.projection, "offset": cameras.offset, "expression": expression,
        "neutral": neutral, "generatorLandmarks": given, "contrast": seen, "walk": walk, "held": held,
        "settled": settled, "detail96": privacy.detail(_SIDE, settled[-1]),
        "context": context[::19, ::19], "faded": privacy.faded(mask)[::19, ::19],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    entries = {key: value if isinstance(value, str) else np.round(value, 5).tolist()
               for key, value in example(Posing(Gallery().entries)).items()}
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
    options.out.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
