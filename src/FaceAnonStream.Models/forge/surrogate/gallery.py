"""The gallery: which AI-generated faces become members, and what is known of each."""
import dataclasses

import cv2
import numpy as np

from forge.common.dataset import SyntheticFaces
from forge.surrogate import shape as shapes
from forge.surrogate import texture, unwrap
from forge.surrogate.unwrap import blur

#: A mesh further than this from the mean, in face units, is not a face or not a good mesh.
_SHAPE_RESIDUAL = 0.13
#: Coarse textures that correlate more than this show the same face.
_DUPLICATE = 0.93
_SPECTACLE_SHEETS = ["Glasses Style", "glasses"]


@dataclasses.dataclass
class Gallery:
    """n members. index: rows of the data set. aligned: (n, 468, 3) face units. expression: (n, 7) deviations.

    textures: (n, SIDE, SIDE, 3) 0..255 without light and tone. coverage: (n, SIDE, SIDE). tone: (n, 3) mean CIE L*a*b*
    of the skin. held_out: (n,) kept for measuring.
    """

    index: np.ndarray
    aligned: np.ndarray
    expression: np.ndarray
    textures: np.ndarray
    coverage: np.ndarray
    tone: np.ndarray
    held_out: np.ndarray

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, chosen: np.ndarray) -> "Gallery":
        return Gallery(**{field.name: getattr(self, field.name)[chosen] for field in dataclasses.fields(self)})


@dataclasses.dataclass
class Traits:
    """What members look like, for choosing among them. Larger means more: beard, roughness (n,)."""

    beard: np.ndarray
    roughness: np.ndarray


def collect(faces: SyntheticFaces, log=print) -> tuple[Gallery, shapes.Shape, unwrap.Layout]:
    """Curates the data set. What it drops is said through log."""
    mesh = faces.mesh.astype(np.float64)
    trusted = faces.mesh_error < 0.12
    mean, mirror, aligned, rotations = shapes.align(mesh, trusted)
    residual = np.sqrt(((aligned - mean) ** 2).sum(-1).mean(1))
    index = np.flatnonzero(trusted & (residual < _SHAPE_RESIDUAL))
    log(f"{len(mesh)} pictures, {len(index)} with a good mesh")
    shape, expression = shapes.model(aligned[index], mirror)
    layout = unwrap.layout(shape)
    pairs = [texture.unwrapped(faces.images[i], mesh[i], rotations[i], layout) for i in index]
    raw, visible = np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs])
    tone = _tones(raw, layout)

    good = _well_lit(tone, visible, layout)
    log(f"{good.sum()} neither monochrome, tinted, dark nor mostly hidden")
    good = _without_duplicates(raw, good, layout)
    log(f"{good.sum()} without near-duplicates")
    good &= ~np.isin(faces.sheet[index], _SPECTACLE_SHEETS)
    log(f"{good.sum()} without sheets of spectacles")
    index, raw, visible, tone, expression = index[good], raw[good], visible[good], tone[good], expression[good]

    skin = layout.zones["skin"] > 0.5
    typical = np.median(np.stack([one[skin].mean(0) for one in raw]), 0)
    flat = [texture.delit(*pair, typical, layout) for pair in zip(raw, visible)]
    members = Gallery(index, aligned[index], expression, np.stack([pair[0] for pair in flat]),
                      np.stack([pair[1] for pair in flat]), tone, faces.held_out[index])
    good = _unoccluded(members, layout)
    members, raw = members[good], raw[good]
    log(f"{len(members)} without occlusion")
    members = members[_evenly_lit(members, raw, layout)]
    log(f"{len(members)} evenly lit, without spectacles: the gallery")
    return members, shape, layout


