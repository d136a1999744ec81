"""ONNX Runtime for the forge: its native library through ctypes, because Debian packages no Python wheel of it.

The product's own set-up brings the library; ``FACEANON_ORT`` names another copy. Only what the forge needs is bound:
float32 tensors in, float32 tensors out, on the CPU. Source of the numbers: the order of ``struct OrtApi`` in
onnxruntime_c_api.h, which is append-only.
"""
import ctypes
import os
import pathlib

import numpy as np

_API_VERSION = 16
_SLOTS = {
    "GetErrorMessage": 2, "CreateEnv": 3, "DisableTelemetryEvents": 6, "CreateSessionFromArray": 8, "Run": 9,
    "CreateSessionOptions": 10, "EnableProfiling": 14, "SetIntraOpNumThreads": 24,
    "SessionGetInputCount": 30, "SessionGetOutputCount": 31, "SessionGetInputName": 36, "SessionGetOutputName": 37,
    "CreateTensorWithDataAsOrtValue": 49, "GetTensorMutableData": 51, "GetTensorElementType": 60,
    "GetDimensionsCount": 61, "GetDimensions": 62, "GetTensorTypeAndShape": 65, "CreateCpuMemoryInfo": 69,
    "AllocatorFree": 76, "GetAllocatorWithDefaultOptions": 78,
}
_RELEASE_SLOTS = {
    "ReleaseStatus": 93, "ReleaseSession": 95, "ReleaseValue": 96, "ReleaseTensorTypeAndShapeInfo": 99,
    "ReleaseSessionOptions": 100, "SessionEndProfiling": 110,
}
_FLOAT32 = 1


def library() -> pathlib.Path:
    """The native library: FACEANON_ORT, or the one that the product's build has unpacked."""
    if "FACEANON_ORT" in os.environ:
        return pathlib.Path(os.environ["FACEANON_ORT"])
    packages = pathlib.Path(os.environ.get("NUGET_PACKAGES", pathlib.Path.home() / ".nuget/packages"))
    found = sorted(packages.glob("microsoft.ml.onnxruntime*/*/runtimes/linux-x64/native/libonnxruntime.so"))
    if not found:
        raise FileNotFoundError("libonnxruntime.so: run ./faceanon once, or set FACEANON_ORT to the library")
    return found[-1]


class _Api:
    """The function table. Calls that return a status raise RuntimeError when it is not null."""

    def __init__(self) -> None:
        # Official builds report usage to their maker unless this is set before the library wakes up.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        self._library = ctypes.CDLL(str(library()))
        self._library.OrtGetApiBase.restype = ctypes.POINTER(ctypes.c_void_p)
        get_api = ctypes.CFUNCTYPE(ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint32)(self._library.OrtGetApiBase()[0])
        self._table = get_api(_API_VERSION)
        self._message = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)(self._table[_SLOTS["GetErrorMessage"]])
        self.environment = ctypes.c_void_p()
        self.call("CreateEnv", ctypes.c_int(3), ctypes.c_char_p(b"forge"), ctypes.byref(self.environment))
        self.call("DisableTelemetryEvents", self.environment)
        self.allocator = ctypes.c_void_p()
        self.call("GetAllocatorWithDefaultOptions", ctypes.byref(self.allocator))
        self.memory = ctypes.c_void_p()
        self.call("CreateCpuMemoryInfo", ctypes.c_int(1), ctypes.c_int(0), ctypes.byref(self.memory))

    def call(self, name: str, *arguments) -> None:
        function = ctypes.CFUNCTYPE(ctypes.c_void_p, *map(type_of, arguments))(self._table[_SLOTS[name]])
        status = function(*arguments)
        if status:
            message = self._message(status).decode()
            self.release("ReleaseStatus", ctypes.c_void_p(status))
            raise RuntimeError(f"ONNX Runtime, {name}: {message}")

    def release(self, name: str, handle: ctypes.c_void_p) -> None:
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._table[_RELEASE_SLOTS[name]])(handle)

    def end_profiling(self, session: ctypes.c_void_p) -> str:
        """Path of the trace that ONNX Runtime wrote."""
        text = ctypes.c_char_p()
        end = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        end(self._table[_RELEASE_SLOTS["SessionEndProfiling"]])(
            session, self.allocator, ctypes.cast(ctypes.byref(text), ctypes.c_void_p))
        return text.value.decode()


def type_of(argument):
    """Pointers made by byref have no usable type of their own."""
    return ctypes.c_void_p if type(argument).__name__ == "CArgObject" else type(argument)


_api = None


def _shared_api() -> _Api:
    global _api
    if _api is None:
        _api = _Api()
    return _api


