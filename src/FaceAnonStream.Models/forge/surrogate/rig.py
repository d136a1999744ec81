"""The rig: everything constant that the graph needs, in sizes that do not depend on the crop."""
import dataclasses

import cv2
import numpy as np
from scipy.spatial.distance import cdist

from forge.common.topology import (BROW_LEFT, BROW_RIGHT, EYE_LEFT, EYE_RIGHT, LIPS_INNER, LIPS_OUTER, OVAL, POINTS)
from forge.surrogate import shape as shapes
from forge.surrogate import texture, unwrap
from forge.surrogate.gallery import Gallery
from forge.surrogate.unwrap import SIDE, smooth_step

TEXTURE_COMPONENTS, SHAPE_COMPONENTS = 160, 24
LATENT = TEXTURE_COMPONENTS + SHAPE_COMPONENTS
#: Side of the grid on which light is estimated, in texture space.
LIGHT_SIDE = 20
#: Expressions further out than this, in deviations, are not believed.
EXPRESSION_RANGE = (-2.5, 5.0)
#: Width of the density that decides what the face covers, in face units.
COVER_SIGMA = 0.14

_LIGHT_SIGMA = 0.28
_LOW_JAW = [152, 148, 176, 149, 150, 377, 400, 378, 379]
_FOREHEAD = 10


@dataclasses.dataclass(frozen=True)
class Rig:
    """camera: (4, L) landmarks -> affine camera. shape: what the face is made of. components: (24, 468, 3) identity.

    Warp vertices, V of them: vertices (V, 468) as mixtures of mesh points, vertex_uv (V, 2), vertex_normal (V, 3),
    vertex_sigma (V,) and cover_weight (V,). spread: (468, L) corrections at landmarks -> corrections of the mesh.
    point_normal: (L, 3). on_oval: (L,) 0 or 1.
    light_points: (G*G, L) landmarks -> where the light grid lies. light_normal: (G*G, 3). light_weight: (G, G).
    light_kernel: (G, G) smooths along one side. alpha: (SIDE, SIDE) opacity of the texture.
    expression_texture: (14, K) expression -> texture coefficients.
    mean_luma: (SIDE, SIDE), luma: (K, SIDE, SIDE); mean_chroma: (2, SIDE/2, SIDE/2), chroma: (K, 2, SIDE/2, SIDE/2).
    """

    camera: np.ndarray
    shape: shapes.Shape
    components: np.ndarray
    vertices: np.ndarray
    vertex_uv: np.ndarray
    vertex_normal: np.ndarray
    vertex_sigma: np.ndarray
    cover_weight: np.ndarray
    spread: np.ndarray
    point_normal: np.ndarray
    on_oval: np.ndarray
    light_points: np.ndarray
    light_normal: np.ndarray
    light_weight: np.ndarray
    light_kernel: np.ndarray
    alpha: np.ndarray
    expression_texture: np.ndarray
    mean_luma: np.ndarray
    luma: np.ndarray
    mean_chroma: np.ndarray
    chroma: np.ndarray

    @property
    def measure_across(self) -> np.ndarray:
        """(7, 3): the mean face's expression measures off their own axes."""
        across = shapes.measure_matrix() @ self.shape.mean
        across[np.arange(len(across)), shapes.MEASURE_AXIS] = 0
        return across


def expression_features(expression: np.ndarray) -> np.ndarray:
    """(n, 7) -> (n, 14): linear, and quadratic where an expression is stronger than usual."""
    return np.c_[expression, 0.2 * np.maximum(expression, 0) * expression]


