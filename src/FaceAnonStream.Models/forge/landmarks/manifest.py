"""The manifest of the landmark net: what goes in, what comes out, where it comes from."""
import pathlib

from forge.common.package import write_manifest
from forge.common.topology import POINTS
from forge.landmarks.crops import FACTOR, SIDE

#: Where the product takes the model from.
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "landmarks"

_FILE = "landmarks.onnx"


def write(folder: pathlib.Path) -> None:
    write_manifest(folder, {
        "name": "landmarks",
        "task": "face-landmarks",
        "files": [_FILE],
        "licence": "MIT",
        "inputs": [{
            "file": _FILE, "name": "image", "type": "float32", "shape": ["N", 1, SIDE, SIDE], "colour": "Y",
            "range": [0, 255],
            "meaning": "full-range BT.601 luma of the crop; the centre of pixel i lies at (i + 0.5) / size of its side",
        }],
        "outputs": [
            {"file": _FILE, "name": "points", "type": "float32", "shape": ["N", len(POINTS), 2],
             "meaning": "x, y as fractions of the crop, 0 and 1 at its outer edges, in the order of template.points; "
                        "hidden points lie where they are in three dimensions"},
            {"file": _FILE, "name": "usability", "type": "float32", "shape": ["N", 1],
             "meaning": "0..1: a face is there, its points can be trusted, its yaw is not beyond about 50 degrees"},
        ],
        "template": {
            "crop": "square around the box, side = factor * max(w, h), may be rotated upright",
            "factor": FACTOR, "size": SIDE, "points": POINTS, "topology": "MediaPipe Face Mesh 468",
        },
        "trainedOn": [
            {"data": "AI-generated faces of SFHQ and SFHQ-T2I", "source": "https://github.com/SelfishGene/SFHQ-dataset",
             "licence": "MIT"},
            {"data": "sample videos of Intel's IoT developer kit",
             "source": "https://github.com/intel-iot-devkit/sample-videos", "licence": "CC-BY-4.0"},
            {"data": "AI-generated clip street-walk", "source": "https://github.com/Imagonix/VideoAnonymizer",
             "licence": "MIT"},
            {"data": "pictures of clothes without faces", "source":
             "https://github.com/alexeygrigorev/clothing-dataset-small", "licence": "CC0-1.0"},
        ],
        "teachers": [
            {"name": "MediaPipe Face Mesh", "source": "https://github.com/google-ai-edge/mediapipe",
             "licence": "Apache-2.0"},
            {"name": "OpenSeeFace lm_model0", "source": "https://github.com/emilianavt/OpenSeeFace",
             "licence": "BSD-2-Clause"},
            {"name": "YuNet-n", "source": "https://github.com/ShiqiYu/libfacedetection.train",
             "licence": "MIT / Apache-2.0"},
        ],
    })
