"""The generator once more, in numpy and double precision, one face at a time and by other routes than the graph's.

Numbers come out of the file by name; formulas are those of the card. Distances are taken directly instead of as
products, the camera by a singular value decomposition, look-ups by scipy.
"""
import dataclasses

import numpy as np
import onnx
from onnx import numpy_helper
from scipy.ndimage import map_coordinates

TEXTURE = 160
MARGIN = 1 / 12
TO_RGB = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]])
GAINS = ((0.0, 1.8), (0.25, 1.6), (0.35, 1.15), (0.45, 1.0))


@dataclasses.dataclass
class Result:
    """What the graph computes for one face. mask and face: (S, S) and (3, S, S)."""

    projection: np.ndarray
    expression: np.ndarray
    vertices: np.ndarray
    luma: np.ndarray
    flow: np.ndarray
    gains: np.ndarray
    face: np.ndarray
    mask: np.ndarray


class Oracle:
    def __init__(self, model: onnx.ModelProto) -> None:
        self.constants = {tensor.name: numpy_helper.to_array(tensor).astype(float)
                          for tensor in model.graph.initializer}
        self.crop = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
        self.rim = self.crop // 12
        self.window = self.crop - 2 * self.rim
        self.texture = int(np.sqrt(self.constants["lumaMean"].size))
        self.grid = int(np.sqrt(self.constants["gridPlaces"].shape[-1]))

    def __call__(self, context: np.ndarray, landmarks: np.ndarray, latent: np.ndarray, detail: np.ndarray) -> Result:
        context, landmarks, latent, detail = (np.asarray(value, float)
                                              for value in (context, landmarks, latent, detail))
        window = context[:, self.rim:self.crop - self.rim, self.rim:self.crop - self.rim]
        affine = self.constants["camera"] @ landmarks
        u, values, vt = np.linalg.svd(affine[:3], full_matrices=False)
        scale = max(values.mean(), 0.05)
        projection, offset = u @ vt * scale, affine[3]
        axis = np.cross(projection[:, 0], projection[:, 1]) / scale ** 2
        expression = self._expression(projection, scale, landmarks)
        vertices = self._vertices(projection, offset, axis, expression, landmarks, latent[TEXTURE:])
        luma, chroma = self._texture(expression, latent[:TEXTURE])
        gains = self._light(axis, landmarks, window, luma, chroma)
        uv, density = self._warp(vertices, scale, axis)
        lit, mask = self._draw(uv, density, luma, chroma, gains)
        face = self._detail(lit, mask, window, detail)
        pad = ((self.rim, self.rim), (self.rim, self.rim))
        return Result(projection, expression, vertices, luma, _grown(uv, self.window).transpose(1, 2, 0) * 2 - 1, gains,
                      np.pad(face, ((0, 0), *pad)), np.pad(mask, pad))

    def _expression(self, projection, scale, landmarks):
        c = self.constants
        result = np.zeros(len(c["measures"]))
        for i, (measure, across, along) in enumerate(zip(c["measures"], c["measuresAcross"], c["measureAxes"])):
            direction = along @ projection
            length = direction @ direction
            difference = measure @ landmarks - across @ projection
            value = difference @ direction / (length + 1e-3 * scale ** 2)
            sure = np.clip((length / scale ** 2 - 0.08) / 0.25, 0, 1)
            result[i] = (value - c["measureMean"][i, 0]) / c["measureDeviation"][i, 0] * sure
        return np.clip(result, -2.5, 5)

    def _vertices(self, projection, offset, axis, expression, landmarks, outline):
        c = self.constants
        solid = c["meanShape"][0] + np.concatenate([expression, outline]) @ c["shapeMoves"]
        flat = solid.reshape(-1, 3) @ projection + offset
        vertices, points = flat[:-len(landmarks)], flat[-len(landmarks):]
        silhouette = 0.7 * np.exp(-((c["pointNormals"] @ axis) / 0.22) ** 2)
        pull = np.maximum(silhouette, c["ovalPull"][:, 0])
        return np.clip(vertices + c["spread"] @ ((landmarks - points) * pull[:, None]), -1, 2)

    def _texture(self, expression, identity):
        c = self.constants
        features = np.concatenate([expression, 0.2 * np.where(expression > 0, expression, 0) * expression])
        mixture = identity + features @ c["expressionTexture"]
        half = self.texture // 2
        luma = c["lumaMean"][0] + (mixture * c["lumaScale"][:, 0]) @ c["luma"]
        chroma = c["chromaMean"][0] + (mixture * c["chromaScale"][:, 0]) @ c["chroma"]
        return luma.reshape(self.texture, self.texture), chroma.reshape(2, half, half)

    def _light(self, axis, landmarks, window, luma, chroma):
        c = self.constants
        side = len(c["lightKernel"])
        small = np.stack([c["lightShrink"] @ one @ c["lightShrink"].T for one in window])
        place = (c["lightPoints"] @ landmarks - MARGIN) / (1 - 2 * MARGIN)
        seen = np.stack([_looked_up(one, place) for one in small])
        blocks = [one.reshape(side, len(one) // side, side, len(one) // side).mean((1, 3)) for one in (luma, *chroma)]
        unlit = np.clip(TO_RGB @ np.stack(blocks).reshape(3, -1), 0.004, 1)
        ratio = np.log(seen + 0.03) - np.log(unlit + 0.03)
        weight = np.clip((-(c["lightNormals"] @ axis) - 0.15) * 3, 0, 1) * c["lightWeight"].ravel()
        trusted = weight
        for _ in range(2):
            centre = (ratio * trusted).sum(1) / (trusted.sum() + 1e-4)
            trusted = weight * np.exp(-((ratio - centre[:, None]).mean(0) / 0.45) ** 2)
        centre = (ratio * trusted).sum(1) / (trusted.sum() + 1e-4)

        def smooth(one):
            return c["lightKernel"] @ one.reshape(side, side) @ c["lightKernel"].T

        below = smooth(trusted) + 0.04
        local = [smooth((one - mean) * trusted) / below + mean for one, mean in zip(ratio, centre)]
        return np.clip(np.exp(local), 0.05, 4)

    def _warp(self, vertices, scale, axis):
        c = self.constants
        facing = -(c["vertexNormals"] @ axis)
        penalty = 14 * np.minimum(facing - 0.25, 0)
        uv = np.zeros((self.grid * self.grid, 2))
        for index, place in enumerate(self._places(self.grid)):
            distance = ((vertices - place) ** 2).sum(1) / scale ** 2
            weight = np.exp(-distance * c["vertexPrecision"][:, 0] + penalty)
            weight /= weight.sum() + 1e-30
            mean, mean_uv = weight @ vertices, weight @ c["vertexUv"]
            offset = vertices - mean
            covariance = (offset * weight[:, None]).T @ offset + 0.0012 * scale ** 2 * np.eye(2)
            slope = np.linalg.solve(covariance, (offset * weight[:, None]).T @ (c["vertexUv"] - mean_uv))
            uv[index] = mean_uv + (place - mean) @ slope
        visible = np.clip(facing + 0.15, 0, 1) * c["coverWeight"][:, 0]
        cover = int(c["coverGrow"].shape[1])
        places = self._places(cover)
        distance = ((places[:, None] - vertices[None]) ** 2).sum(-1) / scale ** 2
        density = np.exp(-distance / (2 * 0.14 ** 2)) @ visible
        return uv.T.reshape(2, self.grid, self.grid), density.reshape(cover, cover)

    def _draw(self, uv, density, luma, chroma, gains):
        half = self.window // 2
        fine = _grown(uv, self.window).reshape(2, -1).T
        coarse = _grown(uv, half).reshape(2, -1).T
        sharp = _looked_up(luma, fine).reshape(self.window, self.window)
        soft = [_looked_up(one, coarse).reshape(half, half) for one in (*chroma, self.constants["alpha"][0, 0])]
        cover = np.clip((_grown(density[None], half)[0] - 0.18) / 0.24, 0, 1) * self.constants["rimFade"]
        soft[2] = soft[2] * cover
        soft = _grown(np.stack(soft), self.window)
        rgb = np.einsum("ij,jyx->iyx", TO_RGB, np.stack([sharp, soft[0], soft[1]]))
        light = np.stack([_looked_up(one, uv.reshape(2, -1).T).reshape(self.grid, self.grid) for one in gains])
        return np.clip(rgb * _grown(light, self.window), 0, 1), soft[2]

    def _detail(self, lit, mask, window, wanted):
        c = self.constants

        def through(name, picture):
            return c[name] @ picture @ c[name].T

        def bands(rgb):
            luma = np.einsum("c,cyx->yx", [0.299, 0.587, 0.114], rgb)
            fine = through("fine", luma)
            half = through("half", fine)
            small = through("quarter", half)
            coarse = through("coarse", small)
            tiny = through("eighth", coarse)
            return luma, (luma - fine, fine - through("halfUp", half), small - coarse, tiny - through("coarsest", tiny))

        luma, own = bands(lit)
        _, given = bands(window)
        inner = np.clip((mask - 0.8) * 5, 0, 1)
        small = through("innerQuarter", inner)
        changes, gains = [], []
        weights = (inner, inner, small, through("eighth", small))
        for mine, theirs, weight, limits, asked in zip(own, given, weights, GAINS, wanted):
            energy = [(np.minimum(one ** 2, 0.01) * weight).sum() / (weight.sum() + 1) for one in (theirs, mine)]
            if asked >= 0:
                energy[0] = asked ** 2
            gain = np.clip(np.sqrt((energy[0] + 3e-8) / (energy[1] + 3e-7)), *limits)
            changes.append((gain - 1) * mine)
            gains.append(gain)
        change = changes[0] + changes[1] + through("quarterUp", changes[2] + through("eighthUp", changes[3]))
        colour = lit - luma
        sharp = colour - np.stack([c["colourUp"] @ through("colourDown", one) @ c["colourUp"].T for one in colour])
        lit = lit - (1 - min(gains[2], 1)) * sharp
        return np.clip(lit * np.clip((luma + change + 0.02) / (luma + 0.02), 0, 3), 0, 1)

    def _places(self, side):
        axis = (np.arange(side) + 0.5) / side * (1 - 2 * MARGIN) + MARGIN
        return np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


def _looked_up(image, place):
    """Bilinear look-up of (h, w) at places (n, 2), x and y from 0 to 1; the rim is repeated."""
    height, width = image.shape
    return map_coordinates(image, [place[:, 1] * height - 0.5, place[:, 0] * width - 0.5], order=1, mode="nearest")


def _grown(maps, side):
    """(c, n, n) -> (c, side, side), bilinear between pixel centres."""
    axis = (np.arange(side) + 0.5) / side
    place = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    return np.stack([_looked_up(one, place).reshape(side, side) for one in maps])