def assemble(members: Gallery, completed: np.ndarray, shape: shapes.Shape, layout: unwrap.Layout):
    """The rig, each member's latent (n, LATENT) and the texture basis. completed: (n, SIDE, SIDE, 3) 0..255."""
    basis, coefficients = texture.basis(completed, TEXTURE_COMPONENTS, layout)
    expression = np.clip(members.expression, *EXPRESSION_RANGE)
    features = expression_features(expression)
    expression_texture = _ridge(features, coefficients, 5.0)
    components, outlines = shapes.identity_components(shape, members.aligned, expression, SHAPE_COMPONENTS)
    latents = np.c_[coefficients - features @ expression_texture, outlines].astype(np.float32)
    luma, chroma = _split(basis.components, layout)
    mean_luma, mean_chroma = _split(basis.mean[None], layout)
    rig = Rig(
        camera=_camera(shape), shape=shape, components=components,
        **_warp_vertices(shape, layout), spread=_spread(shape),
        point_normal=layout.normals[POINTS], on_oval=np.isin(POINTS, OVAL).astype(float),
        **_light(layout), alpha=_alpha(layout), expression_texture=expression_texture,
        mean_luma=mean_luma[0], luma=luma, mean_chroma=mean_chroma[0], chroma=chroma)
    return rig, latents, basis


def _ridge(features: np.ndarray, values: np.ndarray, strength: float) -> np.ndarray:
    design = np.c_[np.ones(len(features)), features]
    penalty = np.diag([0.0] + [strength] * features.shape[1])
    return np.linalg.solve(design.T @ design + penalty, design.T @ values)[1:]