def traits(textures: np.ndarray, layout: unwrap.Layout) -> Traits:
    """textures: completed, (n, SIDE, SIDE, 3) 0..255."""
    level = np.log(textures @ texture.LUMA + 8)
    mean = {name: level[:, layout.zones[name] > 0.5].mean(1) for name in ("cheeks", "moustache", "chin")}
    return Traits(mean["cheeks"] - 0.5 * (mean["moustache"] + mean["chin"]),
                  _roughness(level, layout.zones["skin"] > 0.6))


def _tones(raw: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    skin = layout.zones["skin"] > 0.5
    coded = np.stack([cv2.cvtColor(one, cv2.COLOR_RGB2LAB)[skin].astype(np.float32).mean(0) for one in raw])
    return coded * np.float32([100 / 255, 1, 1]) - np.float32([0, 128, 128])


def _well_lit(tone: np.ndarray, visible: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    lightness, a, b = tone.T
    hue = np.degrees(np.arctan2(b, a))
    seen = (visible > 40)[:, layout.inside].mean(1)
    return (seen > 0.55) & (np.hypot(a, b) >= 6) & (hue >= 5) & (hue <= 85) & (lightness >= 45 * 100 / 255)


def _without_duplicates(raw: np.ndarray, good: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    """Keeps the first of each group of look-alikes."""
    side = 40
    inside = cv2.resize(layout.inside.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA) > 0.99
    coarse = np.stack([cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA)[inside].astype(np.float32).ravel()
                       for one in raw])
    coarse -= coarse[good].mean(0)
    coarse /= np.linalg.norm(coarse, axis=1, keepdims=True)
    alike = coarse @ coarse.T > _DUPLICATE
    good = good.copy()
    for row in range(len(raw)):
        if good[row]:
            good[row + 1:] &= ~alike[row, row + 1:]
    return good


def _unoccluded(members: Gallery, layout: unwrap.Layout) -> np.ndarray:
    """Drops the faces that a linear model explains worst: hats and fringes, sunglasses, hands and long beards."""
    textures = texture.halved(members.textures)
    nowhere = np.zeros(textures.shape[1:3], np.float32)
    filled, _, model = texture.robust_fill(textures, texture.halved(members.coverage), nowhere, (40, 40))
    squared = ((filled - model) ** 2).mean(-1)
    good = np.ones(len(members), bool)
    for zone, percentile in (("eyes", 88), ("forehead", 85), ("lower", 92)):
        error = _zone_mean(squared, texture.halved(layout.zones[zone][None])[0])
        good &= error <= np.percentile(error, percentile)
    return good


def _evenly_lit(members: Gallery, raw: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    """Drops edges where spectacles have them, hard shadows, coloured light and too much contrast."""
    level = np.log(members.textures @ texture.LUMA + 8)
    edges = np.abs(np.stack([cv2.Sobel(one, cv2.CV_32F, 0, 1) for one in level]))
    spectacles = np.zeros(len(members))
    for zone, share in (("bridge", 1), ("under_eyes", 1), ("temples", 0.7)):
        energy = _zone_mean(edges, layout.zones[zone])
        spectacles += share * energy / np.median(energy)
    skin = layout.zones["skin"] > 0.5
    light = [np.log(blur(one.astype(np.float32), 6) + 6)[skin] for one in raw]
    shadow = np.array([one.mean(-1).std() for one in light])
    tint = np.array([(one - one.mean(-1, keepdims=True)).std(0).mean() for one in light])
    rough = _roughness(level, skin)
    good = np.ones(len(members), bool)
    for value, percentile in ((spectacles, 82), (shadow, 88), (tint, 93), (rough, 97)):
        good &= value <= np.percentile(value, percentile)
    return good


def _roughness(level: np.ndarray, skin: np.ndarray) -> np.ndarray:
    return _zone_mean(np.abs(np.stack([one - blur(one, 2) for one in level])), skin.astype(np.float32))


def _zone_mean(maps: np.ndarray, zone: np.ndarray) -> np.ndarray:
    return (maps * zone).sum((1, 2)) / zone.sum()
