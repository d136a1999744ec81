"""Texture: pictures unwrapped, freed of light and skin tone, completed, and turned into a linear basis."""
import dataclasses

import cv2
import numpy as np

from forge.surrogate import unwrap
from forge.surrogate.unwrap import SIDE, blur, smooth_step

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
#: Y, Cb, Cr as multiples of RGB, and back (ITU-R BT.601, full range, chroma around 0).
BLUE_SCALE, RED_SCALE = 0.564, 0.713
TO_RGB = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)

#: Width of the low-pass that counts as light and tone, in UV units.
_LIGHT_SIGMA = 0.16
#: Low frequencies narrower than this come from the picture around the face and are taken out of the basis.
_BASIS_SIGMA = 0.09
_OUTLIER = 14.0
#: Variation of colour that is kept: lipstick and light are most of it.
_COLOUR = 0.6
#: Share by which differences between the face's halves shrink.
_ASYMMETRY_LOSS = 0.5


@dataclasses.dataclass(frozen=True)
class Basis:
    """texture = mean + coefficients @ components, RGB 0..1.

    mean: (SIDE, SIDE, 3). components: (k, SIDE, SIDE, 3), each for one standard deviation. plain_components: the same
    before the edits that suit them to the generator.
    """

    mean: np.ndarray
    components: np.ndarray
    plain_components: np.ndarray


