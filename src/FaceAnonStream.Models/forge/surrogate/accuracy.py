"""How exact the graph's shortcuts are: its warp against a rasterised mesh, its basis against faces it never saw."""
import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper

from forge.common.ort import Session
from forge.common.topology import POINTS
from forge.surrogate import publish, texture, unwrap
from forge.surrogate.gallery import Gallery
from forge.surrogate.graph import BANDS, MARGIN, Size
from forge.surrogate.rig import Rig, TEXTURE_COMPONENTS
from forge.surrogate.texture import Basis

POSES = {"frontal": [(0, 0), (8, 0), (-8, 5), (0, -8)], "turned 30-45 degrees": [(30, 0), (-38, 5), (45, 0), (-45, -5)]}
_DRAWS = 3


def exposing(model: onnx.ModelProto, names: list[str]) -> bytes:
    """The model with inner values as further outputs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    copy.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    return copy.SerializeToString()


def posed(mesh: np.ndarray, yaw: float, pitch: float) -> np.ndarray:
    """(L, 2) landmarks, as shares of a crop, of a mesh (L, 3) in face units turned by degrees."""
    a, b = np.radians([yaw, pitch])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    flat = (mesh @ (nod @ turn).T)[:, :2]
    low, high = flat.min(0), flat.max(0)
    return (flat - (low + high) / 2) / (publish.CROP_MARGIN * (high - low).max()) + 0.5


def warp_error(model: onnx.ModelProto, size: Size, rig: Rig, layout: unwrap.Layout, latents: np.ndarray) -> dict:
    """{pose: (median, 90th percentile)} distance in texels of a 160-texel texture, over opaque pixels of some draws."""
    session = Session(exposing(model, ["projection", "offset", "expression", "correction", "flow"]))
    random = np.random.default_rng(0)
    result = {}
    for name, poses in POSES.items():
        errors = []
        for yaw, pitch in poses:
            for latent in latents[random.choice(len(latents), _DRAWS, replace=False)]:
                solid = rig.shape.mean + np.tensordot(latent[TEXTURE_COMPONENTS:], rig.components, 1)
                landmarks = posed(solid[POINTS], yaw, pitch)
                out = session.run({"context": np.full((1, 3, size.crop, size.crop), 0.5), "landmarks": landmarks[None],
                                   "latent": latent[None], "detail": np.full((1, BANDS), -1)})
                solid = solid + np.tensordot(out["expression"][0], rig.shape.expressions, 1)
                errors.append(_flow_error(solid, out, size, rig, layout))
        errors = np.concatenate(errors)
        result[name] = (float(np.median(errors)), float(np.percentile(errors, 90)))
    return result


def _flow_error(solid: np.ndarray, out: dict, size: Size, rig: Rig, layout: unwrap.Layout) -> np.ndarray:
    projection = out["projection"][0]
    flat = solid @ projection + out["offset"][0] + rig.spread @ out["correction"][0]
    depth = solid @ np.cross(projection[:, 0], projection[:, 1])
    exact, hit = rasterised(flat, depth, layout, size)
    seen = (out["flow"][0] + 1) / 2
    alpha = cv2.remap(rig.alpha, *(exact * unwrap.SIDE - 0.5).astype(np.float32).transpose(2, 0, 1), cv2.INTER_LINEAR)
    return np.linalg.norm(seen - exact, axis=-1)[hit & (alpha > 0.5)] * unwrap.SIDE


def rasterised(flat: np.ndarray, depth: np.ndarray, layout: unwrap.Layout, size: Size) -> tuple[np.ndarray, np.ndarray]:
    """(W, W, 2) UV and (W, W) whether a mesh lies there: z-buffered triangles at the window's pixel centres."""
    side = size.window
    place = (flat - MARGIN) / (1 - 2 * MARGIN) * side - 0.5
    uv, nearest = np.zeros((side, side, 2)), np.full((side, side), np.inf)
    for triangle in layout.triangles:
        a, b, c = corners = place[triangle]
        low = np.maximum(np.floor(corners.min(0)).astype(int), 0)
        high = np.minimum(np.ceil(corners.max(0)).astype(int), side - 1)
        base = np.c_[a - c, b - c]
        if (high < low).any() or abs(np.linalg.det(base)) < 1e-6:
            continue
        x, y = (grid.ravel() for grid in np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1)))
        share = np.linalg.solve(base, np.stack([x - c[0], y - c[1]]))
        share = np.vstack([share, 1 - share.sum(0)])
        distance = depth[triangle] @ share
        front = (share >= 0).all(0) & (distance < nearest[y, x])
        x, y = x[front], y[front]
        nearest[y, x] = distance[front]
        uv[y, x] = share[:, front].T @ layout.uv[triangle]
    return uv, np.isfinite(nearest)


def reconstruction(members: Gallery, basis: Basis, layout: unwrap.Layout) -> list[dict]:
    """What the basis keeps of members that it was not built from, before the edits, per number of components.

    rmse in 0..255 over the face; sharpness: energy above a Gaussian of 1.5 texels relative to the original's.
    """
    textures = texture.completed(members.textures, members.coverage, layout)[members.held_out]
    inside = layout.inside
    mean = basis.mean * 255
    flat = (textures - mean)[:, inside].reshape(len(textures), -1)
    directions = basis.plain_components[:, inside].reshape(len(basis.plain_components), -1)
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    rows = []
    for count in (32, 64, 128, len(directions)):
        chosen = directions[:count]
        kept = flat @ chosen.T @ chosen
        restored = np.zeros_like(textures)
        restored[:, inside] = kept.reshape(len(textures), -1, 3)
        restored += mean
        rows.append({"components": count, "faces": len(textures), "rmse": float(np.sqrt(((kept - flat) ** 2).mean())),
                     "sharpness": _detail(restored, inside) / _detail(textures, inside)})
    return rows


def _detail(textures: np.ndarray, inside: np.ndarray) -> float:
    core = cv2.erode(inside.astype(np.uint8), np.ones((7, 7))) > 0
    return float(np.sqrt(np.mean([((one - unwrap.blur(one, 1.5))[core] ** 2).mean() for one in textures])))
