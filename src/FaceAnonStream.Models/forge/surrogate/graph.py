"""The generator as one ONNX graph for one crop size. See card.md for what each stage is for.

Inputs, N faces: context (N, 3, S, S) RGB 0..1; landmarks (N, L, 2) shares of the crop; latent (N, K + D); detail (N, 4)
RMS luma of each band, below 0 for the context's. Outputs: face (N, 3, S, S) RGB 0..1 and mask (N, 1, S, S) 0..1. Only
the inner window of the crop is computed: by its definition the crop is 1.45 times as large as the face, so a twelfth of
it on each side holds no face.
"""
import dataclasses

import numpy as np
import onnx

from forge.common.topology import POINTS
from forge.surrogate import resampling, shape
from forge.surrogate.builder import Builder, Tensor
from forge.surrogate.rig import COVER_SIGMA, EXPRESSION_RANGE, LATENT, LIGHT_SIDE, TEXTURE_COMPONENTS, Rig
from forge.surrogate.texture import LUMA, TO_RGB

#: Share of the crop's side that is left out on each side.
MARGIN = 1 / 12

#: How far a surrogate's outline is pulled to the target's: on the oval, and where the face ends in the picture.
_OVAL_PULL, _SILHOUETTE_PULL, _SILHOUETTE_WIDTH = 0.5, 0.7, 0.22
#: Ridge of the local affine regression, in squared face units.
_RIDGE = 0.0012
#: Gains of the four bands of detail, from fine to coarse.
_GAINS = ((0.0, 1.8), (0.25, 1.6), (0.35, 1.15), (0.45, 1.0))
BANDS = len(_GAINS)
#: Added to the energy of the context's and of the face's bands.
_CONTEXT_NOISE, _FACE_NOISE = 3e-8, 3e-7
_MOST_ENERGY = 0.01
_CONTEXT_SIDE = 40


@dataclasses.dataclass(frozen=True)
class Size:
    """crop: S, a multiple of 48. window: computed pixels a side. texture: texels a side. grid: warp grid. cover: grid
    of the density."""

    crop: int
    texture: int
    grid: int
    cover: int

    @property
    def window(self) -> int:
        return self.crop - 2 * self.rim

    @property
    def rim(self) -> int:
        return int(self.crop * MARGIN)


SIZES = {192: Size(192, 160, 32, 20), 144: Size(144, 120, 28, 20), 96: Size(96, 80, 24, 20)}


@dataclasses.dataclass(frozen=True)
class Camera:
    """Scaled-orthographic. projection: (N, 3, 2), offset: (N, 1, 2), scale: (N, 1, 1), axis: (N, 3, 1) of view."""

    projection: Tensor
    offset: Tensor
    scale: Tensor
    axis: Tensor


@dataclasses.dataclass(frozen=True)
class Warp:
    """uv: (N, 2, g, g) texture places of the window's grid points, 0..1. density: (N, 1, c, c) of visible vertices."""

    uv: Tensor
    density: Tensor


def build(rig: Rig, size: Size) -> onnx.ModelProto:
    graph = Builder()
    context, landmarks, latent = graph.input("context"), graph.input("landmarks"), graph.input("latent")
    detail = graph.input("detail")
    seen_camera = camera(graph, rig, landmarks)
    expressed = expression(graph, rig, seen_camera, landmarks)
    vertices = geometry(graph, rig, seen_camera, expressed, landmarks,
                        latent.cut(TEXTURE_COMPONENTS, LATENT, 1))
    luma, chroma = texture(graph, rig, size, expressed, latent.cut(0, TEXTURE_COMPONENTS, 1))
    window = context.cut(size.rim, size.crop - size.rim, 2).cut(size.rim, size.crop - size.rim, 3)
    gains = light(graph, rig, size, seen_camera, landmarks, window, luma, chroma)
    flow = warp(graph, rig, size, seen_camera, vertices)
    face, mask = draw(graph, rig, size, flow, luma, chroma, gains)
    face = match_detail(graph, size, face, mask, window, detail)
    pads = graph.integers([0, 0, size.rim, size.rim] * 2)
    side = size.crop
    return graph.model(
        "surrogate",
        {"context": ["N", 3, side, side], "landmarks": ["N", len(POINTS), 2], "latent": ["N", LATENT],
         "detail": ["N", BANDS]},
        {"face": (graph.op("Pad", face, pads), ["N", 3, side, side]),
         "mask": (graph.op("Pad", mask, pads), ["N", 1, side, side])})


