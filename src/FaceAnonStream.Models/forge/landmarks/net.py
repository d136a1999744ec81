"""The landmark net: luma crop of 96 x 96 px -> 144 points and a usability."""
import inspect
import io

import numpy as np
import onnx
import torch
from torch import nn

from forge.common.package import store_half
from forge.common.topology import GROUPS, OUTER_EYE_LEFT, OUTER_EYE_RIGHT, POINTS
from forge.landmarks.crops import SIDE

_CHANNELS = (16, 32, 64, 96)
_LAST_CHANNELS = 32
_FEATURES = 256


def _convolution(inputs: int, outputs: int, stride: int = 1, side: int = 3) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(True))


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolution(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Landmarks(nn.Module):
    """Plain convolutions, because depthwise ones are slower per multiplication on a CPU; then one dense layer.

    Input (n, 1, 96, 96) luma 0..255; outputs points (n, 144, 2) as fractions of the crop, usability (n, 1) as a logit.
    """

    def __init__(self, mean: np.ndarray) -> None:
        """mean: (144, 2), the points that the untrained net answers."""
        super().__init__()
        a, b, c, d = _CHANNELS
        self.body = nn.Sequential(
            _convolution(1, a, 2), _convolution(a, b, 2), _Residual(b), _convolution(b, c, 2), _Residual(c),
            _convolution(c, d, 2), _Residual(d), _convolution(d, _LAST_CHANNELS, side=1), nn.Flatten())
        self.dense = nn.Sequential(nn.Linear(_LAST_CHANNELS * (SIDE // 16) ** 2, _FEATURES), nn.ReLU(True))
        self.points = nn.Linear(_FEATURES, 2 * len(POINTS))
        self.usability = nn.Linear(_FEATURES, 1)
        nn.init.normal_(self.points.weight, 0, 1e-3)
        self.points.bias.data = torch.tensor(mean.ravel(), dtype=torch.float32)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.dense(self.body((image - 127.5) / 64))
        # The heads stay in single precision: bfloat16 cannot resolve a thousandth of the crop.
        with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
            features = features.float()
            return self.points(features).view(-1, len(POINTS), 2), self.usability(features)


class _Deployed(nn.Module):
    def __init__(self, net: Landmarks) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        points, logit = self.net(image)
        return points, torch.sigmoid(logit)


def export(net: Landmarks) -> onnx.ModelProto:
    """The ONNX model that the product runs: `image` -> `points`, `usability`; weights stored as float16."""
    buffer = io.BytesIO()
    names = ["image", "points", "usability"]
    axes = {name: {0: "N"} for name in names}
    # PyTorch 2 has two exporters; the older one is what PyTorch 1.13 has, too.
    older = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(_Deployed(net).eval().cpu(), torch.zeros(1, 1, SIDE, SIDE), buffer, opset_version=13,
                      input_names=names[:1], output_names=names[1:], dynamic_axes=axes, **older)
    model = onnx.load_from_string(buffer.getvalue())
    # The exporter does not see through the reshape that ends the net.
    for axis, size in ((1, len(POINTS)), (2, 2)):
        model.graph.output[0].type.tensor_type.shape.dim[axis].dim_value = size
    return store_half(model)


def eye_distance(points: torch.Tensor) -> torch.Tensor:
    """(n, 144, 2) -> (n,) distance of the outer eye corners, but not below what a turned head would keep of it."""
    oval = points[:, :GROUPS["oval"]]
    extent = oval.amax(1) - oval.amin(1)
    floor = 0.45 * extent.prod(1).clamp(min=1e-12).sqrt()
    return torch.maximum((points[:, OUTER_EYE_RIGHT] - points[:, OUTER_EYE_LEFT]).norm(dim=1), floor)


def errors(points: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """(n, 144) distances from the truth, in eye distances of the truth."""
    return errors_between(points, truth, truth)


def errors_between(a: torch.Tensor, b: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """(n, 144) distances of two answers, in eye distances of the truth; all three in the same units."""
    return (a - b).norm(dim=2) / eye_distance(truth)[:, None].clamp(min=1e-6)
