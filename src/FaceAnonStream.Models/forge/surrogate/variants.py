"""What can be done to a face before the judges see it: the two levels of privacy, and each of them with a channel
opened or closed. Every variant is (face, seed) -> picture."""
import numpy as np

from forge.surrogate import cells, privacy
from forge.surrogate.generator import Gallery, Generator, blended, fitting_size
from forge.surrogate.identity import Face
from forge.surrogate.posing import Posing
from forge.surrogate.settings import PRIVACY

_GREY = 128
#: The contrast and the RGB that everybody gets where nothing of the subject's may pass.
_NO_CONTRAST, _NO_TONE = np.log(0.065), np.float32([0.52, 0.37, 0.29])


class Variants:
    def __init__(self, generators: dict[int, Generator], gallery: Gallery) -> None:
        self._generators = generators
        self._gallery = gallery
        self._posing = Posing(gallery.entries)

    def named(self) -> dict:
        """Every row of the card's tables, in their order."""
        return {
            "**natural**": self._with(),
            "natural, grey around it": self._with(grey=True),
            "natural, all faces by 96 px": self._with(size=96),
            "natural with the subject's landmarks": self._with(points=_tracked),
            "natural with the subject's expression": self._with(points=self._own_expression),
            "natural with the picture's detail": self._with(detail=False),
            "natural without a larger face": self._with(points=_not_larger),
            "natural with strong's context": self._with(context="means"),
            "**strong**": self._strong(),
            "strong, grey around it": self._strong(grey=True),
            "strong with the subject's landmarks": self._strong(points=_tracked),
            "strong with the subject's expression": self._strong(points=self._own_expression),
            "strong with the picture's light and tone": self._strong(context="picture"),
            "strong with the picture's light, tone and detail": self._strong(detail=False, context="picture"),
            "strong with natural's mask": self._strong(fade=False),
            "strong with 4 cells": self._strong(cells_across=4),
            "strong, one tone and detail for all, grey around it": self._strong(context="nobody's", grey=True),
            "blur of the head": lambda face, seed: _covered(face, PRIVACY["cells"]),
            "mosaic of the head": lambda face, seed: _covered(face, PRIVACY["cells"], mosaic=True),
        }

    def _strong(self, **changes):
        return self._with(**{"cells_across": PRIVACY["cells"], "context": "means", "fade": True, **changes})

    def _with(self, **choices):
        return lambda face, seed: self._drawn(face, seed, **choices)

    def _drawn(self, face: Face, seed: int, cells_across: int = 0, context: str = "picture", detail: bool = True,
               grey: bool = False, size: int = 0, fade: bool = False, points=lambda face: face.points) -> np.ndarray:
        """cells_across: of the cover, 0 for none. context: what the generator sees. points: of a face, its landmarks.

        detail: whether it is one of a few strengths, or the context's. size: of the generator, 0 for the one that fits.
        """
        places = points(face)
        generator = self._generators[size or fitting_size(places, list(self._generators))]
        covered = _covered(face, cells_across) if cells_across else face.picture
        shown, level = privacy.seen_crop(face.picture, places, generator.side), face.contrast
        if context == "means":
            shown = privacy.coarse(shown, PRIVACY["contextBlocks"])
        elif context == "nobody's":
            shown, level = np.broadcast_to(_NO_TONE, shown.shape), _NO_CONTRAST
        wanted = privacy.detail(generator.side, level) if detail else None
        drawn, mask, matrix = generator.generate(face.picture, places, self._gallery.draw(seed), shown, wanted)
        return blended(np.full_like(covered, _GREY) if grey else covered, drawn,
                       privacy.faded(mask) if fade else mask, matrix)

    def _own_expression(self, face: Face) -> np.ndarray:
        cameras = self._posing.cameras(face.tracked[None])
        expression = self._posing.expression(face.tracked[None], cameras)
        return self._posing.landmarks(cameras, expression, PRIVACY["faceScale"])[0]


def _tracked(face: Face) -> np.ndarray:
    return face.tracked


def _not_larger(face: Face) -> np.ndarray:
    middle = (face.points.max(0) + face.points.min(0)) / 2
    return middle + (face.points - middle) / PRIVACY["faceScale"]


def _covered(face: Face, across: int, mosaic: bool = False) -> np.ndarray:
    return cells.cover(face.picture, cells.head(face.box), across, mosaic)
