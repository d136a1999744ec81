"""The detector: anchor-free, strides 8, 16 and 32, with the inputs and outputs of YuNet.

Layout of a picture's cells everywhere in this package: the rows of stride 8, then of 16, then of 32, each row-major.
Values per cell: score (logit in the net, 0..1 outside), box (dx, dy, log w, log h), five points (x, y): see ``decode``.
"""
import copy
import pathlib

import onnx
import torch
from torch import nn
from torch.nn import functional

from forge.common import package
from forge.common.teachers import STRIDES

VALUES = 15

#: Values per cell of each kind of output.
KINDS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
OUTPUTS = [f"{kind}_{stride}" for kind in KINDS for stride in STRIDES]

# Multiples of 16: ONNX Runtime's blocked convolutions fill a whole AVX-512 register.
_STEM = (16, 32)
_STAGES = (48, 64, 96)
_NECK = 48

#: A power of two: 0..255 times this is exact in bfloat16, and so is folding it into the first weights.
_INPUT_SCALE = 1 / 64


def _conv(inputs: int, outputs: int, stride: int = 1, side: int = 3, groups: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]


def _separable(channels: int) -> list[nn.Module]:
    return [*_conv(channels, channels, groups=channels), *_conv(channels, channels, side=1)]


class _Residual(nn.Module):
    def __init__(self, channels: int, light: bool) -> None:
        super().__init__()
        second = _separable(channels) if light else _conv(channels, channels)
        self.body = nn.Sequential(*_conv(channels, channels), nn.ReLU(True), *second)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(x + self.body(x))


def _stage(inputs: int, outputs: int, light: bool) -> nn.Sequential:
    return nn.Sequential(*_conv(inputs, outputs, 2), nn.ReLU(True), _Residual(outputs, light))


class Detector(nn.Module):
    """(n, 3, H, W) BGR 0..255, H and W multiples of 32 -> (n, cells, 15).

    Plain 3x3 convolutions: on a CPU they train and run faster per multiplication than depthwise ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scale = _INPUT_SCALE
        # No mean is subtracted: the padding stays black, which is what the product pads with.
        self.stem = nn.Sequential(*_conv(3, _STEM[0], 2), nn.ReLU(True), *_conv(_STEM[0], _STEM[1], 2), nn.ReLU(True))
        widths = (_STEM[1], *_STAGES)
        self.stages = nn.ModuleList(
            _stage(a, b, light=b == widths[1]) for a, b in zip(widths, widths[1:]))
        self.lateral = nn.ModuleList(nn.Sequential(*_conv(width, _NECK, side=1), nn.ReLU(True)) for width in _STAGES)
        self.mix = nn.ModuleList(
            nn.Sequential(*_separable(_NECK), nn.ReLU(True), *_separable(_NECK), nn.ReLU(True)) for _ in STRIDES)
        self.head = nn.ModuleList(nn.Conv2d(_NECK, VALUES, 1) for _ in STRIDES)
        for head in self.head:
            nn.init.normal_(head.weight, 0, 0.01)
            nn.init.zeros_(head.bias)
            # Almost no cell holds a face: start there, or the first steps are spent on saying so.
            head.bias.data[0] = -4

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return torch.cat(self.maps(pictures), 1)

    def maps(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """The cells of each stride: (n, rows * columns, 15)."""
        x = self.stem(pictures * self.scale if self.scale != 1 else pictures)
        features = []
        for stage, lateral in zip(self.stages, self.lateral):
            x = stage(x)
            features.append(lateral(x))
        for fine in (1, 0):
            coarse = functional.interpolate(features[fine + 1], scale_factor=2.0, mode="nearest")
            features[fine] = features[fine] + coarse
        cells = []
        for head, mix, feature in zip(self.head, self.mix, features):
            mixed = mix(feature)
            # Boxes of large faces need more than bfloat16's eight bits.
            with torch.autocast(mixed.device.type, enabled=False):
                cells.append(head(mixed.float()).flatten(2).transpose(1, 2))
        return cells


def grid(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Column and row of every cell (cells, 2), and its stride in px (cells,)."""
    places, strides = [], []
    for stride in STRIDES:
        rows, columns = torch.meshgrid(
            torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        places.append(torch.stack([columns, rows], -1).reshape(-1, 2).float())
        strides.append(torch.full((len(places[-1]),), float(stride)))
    return torch.cat(places), torch.cat(strides)


def decode(cells: torch.Tensor, places: torch.Tensor, strides: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Centres (..., 2), sizes (..., 2) and points (..., 5, 2) in px of cells (..., 15); the rest: see ``grid``."""
    stride = strides[..., None]
    centres = (places + cells[..., 1:3]) * stride
    sizes = cells[..., 3:5].clamp(-4, 6).exp() * stride
    points = (cells[..., 5:].unflatten(-1, (5, 2)) + places[..., None, :]) * stride[..., None]
    return centres, sizes, points


class _Exported(nn.Module):
    """The net as YuNet speaks: cls and obj are the same number, so that sqrt(cls * obj) is the score."""

    def __init__(self, net: Detector, gain: float, shift: float) -> None:
        super().__init__()
        self.net = copy.deepcopy(net).float().cpu().eval()
        first = self.net.stem[0]
        first.weight.data *= self.net.scale
        self.net.scale = 1
        for head in self.net.head:
            head.weight.data[0] *= gain
            head.bias.data[0] = gain * head.bias.data[0] + shift

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, ...]:
        maps = self.net.maps(pictures)
        scores = [cells[..., :1].sigmoid() for cells in maps]
        return (*scores, *(score.clone() for score in scores),
                *(cells[..., 1:5] for cells in maps), *(cells[..., 5:] for cells in maps))


def export(net: Detector, path: pathlib.Path, gain: float = 1, shift: float = 0) -> None:
    """Writes the ONNX file; gain and shift calibrate the score's logit."""
    axes = {"input": {0: "N", 2: "H", 3: "W"}, **{name: {0: "N", 1: "cells"} for name in OUTPUTS}}
    torch.onnx.export(_Exported(net, gain, shift), torch.zeros(1, 3, 64, 64), str(path), opset_version=13,
                      input_names=["input"], output_names=OUTPUTS, dynamic_axes=axes)
    model = package.store_half(onnx.load(str(path)))
    # torch loses the last dimension, by which the product recognises the layout.
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[2].dim_value = KINDS[output.name.split("_")[0]]
    onnx.save(model, str(path))