class Session:
    """One model on the CPU.

    model: path, or the bytes of an ONNX file. threads: intra-op threads. profile: prefix of a trace file to write;
    ``end_profiling`` gives its path.
    """

    def __init__(self, model, threads: int = 1, profile: str | None = None) -> None:
        self._api = api = _shared_api()
        data = model if isinstance(model, bytes) else pathlib.Path(model).read_bytes()
        options = ctypes.c_void_p()
        api.call("CreateSessionOptions", ctypes.byref(options))
        try:
            api.call("SetIntraOpNumThreads", options, ctypes.c_int(threads))
            if profile:
                api.call("EnableProfiling", options, ctypes.c_char_p(profile.encode()))
            self._session = ctypes.c_void_p()
            api.call("CreateSessionFromArray", api.environment, ctypes.c_char_p(data), ctypes.c_size_t(len(data)),
                     options, ctypes.byref(self._session))
        finally:
            api.release("ReleaseSessionOptions", options)
        self.inputs = self._names("SessionGetInputCount", "SessionGetInputName")
        self.outputs = self._names("SessionGetOutputCount", "SessionGetOutputName")

    def _names(self, count: str, name: str) -> list[str]:
        number = ctypes.c_size_t()
        self._api.call(count, self._session, ctypes.byref(number))
        names = []
        for index in range(number.value):
            text = ctypes.c_char_p()
            self._api.call(name, self._session, ctypes.c_size_t(index), self._api.allocator, ctypes.byref(text))
            names.append(text.value.decode())
            self._api.call("AllocatorFree", self._api.allocator, ctypes.cast(text, ctypes.c_void_p))
        return names

    def run(self, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """All outputs by name. Inputs are converted to contiguous float32."""
        api = self._api
        arrays = [np.ascontiguousarray(feeds[name], np.float32) for name in self.inputs]
        values = (ctypes.c_void_p * len(arrays))(*(self._tensor(array) for array in arrays))
        results = (ctypes.c_void_p * len(self.outputs))()
        try:
            api.call("Run", self._session, ctypes.c_void_p(None),
                     _pointer(_strings(self.inputs)), _pointer(values), ctypes.c_size_t(len(arrays)),
                     _pointer(_strings(self.outputs)), ctypes.c_size_t(len(self.outputs)), _pointer(results))
            return {name: self._array(ctypes.c_void_p(value)) for name, value in zip(self.outputs, results)}
        finally:
            for value in [*values, *results]:
                if value:
                    api.release("ReleaseValue", ctypes.c_void_p(value))

    def _tensor(self, array: np.ndarray) -> int:
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        value = ctypes.c_void_p()
        self._api.call("CreateTensorWithDataAsOrtValue", self._api.memory, ctypes.c_void_p(array.ctypes.data),
                       ctypes.c_size_t(array.nbytes), _pointer(shape), ctypes.c_size_t(array.ndim),
                       ctypes.c_int(_FLOAT32), ctypes.byref(value))
        return value.value

    def _array(self, value: ctypes.c_void_p) -> np.ndarray:
        info, kind, rank = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_size_t()
        self._api.call("GetTensorTypeAndShape", value, ctypes.byref(info))
        try:
            self._api.call("GetTensorElementType", info, ctypes.byref(kind))
            self._api.call("GetDimensionsCount", info, ctypes.byref(rank))
            shape = (ctypes.c_int64 * rank.value)()
            self._api.call("GetDimensions", info, _pointer(shape), rank)
        finally:
            self._api.release("ReleaseTensorTypeAndShapeInfo", info)
        if kind.value != _FLOAT32:
            raise TypeError(f"only float32 outputs are read, not ONNX type {kind.value}")
        data = ctypes.c_void_p()
        self._api.call("GetTensorMutableData", value, ctypes.byref(data))
        count = int(np.prod(list(shape), dtype=np.int64))
        if count == 0:
            return np.zeros(list(shape), np.float32)
        floats = ctypes.cast(data, ctypes.POINTER(ctypes.c_float))
        return np.ctypeslib.as_array(floats, (count,)).reshape(list(shape)).copy()

    def end_profiling(self) -> str:
        return self._api.end_profiling(self._session)

    def __del__(self) -> None:
        if getattr(self, "_session", None):
            self._api.release("ReleaseSession", self._session)


def _strings(names: list[str]):
    return (ctypes.c_char_p * len(names))(*(name.encode() for name in names))


def _pointer(array) -> ctypes.c_void_p:
    pointer = ctypes.cast(array, ctypes.c_void_p)
    pointer.keep = array
    return pointer
