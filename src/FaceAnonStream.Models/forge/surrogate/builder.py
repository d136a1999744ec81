"""Writes ONNX graphs as if they were numpy: tensors with operators, constants with names."""
from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_OPSET, _IR_VERSION = 16, 8


class Tensor:
    """A value of the graph. Arithmetic with arrays and numbers makes them constants."""

    #: numpy must leave ``array * tensor`` to us.
    __array_ufunc__ = None

    def __init__(self, builder: Builder, name: str) -> None:
        self.builder = builder
        self.name = name

    def __add__(self, other):
        return self.builder.op("Add", self, other)

    def __radd__(self, other):
        return self.builder.op("Add", other, self)

    def __sub__(self, other):
        return self.builder.op("Sub", self, other)

    def __rsub__(self, other):
        return self.builder.op("Sub", other, self)

    def __mul__(self, other):
        return self.builder.op("Mul", self, other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self.builder.op("Div", self, other)

    def __rtruediv__(self, other):
        return self.builder.op("Div", other, self)

    def __matmul__(self, other):
        return self.builder.op("MatMul", self, other)

    def __rmatmul__(self, other):
        return self.builder.op("MatMul", other, self)

    def __neg__(self):
        return self.builder.op("Neg", self)

    def cut(self, start: int, end: int, axis: int) -> Tensor:
        """The slice start..end of one axis, which stays."""
        return self.builder.op("Slice", self, *(self.builder.integers([value]) for value in (start, end, axis)))

    def reshape(self, *shape: int) -> Tensor:
        """0 keeps a dimension, -1 is what is left."""
        return self.builder.op("Reshape", self, self.builder.integers(shape))

    def transpose(self, *order: int) -> Tensor:
        return self.builder.op("Transpose", self, perm=order)

    def sum(self, *axes: int) -> Tensor:
        return self.builder.op("ReduceSum", self, self.builder.integers(axes), keepdims=1)

    def mean(self, *axes: int) -> Tensor:
        return self.builder.op("ReduceMean", self, axes=axes, keepdims=1)

    def clip(self, low: float, high: float) -> Tensor:
        return self.builder.op("Clip", self, low, high)

    def exp(self) -> Tensor:
        return self.builder.op("Exp", self)

    def log(self) -> Tensor:
        return self.builder.op("Log", self)

    def sqrt(self) -> Tensor:
        return self.builder.op("Sqrt", self)


class Builder:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._shared: dict[tuple, Tensor] = {}

    def input(self, name: str) -> Tensor:
        return Tensor(self, name)

    def constant(self, name: str, array: np.ndarray, kind: type = np.float32) -> Tensor:
        """A constant that can be found in the file by its name. The same name stands for the same values."""
        tensor = numpy_helper.from_array(np.ascontiguousarray(np.asarray(array).astype(kind)), name)
        if self._constants.setdefault(name, tensor) != tensor:
            raise ValueError(f"two different constants are called {name}")
        return Tensor(self, name)

    def integers(self, values) -> Tensor:
        return self._unnamed(np.asarray(values, np.int64))

    def op(self, kind: str, *inputs, **attributes) -> Tensor:
        """One node. Inputs are tensors, arrays or numbers."""
        tensors = [value if isinstance(value, Tensor) else self._unnamed(np.asarray(value, np.float32))
                   for value in inputs]
        name = f"{kind}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, [tensor.name for tensor in tensors], [name], name, **attributes))
        return Tensor(self, name)

    def named(self, name: str, tensor: Tensor) -> Tensor:
        """The same value under a name by which tests and measurements find it."""
        for node in self._nodes:
            for names in (node.input, node.output):
                for place, given in enumerate(names):
                    if given == tensor.name:
                        names[place] = name
        return Tensor(self, name)

    def concat(self, axis: int, *tensors: Tensor) -> Tensor:
        return self.op("Concat", *tensors, axis=axis)

    def maximum(self, a, b) -> Tensor:
        return self.op("Max", a, b)

    def minimum(self, a, b) -> Tensor:
        return self.op("Min", a, b)

    def sample(self, image: Tensor, grid: Tensor) -> Tensor:
        """Bilinear look-up of image (n, c, h, w) at grid (n, y, x, 2), -1..1 from rim to rim."""
        return self.op("GridSample", image, grid, mode="bilinear", padding_mode="border", align_corners=0)

    def dequantised(self, name: str, rows: np.ndarray) -> Tensor:
        """Rows (k, d) stored as int8 with a scale for each row; runtimes fold the Cast and the Mul when they load."""
        scale = np.maximum(np.abs(rows).max(1, keepdims=True), 1e-12) / 127
        stored = self.constant(name, np.round(rows / scale), np.int8)
        return self.op("Cast", stored, to=TensorProto.FLOAT) * self.constant(f"{name}Scale", scale)

    def model(self, name: str, inputs: dict[str, list], outputs: dict[str, tuple[Tensor, list]]) -> onnx.ModelProto:
        """The checked model. inputs: shapes by name; outputs: tensors and shapes by name."""
        nodes = self._nodes + [helper.make_node("Identity", [tensor.name], [output])
                               for output, (tensor, _) in outputs.items()]
        given = [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()]
        made = [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, (_, shape) in outputs.items()]
        graph = helper.make_graph(nodes, name, given, made, list(self._constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION,
                                  producer_name="forge.surrogate")
        onnx.checker.check_model(model)
        return model

    def _unnamed(self, array: np.ndarray) -> Tensor:
        """Equal small constants are stored once."""
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._shared:
            self._shared[key] = self.constant(f"constant{len(self._shared)}", array, array.dtype.type)
        return self._shared[key]
