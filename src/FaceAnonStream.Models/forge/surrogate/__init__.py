"""The generator of synthetic faces: a linear appearance model in unwrapped texture space, written as one ONNX graph.

Conventions of this package. Mesh: the 468 points of MediaPipe's Face Mesh, x right, y down, z away from the camera.
*Face units*: the mean mesh has an RMS radius of 1, which makes a face about 3.2 high. *UV*: the unwrapped texture
square, [0, 1] x [0, 1]. Coordinates in a crop are shares of its side; pixel j of S has its centre at (j + 0.5) / S.
Colours are RGB, sRGB-coded; light is always a ratio, and a ratio of coded values is a power of the ratio of linear
light.
"""
