"""Every number of the two levels of privacy; gallery.json carries them, card.md says what they are for."""

PRIVACY = {
    # Expression: strength of what differs from the track's own neutral, the median over its last frames.
    "neutralFrames": 64,
    "expressionStrength": 0.8,
    # The mean face is drawn a little larger than the face that it covers.
    "faceScale": 1.12,
    # Contrast is measured between the means of blocks x blocks squares of a crop, those of the window: first column,
    # first row, end column, end row.
    "blocks": 24,
    "window": [7, 7, 17, 18],
    "contrastLevels": [0.036, 0.065, 0.118],
    # Beyond half a step by this share of it, a level is left; a new one is reached over about this many frames.
    "hysteresis": 0.25,
    "settleFrames": 8,
    # RMS luma of the four bands of detail over the contrast of the blocks, for each size of crop.
    "detail": {"96": [0.11, 0.18, 0.26, 0.3], "144": [0.1, 0.16, 0.27, 0.38], "192": [0.09, 0.155, 0.275, 0.415]},
    # For "strong": what the generator sees of the picture, in squares along a side of the crop.
    "contextBlocks": 4,
    # The drawn face fades where this coarse a view of its mask is between these.
    "fadeBlocks": 12,
    "fadeRange": [0.4, 0.95],
    # Cells over the longer side of the head.
    "cells": 8,
}
