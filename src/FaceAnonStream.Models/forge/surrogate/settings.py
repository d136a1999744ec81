"""Every number of the two levels of privacy; gallery.json carries them, card.md says what they are for."""

PRIVACY = {
    # Expression: strength of what differs from the track's own neutral, the median over its last frames.
    "neutralFrames": 64,
    "expressionStrength": 0.8,
    # The mean face is drawn a little larger than the face that it covers.
    "faceScale": 1.12,
    # What is measured of a crop: means of blocks x blocks squares. A window is first column, first row, end column,
    # end row.
    "blocks": 24,
    "window": [7, 7, 17, 18],
    "contrastLevels": [0.036, 0.065, 0.118],
    "lumaLevels": [0.1, 0.126, 0.159, 0.2, 0.252, 0.317, 0.4, 0.504, 0.635, 0.8],
    "redLevels": [0.06, 0.11, 0.16],
    "blueLevels": [-0.13, -0.08, -0.03],
    "lightLevels": [-0.4, -0.2, 0.0, 0.2, 0.4],
    # Beyond half a step by this share of it, a level is left; a new one is reached over about this many frames.
    "hysteresis": 0.25,
    "settleFrames": 8,
    # RMS luma of the four bands of detail over the contrast of the blocks, for each size of crop.
    "detail": {"96": [0.11, 0.18, 0.26, 0.3], "144": [0.1, 0.16, 0.27, 0.38], "192": [0.09, 0.155, 0.275, 0.415]},
    # Light of the painted context: its logarithm falls by a level over this share of the crop.
    "lightSpan": 0.3,
    # Cells over the longer side of the head, for "strong".
    "cells": 8,
}