def _split(rgb: np.ndarray, layout: unwrap.Layout) -> tuple[np.ndarray, np.ndarray]:
    """RGB maps (n, SIDE, SIDE, 3) -> luma at full and chroma at half the side, continued beyond the rim."""
    inside = layout.inside
    coarse = cv2.resize(inside.astype(np.float32), (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA) > 0.99
    near, near_coarse = texture.nearest_inside(inside), texture.nearest_inside(coarse)
    luma, chroma = texture.luma_chroma(rgb)
    chroma = chroma.transpose(1, 0, 2, 3).reshape(-1, SIDE, SIDE)
    chroma = texture.halved(chroma).reshape(len(rgb), 2, -1)[:, :, near_coarse]
    luma = luma.reshape(len(rgb), -1)[:, near]
    return luma.reshape(-1, SIDE, SIDE), chroma.reshape(-1, 2, SIDE // 2, SIDE // 2)


def _camera(shape: shapes.Shape) -> np.ndarray:
    """Weighted pseudo-inverse: an affine camera from landmarks, mostly from the rigid ones."""
    soft = set(BROW_RIGHT + BROW_LEFT + EYE_RIGHT + EYE_LEFT)
    softest = set(LIPS_OUTER + LIPS_INNER + _LOW_JAW)
    weight = np.array([0.15 if point in softest else 0.5 if point in soft else 1.0 for point in POINTS])
    design = np.c_[shape.mean[POINTS], np.ones(len(POINTS))]
    return np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)


def _warp_vertices(shape: shapes.Shape, layout: unwrap.Layout) -> dict[str, np.ndarray]:
    """Mesh points and centres of large triangles, thinned; closer together at landmarks."""
    edges = np.stack([np.linalg.norm(shape.mean[layout.triangles[:, a]] - shape.mean[layout.triangles[:, b]], axis=1)
                      for a, b in ((0, 1), (1, 2), (2, 0))])
    large = layout.triangles[edges.max(0) > 0.26]
    centres = np.zeros((len(large), len(shape.mean)))
    centres[np.arange(len(large))[:, None], large] = 1 / 3
    candidates = np.vstack([np.eye(len(shape.mean)), centres])
    places = candidates @ shape.mean
    points = set(POINTS)
    kept: list[int] = []
    for index in POINTS + [i for i in range(len(candidates)) if i not in points]:
        spacing = 0.17 * (0.55 if index in points else 1)
        if all(((places[index] - places[other]) ** 2).sum() > spacing ** 2 for other in kept):
            kept.append(index)
    vertices, places = candidates[kept], places[kept]
    normal = vertices @ layout.normals
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    distance = cdist(places, places)
    spacing = np.sort(distance, 1)[:, 1:6].mean(1)
    return dict(
        vertices=vertices, vertex_uv=vertices @ layout.uv, vertex_normal=normal,
        vertex_sigma=0.8 * np.clip(0.75 * spacing, 0.028, 0.11),
        cover_weight=_cover_weight(places, normal))


def _spread(shape: shapes.Shape) -> np.ndarray:
    """(468, L): corrections at landmarks, spread over the mesh and fading away from them."""
    distance = cdist(shape.mean, shape.mean[POINTS])
    nearest = distance.min(1, keepdims=True)
    weight = np.exp(-(distance ** 2 - nearest ** 2) / (2 * 0.12 ** 2)) * np.exp(-(nearest / 0.3) ** 2)
    return weight / (weight.sum(1, keepdims=True) + 1e-9)


def _cover_weight(places: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Weights that make the density of vertices even over the face, 1 in its middle."""
    def density(distance: np.ndarray) -> np.ndarray:
        return np.exp(-distance ** 2 / (2 * COVER_SIGMA ** 2))

    kernel = density(cdist(places, places))
    weight = 1 / kernel.sum(1)
    for _ in range(4):
        weight = weight * (kernel @ weight) ** -0.7
    grid = np.stack(np.meshgrid(np.arange(-0.8, 0.8, 0.05), np.arange(-1, 1, 0.05)), -1).reshape(-1, 2)
    facing = np.clip(-normal[:, 2] + 0.15, 0, 1)
    return weight / np.median(density(cdist(grid, places[:, :2])) @ (weight * facing))


def _light(layout: unwrap.Layout) -> dict[str, np.ndarray]:
    axis = (np.arange(LIGHT_SIDE) + 0.5) / LIGHT_SIDE
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    oval = layout.uv[OVAL]
    inside = np.array([place if unwrap.in_oval(layout.uv, place) else oval[((oval - place) ** 2).sum(1).argmin()]
                       for place in grid])
    kernel = np.exp(-(axis[:, None] - axis[None]) ** 2 / (2 * _LIGHT_SIGMA ** 2))
    # Beards and fringes say less about light than cheeks do.
    top = layout.uv[_FOREHEAD, 1]
    hairline = np.clip((layout.rows - top) / (layout.brow_top - top), 0, 1)
    weight = layout.zones["skin"] * (1 - 0.6 * layout.zones["lower"])
    weight = weight * np.where(layout.zones["forehead"] > 0, hairline, 1)
    weight = cv2.erode(weight.astype(np.float32), np.ones((3, 3)))
    return dict(
        light_points=thin_plate(layout.uv[POINTS], inside),
        light_normal=layout.normals[cdist(inside, layout.uv).argmin(1)],
        light_weight=cv2.resize(weight, (LIGHT_SIDE, LIGHT_SIDE), interpolation=cv2.INTER_AREA),
        light_kernel=kernel / kernel.sum(0).max())


def _alpha(layout: unwrap.Layout) -> np.ndarray:
    above = np.clip((layout.brow_top - layout.rows) / 0.12, 0, 1)
    return smooth_step((layout.rim_distance - 1 / SIDE) / (0.035 + 0.045 * above)).astype(np.float32)


def thin_plate(control: np.ndarray, query: np.ndarray, smoothing: float = 1e-6) -> np.ndarray:
    """(q, c): values at control points (c, 2) -> values of their thin-plate spline at query points (q, 2)."""
    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        squared = cdist(a, b) ** 2
        return squared * np.log(squared + 1e-12)

    count = len(control)
    plane = np.c_[np.ones(count), control]
    system = np.block([[kernel(control, control) + smoothing * np.eye(count), plane], [plane.T, np.zeros((3, 3))]])
    return np.c_[kernel(query, control), np.ones(len(query)), query] @ np.linalg.inv(system)[:, :count]