def unwrapped(picture: np.ndarray, mesh: np.ndarray, rotation: np.ndarray, layout: unwrap.Layout):
    """(SIDE, SIDE, 3) RGB texture and (SIDE, SIDE) visibility, both uint8, of one BGR picture with its mesh."""
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    place = (mesh[layout.corners][..., :2] * layout.weights[..., None]).sum(2).astype(np.float32)
    texture = cv2.remap(rgb, place[..., 0], place[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    facing = (-(layout.normals @ rotation)[:, 2][layout.corners] * layout.weights).sum(2)
    in_picture = ((place > 2) & (place < picture.shape[0] - 3)).all(-1)
    visible = np.clip((facing - 0.12) / 0.25, 0, 1) * in_picture * layout.inside
    return texture, (visible * 255).astype(np.uint8)


def delit(texture: np.ndarray, visible: np.ndarray, tone: np.ndarray, layout: unwrap.Layout):
    """Texture without its own light and tone, completed by its mirrored half: (float32 0..255, coverage 0..1)."""
    skin = layout.zones["skin"]
    seen = visible / np.float32(255)
    coded = texture.astype(np.float32) + 4
    weight = skin * seen
    level = np.log(coded).mean(-1)
    weight = weight * np.exp(-((level - np.median(level[weight > 0.5])) / 0.7) ** 2) + 1e-6 * layout.inside
    weight = weight.astype(np.float32)
    sigma = _LIGHT_SIGMA * SIDE
    low = blur(np.log(coded) * weight[..., None], sigma) / (blur(weight, sigma)[..., None] + 1e-3)
    flat = np.clip(coded / np.exp(low) * (tone + 4) - 4, 0, 255)
    borrowed = (1 - seen) * seen[:, ::-1] * 0.98
    total = (flat * seen[..., None] + flat[:, ::-1] * borrowed[..., None]) / (seen + borrowed + 1e-6)[..., None]
    return total.astype(np.float32), np.clip(seen + borrowed, 0, 1)


def halved(maps: np.ndarray) -> np.ndarray:
    """Maps (n, SIDE, SIDE[, c]) at half the side."""
    return np.stack([cv2.resize(one, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA) for one in maps])


def principal(data: np.ndarray, count: int, gram: np.ndarray | None = None) -> np.ndarray:
    """(count, d) orthonormal principal directions of centred data (n, d), through its n x n Gram matrix."""
    values, vectors = np.linalg.eigh((data @ data.T if gram is None else gram).astype(np.float64))
    vectors, values = vectors[:, ::-1][:, :count], values[::-1][:count]
    return (vectors / np.sqrt(values)).T.astype(np.float32) @ data


def robust_fill(textures: np.ndarray, coverage: np.ndarray, outer: np.ndarray, counts: tuple[int, ...]):
    """EM-PCA: unseen texels, and outliers in the outer ring (hair, background), are replaced by the model.

    textures: (n, s, s, 3) 0..255. coverage: (n, s, s). outer: (s, s) where outliers are replaced. counts: components of
    each round. Gives the filled textures, the final coverage and the model's reconstruction.
    """
    mean = (textures * coverage[..., None]).sum(0) / (coverage.sum(0)[..., None] + 1e-3)
    filled = textures * coverage[..., None] + mean * (1 - coverage[..., None])
    trust = coverage
    for index, count in enumerate(counts):
        if index > 0:
            mean = filled.mean(0)
        centred = (filled - mean).reshape(len(filled), -1)
        directions = principal(centred, count)
        model = ((centred @ directions.T) @ directions).reshape(filled.shape) + mean
        error = np.abs(textures - model).mean(-1)
        error = np.stack([blur(one, 2.5 * textures.shape[1] / SIDE) for one in error])
        trust = coverage * (1 - np.clip((error - _OUTLIER) / _OUTLIER, 0, 1) * outer)
        filled = textures * trust[..., None] + model * (1 - trust[..., None])
    return filled, trust, model


def completed(textures: np.ndarray, coverage: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    """(n, SIDE, SIDE, 3) 0..255 without holes, hair or background."""
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (41, 41))
    rim = layout.inside & (cv2.erode(layout.inside.astype(np.uint8), ellipse) == 0)
    outer = (rim | (layout.zones["forehead"] > 0)).astype(np.float32)
    filled, trust, _ = robust_fill(halved(textures), halved(coverage), halved(outer[None])[0], (16, 24, 40, 60))
    trust = np.stack([cv2.resize(one, (SIDE, SIDE)) for one in trust])[..., None] * layout.inside[..., None]
    filled = np.stack([cv2.resize(one, (SIDE, SIDE)) for one in filled])
    return np.clip(textures * trust + filled * (1 - trust), 0, 255)


def basis(textures: np.ndarray, count: int, layout: unwrap.Layout) -> tuple[Basis, np.ndarray]:
    """Basis of completed textures (n, SIDE, SIDE, 3) 0..255 and of their mirror images, and each one's coefficients."""
    mean = (textures.mean(0) + textures[:, :, ::-1].mean(0)) / 2
    inside = np.repeat(layout.inside[..., None], 3, -1).ravel()
    both = (np.concatenate([textures, textures[:, :, ::-1]]) - mean).reshape(2 * len(textures), -1)[:, inside]
    half = len(textures)
    same, crossed = both[:half] @ both[:half].T, both[:half] @ both[half:].T
    directions = principal(both, count, np.block([[same, crossed], [crossed.T, same]]))
    coefficients = both[:half] @ directions.T
    deviation = coefficients.std(0)
    components = np.zeros((count, SIDE * SIDE * 3), np.float32)
    components[:, inside] = directions
    components = components.reshape(count, SIDE, SIDE, 3) * deviation[:, None, None, None] / 255
    edited = _edited(components, layout)
    return Basis((mean / 255).astype(np.float32), edited, components), coefficients / deviation


def _edited(components: np.ndarray, layout: unwrap.Layout) -> np.ndarray:
    """Low frequencies belong to the picture around the face, surrogates agree at the rim, halves and colours vary less.

    Draws exaggerate what they are made of: differences between the halves, of which much is light, would become odd
    eyes, and lipstick would be everywhere.
    """
    skin = (layout.zones["skin"] * layout.inside).astype(np.float32)
    norm = (blur(skin, _BASIS_SIGMA * SIDE) + 2e-3)[..., None]
    above = np.clip((layout.brow_top - layout.rows) / 0.10, 0, 1)
    fade = smooth_step((layout.rim_distance - 0.02) / (0.09 + 0.09 * above)).astype(np.float32)[..., None]
    matched = components - _ASYMMETRY_LOSS * (components - components[:, :, ::-1]) / 2
    grey = (matched @ LUMA)[..., None]
    matched = grey + _COLOUR * (matched - grey)
    return np.stack([(one - blur(one * skin[..., None], _BASIS_SIGMA * SIDE) / norm) * fade for one in matched])


def luma_chroma(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(..., 3) RGB -> (...) luma and (2, ...) Cb, Cr."""
    luma = rgb @ LUMA
    return luma, np.stack([(rgb[..., 2] - luma) * BLUE_SCALE, (rgb[..., 0] - luma) * RED_SCALE])


def nearest_inside(inside: np.ndarray) -> np.ndarray:
    """Flat index of the nearest inside texel of each texel: what lies outside repeats the rim."""
    _, labels = cv2.distanceTransformWithLabels((~inside).astype(np.uint8), cv2.DIST_L2, 5,
                                                labelType=cv2.DIST_LABEL_PIXEL)
    sources = np.flatnonzero(inside.ravel())
    nearest = np.zeros(labels.max() + 1, int)
    nearest[labels.ravel()[sources]] = sources
    return nearest[labels].ravel()
