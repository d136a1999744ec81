"""Face recognition networks that judge the generator. They are used for measuring only, never for training it."""
import dataclasses
import pathlib

import cv2
import numpy as np

from forge.common.ort import Session

_ARCFACE = np.float32([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
                       [70.7299, 92.2041]])
_REID = np.float32([[40.393, 59.081], [87.376, 59.081], [64.034, 81.985], [44.732, 105.561], [83.640, 105.561]])


@dataclasses.dataclass(frozen=True)
class _Contract:
    side: int
    template: np.ndarray
    rgb: bool
    mean: tuple[float, float, float] = (0, 0, 0)
    deviation: tuple[float, float, float] = (1, 1, 1)


_CONTRACTS = {
    "face_reid_0095": _Contract(128, _REID, False),
    "mobilefacenet": _Contract(112, _ARCFACE, True, (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
    "mobileface_v2": _Contract(112, _ARCFACE, True),
}
NAMES = list(_CONTRACTS)


class Judge:
    """Turns faces into unit vectors; their products are cosines."""

    def __init__(self, data: pathlib.Path, name: str) -> None:
        self.name = name
        self._contract = _CONTRACTS[name]
        self._session = Session(data / f"models/{name}.onnx")

    def embed(self, picture: np.ndarray, five: np.ndarray) -> np.ndarray:
        """(d,) for the face of a BGR picture with its five points (5, 2) px."""
        contract = self._contract
        matrix, _ = cv2.estimateAffinePartial2D(five.astype(np.float32), contract.template, method=cv2.LMEDS)
        crop = cv2.warpAffine(picture, matrix, (contract.side, contract.side), borderMode=cv2.BORDER_REPLICATE)
        if contract.rgb:
            crop = crop[..., ::-1]
        values = (crop.astype(np.float32) - contract.mean) / contract.deviation
        vector = self._session.run({self._session.inputs[0]: values.transpose(2, 0, 1)[None]})[self._session.outputs[0]]
        return vector[0] / np.linalg.norm(vector[0])