def camera(graph: Builder, rig: Rig, landmarks: Tensor) -> Camera:
    """Affine camera by a constant pseudo-inverse, then the nearest scaled-orthographic one.

    The nearest is P = s A (A'A)^(-1/2) with s = tr((A'A)^(1/2)) / 2, in closed form for 2 x 2. The face's aspect ratio
    is dropped here, on purpose: it is the subject's.
    """
    affine = graph.constant("camera", rig.camera) @ landmarks
    linear, offset = affine.cut(0, 3, 1), affine.cut(3, 4, 1)
    gram = linear.transpose(0, 2, 1) @ linear
    a, b, c = (gram.cut(i, i + 1, 1).cut(j, j + 1, 2) for i, j in ((0, 0), (0, 1), (1, 1)))
    root = graph.maximum(a * c - b * b, 1e-10).sqrt()
    trace = (a + c + root * 2.0).sqrt()
    # The floor keeps everything finite when landmarks coincide; a face in its crop has about 0.2.
    scale = graph.maximum(trace * 0.5, 0.05)
    inverse = graph.concat(1, graph.concat(2, c + root, -b), graph.concat(2, -b, a + root)) / (trace * root)
    projection = linear @ inverse * scale
    right, down = projection.cut(0, 1, 2) / scale, projection.cut(1, 2, 2) / scale

    def product(i: int, j: int) -> Tensor:
        return right.cut(i, i + 1, 1) * down.cut(j, j + 1, 1)

    axis = graph.concat(1, *(product(i, j) - product(j, i) for i, j in ((1, 2), (2, 0), (0, 1))))
    return Camera(graph.named("projection", projection), graph.named("offset", offset), scale, axis)


def expression(graph: Builder, rig: Rig, view: Camera, landmarks: Tensor) -> Tensor:
    """(N, 7) in deviations: each measure read along the image of its axis; a foreshortened axis says nothing."""
    count = len(shape.MEASURES)
    measures = shape.measure_matrix()
    axes = np.zeros((count, 3))
    axes[np.arange(count), shape.MEASURE_AXIS] = 1
    direction = graph.constant("measureAxes", axes) @ view.projection
    length = (direction * direction).sum(2)
    squared_scale = view.scale * view.scale
    difference = (graph.constant("measures", measures[:, POINTS]) @ landmarks
                  - graph.constant("measuresAcross", rig.measure_across) @ view.projection)
    value = (difference * direction).sum(2) / (length + squared_scale * 1e-3)
    sure = ((length / squared_scale - 0.08) / 0.25).clip(0, 1)
    mean = graph.constant("measureMean", rig.shape.measure_mean[:, None])
    deviation = graph.constant("measureDeviation", rig.shape.measure_deviation[:, None])
    believed = ((value - mean) / deviation * sure).clip(*EXPRESSION_RANGE)
    return graph.named("expression", believed.reshape(0, count))


def geometry(graph: Builder, rig: Rig, view: Camera, expressed: Tensor, landmarks: Tensor, outline: Tensor) -> Tensor:
    """(N, V, 2) warp vertices: the surrogate's shape in the target's pose, its outline pulled to the target's."""
    count = len(rig.vertices)
    select = np.zeros((len(POINTS), len(rig.shape.mean)))
    select[np.arange(len(POINTS)), POINTS] = 1
    needed = np.vstack([rig.vertices, select])
    mean = graph.constant("meanShape", (needed @ rig.shape.mean).reshape(1, -1))
    moves = np.concatenate([rig.shape.expressions, rig.components])
    moves = graph.constant("shapeMoves", (needed @ moves).reshape(len(moves), -1))
    solid = (mean + graph.concat(1, expressed, outline) @ moves).reshape(-1, len(needed), 3)
    flat = solid @ view.projection + view.offset
    vertices, points = flat.cut(0, count, 1), flat.cut(count, len(needed), 1)
    edgewise = graph.constant("pointNormals", rig.point_normal) @ view.axis / _SILHOUETTE_WIDTH
    silhouette = (-(edgewise * edgewise)).exp() * _SILHOUETTE_PULL
    pull = graph.maximum(silhouette, graph.constant("ovalPull", rig.on_oval[:, None] * _OVAL_PULL))
    correction = graph.named("correction", (landmarks - points) * pull)
    # What lies far outside the crop is not drawn; bounded, it cannot overflow either.
    moved = vertices + graph.constant("spread", rig.vertices @ rig.spread) @ correction
    return graph.named("vertices", moved.clip(-1, 2))


def texture(graph: Builder, rig: Rig, size: Size, expressed: Tensor, identity: Tensor) -> tuple[Tensor, Tensor]:
    """Luma (N, 1, T, T) and chroma (N, 2, T/2, T/2) of the unlit face."""
    side, half = size.texture, size.texture // 2
    quadratic = graph.op("Relu", expressed) * expressed * 0.2
    mixture = identity + (graph.concat(1, expressed, quadratic)
                          @ graph.constant("expressionTexture", rig.expression_texture))

    def synthesised(name: str, mean: np.ndarray, basis: np.ndarray, wanted: int, channels: int) -> Tensor:
        mean, basis = _shrunk(mean, wanted), _shrunk(basis, wanted)
        rows = graph.dequantised(name, basis.reshape(len(basis), -1))
        flat = mixture @ rows + graph.constant(f"{name}Mean", mean.reshape(1, -1))
        return graph.named(f"{name}Map", flat.reshape(-1, channels, wanted, wanted))

    return (synthesised("luma", rig.mean_luma, rig.luma, side, 1),
            synthesised("chroma", rig.mean_chroma, rig.chroma, half, 2))


def light(graph: Builder, rig: Rig, size: Size, view: Camera, landmarks: Tensor, window: Tensor, luma: Tensor,
          chroma: Tensor) -> Tensor:
    """(N, 3, G, G) gains over texture space: what smooth light and tone make the texture look like the context.

    Log-ratios over visible skin; what differs much from the rest (beard, hair, spectacles) is left out in two rounds.
    """
    cells = LIGHT_SIDE * LIGHT_SIDE
    shrink = resampling.gaussian(_CONTEXT_SIDE, size.window, 0.5 * size.window / _CONTEXT_SIDE)
    small = _apart(graph, "lightShrink", shrink, window)
    places = (graph.constant("lightPoints", rig.light_points) @ landmarks - MARGIN) * (2 / (1 - 2 * MARGIN)) - 1.0
    seen = graph.sample(small, places.reshape(-1, LIGHT_SIDE, LIGHT_SIDE, 2)).reshape(0, 3, cells)
    unlit = graph.concat(1, *(graph.op("AveragePool", map, kernel_shape=[step, step], strides=[step, step])
                              for map, step in ((luma, size.texture // LIGHT_SIDE),
                                                (chroma, size.texture // 2 // LIGHT_SIDE))))
    unlit = (graph.constant("toRgb", TO_RGB) @ unlit.reshape(0, 3, cells)).clip(0.004, 1)
    ratio = (seen + 0.03).log() - (unlit + 0.03).log()
    facing = ((-(graph.constant("lightNormals", rig.light_normal) @ view.axis) - 0.15) * 3.0).clip(0, 1)
    weight = facing.transpose(0, 2, 1) * graph.constant("lightWeight", rig.light_weight.reshape(1, 1, -1))

    def average(weights: Tensor) -> Tensor:
        return (ratio * weights).sum(2) / (weights.sum(2) + 1e-4)

    def without_outliers(centre: Tensor) -> Tensor:
        distance = (ratio - centre).mean(1) / 0.45
        return weight * (-(distance * distance)).exp()

    trusted = without_outliers(average(without_outliers(average(weight))))
    centre = average(trusted)
    maps = graph.concat(1, (ratio - centre) * trusted, trusted).reshape(-1, 4, LIGHT_SIDE, LIGHT_SIDE)
    smooth = _apart(graph, "lightKernel", rig.light_kernel, maps)
    # Where little skin is seen, the gain falls back to the mean.
    local = smooth.cut(0, 3, 1) / (smooth.cut(3, 4, 1) + 0.04)
    return graph.named("gains", (local + centre.reshape(0, 3, 1, 1)).exp().clip(0.05, 4))


def warp(graph: Builder, rig: Rig, size: Size, view: Camera, vertices: Tensor) -> Warp:
    """Where in the texture each grid point of the window looks: local affine regression of UV on position.

    Gaussian weights of each vertex's own width, hidden vertices penalised. All sums over vertices are one MatMul.
    """
    centred = vertices - 0.5
    x, y = centred.cut(0, 1, 2), centred.cut(1, 2, 2)
    scale = view.scale
    facing = -(graph.constant("vertexNormals", rig.vertex_normal) @ view.axis)
    hidden = graph.minimum(facing - 0.25, 0.0) * 14.0

    def weights(precision: Tensor, penalty: Tensor | None, side: int) -> Tensor:
        """(N, V, side * side) exp(-precision * squared distance + penalty), its exponent as one product."""
        origin = precision * (x * x + y * y)
        origin = -origin if penalty is None else penalty - origin
        left = graph.concat(2, origin, precision * x * 2.0, precision * y * 2.0, -precision)
        place = _grid(side)
        right = np.stack([np.ones(side * side), place[0], place[1], (place ** 2).sum(0)])
        return (left @ graph.constant(f"grid{side}", right)).exp()

    narrow = graph.constant("vertexPrecision", 0.5 / rig.vertex_sigma[:, None] ** 2) / (scale * scale)
    near = weights(narrow, hidden, size.grid)
    uv = graph.constant("vertexUv", rig.vertex_uv)
    u, v = uv.cut(0, 1, 1), uv.cut(1, 2, 1)
    constant = graph.op("Expand", np.ones((1, 1, 1)), graph.op("Shape", x))
    uv_rows = graph.op("Expand", uv.reshape(1, -1, 2), graph.op("Shape", centred))
    rows = graph.concat(2, constant, centred, uv_rows, x * x, x * y, y * y, x * u, x * v, y * u, y * v)
    moments = rows.transpose(0, 2, 1) @ near
    # Far from every vertex all weights vanish; the mask is zero there.
    moments = moments.cut(1, 12, 1) / (moments.cut(0, 1, 1) + 1e-30)
    mean, mean_uv = moments.cut(0, 2, 1), moments.cut(2, 4, 1)
    mx, my = mean.cut(0, 1, 1), mean.cut(1, 2, 1)
    ridge = scale * scale * _RIDGE
    xx = moments.cut(4, 5, 1) - mx * mx + ridge
    xy = moments.cut(5, 6, 1) - mx * my
    yy = moments.cut(6, 7, 1) - my * my + ridge
    x_uv = moments.cut(7, 9, 1) - mx * mean_uv
    y_uv = moments.cut(9, 11, 1) - my * mean_uv
    offset = graph.constant("gridPlaces", _grid(size.grid)[None]) - mean
    dx, dy = offset.cut(0, 1, 1), offset.cut(1, 2, 1)
    determinant = xx * yy - xy * xy
    place = mean_uv + ((yy * dx - xy * dy) * x_uv + (xx * dy - xy * dx) * y_uv) / determinant

    wide = 0.5 / COVER_SIGMA ** 2 / (scale * scale) * np.ones((len(rig.vertices), 1))
    visible = (facing + 0.15).clip(0, 1) * graph.constant("coverWeight", rig.cover_weight[:, None])
    density = visible.transpose(0, 2, 1) @ weights(wide, None, size.cover)
    return Warp(place.reshape(-1, 2, size.grid, size.grid), density.reshape(-1, 1, size.cover, size.cover))


def draw(graph: Builder, rig: Rig, size: Size, flow: Warp, luma: Tensor, chroma: Tensor,
         gains: Tensor) -> tuple[Tensor, Tensor]:
    """The lit face (N, 3, W, W) and its mask (N, 1, W, W) in the window. Chroma and mask are drawn at half size."""
    half = size.window // 2
    # Pairs of coordinates stay together: (N, g, 2g), so that the flow grows into the layout that GridSample wants.
    pairs = (flow.uv * 2.0 - 1.0).transpose(0, 2, 3, 1).reshape(0, size.grid, 2 * size.grid)

    def grown(name: str, side: int) -> Tensor:
        up = resampling.bilinear(side, size.grid)
        both = graph.constant(f"{name}Pairs", np.kron(up, np.eye(2)).T)
        return (graph.constant(name, up) @ (pairs @ both)).reshape(0, side, side, 2)

    alpha = _shrunk(rig.alpha, size.texture // 2)[None, None]
    batch = graph.concat(0, graph.op("Shape", gains).cut(0, 1, 0), graph.integers([1, 1, 1]))
    soft = graph.concat(1, chroma, graph.op("Expand", graph.constant("alpha", alpha), batch))
    sharp = graph.sample(luma, graph.named("flow", grown("flowGrow", size.window)))
    soft = graph.sample(soft, grown("halfFlowGrow", half))
    lit = graph.sample(gains, pairs.reshape(0, size.grid, size.grid, 2))
    cover = _apart(graph, "coverGrow", resampling.bilinear(half, size.cover), flow.density)
    cover = ((cover - 0.18) / 0.24).clip(0, 1) * graph.constant("rimFade", _rim(half))
    soft = graph.concat(1, soft.cut(0, 2, 1), soft.cut(2, 3, 1) * cover)
    soft = _apart(graph, "halfGrow", resampling.bilinear(size.window, half), soft)
    colour = graph.concat(1, sharp, soft.cut(0, 2, 1)).reshape(0, 3, size.window * size.window)
    rgb = (graph.constant("toRgb", TO_RGB) @ colour).reshape(0, 3, size.window, size.window)
    lit = _apart(graph, "lightGrow", resampling.bilinear(size.window, size.grid), lit)
    return graph.named("lit", (rgb * lit).clip(0, 1)), graph.named("windowMask", soft.cut(2, 3, 1))


def match_detail(graph: Builder, size: Size, face: Tensor, mask: Tensor, window: Tensor, detail: Tensor) -> Tensor:
    """The face with each of four bands of detail as strong as asked for; where that is below 0, as in the context.

    Strengths are RMS values of the luma inside the mask. Colours keep their ratios, but lose contrast as the third band
    does.
    """
    side = size.window
    scale = size.crop / 256
    shares = graph.constant("lumaShares", LUMA[None])

    def luma(rgb: Tensor) -> Tensor:
        return (shares @ rgb.reshape(0, 3, side * side)).reshape(0, 1, side, side)

    def resampled(name: str, matrix: np.ndarray, maps: Tensor) -> Tensor:
        return _apart(graph, name, matrix, maps)

    own = luma(face)
    both = graph.concat(1, own, luma(window))
    fine = resampled("fine", resampling.gaussian(side, side, 0.9 * scale + 0.35), both)
    half = resampled("half", resampling.gaussian(side // 2, side, 2.2 * scale + 0.4), fine)
    small = resampled("quarter", resampling.mean(side // 4, side // 2), half)
    coarse = resampled("coarse", resampling.gaussian(side // 4, side // 4, 1.25 * scale + 0.2), small)
    tiny = resampled("eighth", resampling.mean(side // 8, side // 4), coarse)
    coarsest = resampled("coarsest", resampling.gaussian(side // 8, side // 8, 1.75 * scale), tiny)
    bands = [both - fine, fine - resampled("halfUp", resampling.cubic(side, side // 2), half),
             small - coarse, tiny - coarsest]

    inner = ((mask - 0.8) * 5.0).clip(0, 1)
    inner_small = resampled("innerQuarter", resampling.mean(side // 4, side), inner)
    inner_tiny = resampled("eighth", resampling.mean(side // 8, side // 4), inner_small)
    changes, gains = [], []
    for index, (band, weight, gain) in enumerate(zip(bands, (inner, inner, inner_small, inner_tiny), _GAINS)):
        energy = (graph.minimum(band * band, _MOST_ENERGY) * weight).sum(2, 3) / (weight.sum(2, 3) + 1.0)
        asked = detail.cut(index, index + 1, 1).reshape(-1, 1, 1, 1)
        seen = energy.cut(1, 2, 1)
        wanted = graph.op("Where", graph.op("Less", asked, 0.0), seen, asked * asked)
        wanted = (wanted + _CONTEXT_NOISE) / (energy.cut(0, 1, 1) + _FACE_NOISE)
        gains.append(wanted.sqrt().clip(*gain))
        changes.append(band.cut(0, 1, 1) * (gains[-1] - 1.0))
    low = changes[2] + resampled("eighthUp", resampling.cubic(side // 4, side // 8), changes[3])
    change = changes[0] + changes[1] + resampled("quarterUp", resampling.cubic(side, side // 4), low)
    # Haze takes from colours what it takes from features: without this, lips look painted.
    colour = face - own
    smooth = resampled("colourDown", resampling.gaussian(side // 8, side, side / 20), colour)
    sharp = colour - resampled("colourUp", resampling.cubic(side, side // 8), smooth)
    face = face + sharp * (gains[2].clip(0, 1) - 1.0)
    return (face * ((own + change + 0.02) / (own + 0.02)).clip(0, 3)).clip(0, 1)


def _grid(side: int) -> np.ndarray:
    """(2, side * side) x and y of the window's grid points, as shares of the crop from its middle."""
    axis = ((np.arange(side) + 0.5) / side - 0.5) * (1 - 2 * MARGIN)
    return np.stack(np.meshgrid(axis, axis)).reshape(2, -1)


def _rim(side: int) -> np.ndarray:
    """(side, side): 0 at the window's border, 1 a little inside."""
    distance = np.minimum(np.arange(side), np.arange(side)[::-1]) / (0.036 * side)
    return np.clip(np.minimum.outer(distance, distance), 0, 1)


def _shrunk(maps: np.ndarray, side: int) -> np.ndarray:
    """Maps (..., n, n) at a smaller side, by area."""
    given = maps.shape[-1]
    matrix = resampling.mean(side, given)
    return matrix @ maps @ matrix.T


def _apart(graph: Builder, name: str, matrix: np.ndarray, maps: Tensor) -> Tensor:
    """matrix @ map @ matrix.T for each map of (N, c, h, w)."""
    left = graph.constant(name, matrix)
    right = graph.constant(f"{name}T", matrix.T)
    return left @ (maps @ right)
