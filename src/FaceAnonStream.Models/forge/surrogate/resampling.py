"""Resampling as matrices: a picture X of n x n becomes M @ X @ M.T. A small MatMul beats a filter everywhere."""
import numpy as np


def bilinear(wanted: int, given: int) -> np.ndarray:
    """(wanted, given): linear interpolation between pixel centres, clamped at the rim."""
    place = np.clip((np.arange(wanted) + 0.5) * given / wanted - 0.5, 0, given - 1)
    return np.clip(1 - np.abs(place[:, None] - np.arange(given)), 0, 1)


def cubic(wanted: int, given: int) -> np.ndarray:
    """(wanted, given): R. Keys' interpolation (ASSP 29(6), 1981) between pixel centres; the rim is repeated."""
    matrix = np.zeros((wanted, given))
    for row, place in enumerate((np.arange(wanted) + 0.5) * given / wanted - 0.5):
        for tap in range(int(np.floor(place)) - 1, int(np.floor(place)) + 3):
            distance = abs(place - tap)
            if distance <= 1:
                weight = 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1
            else:
                weight = -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2
            matrix[row, np.clip(tap, 0, given - 1)] += weight
    return matrix


def gaussian(wanted: int, given: int, sigma: float) -> np.ndarray:
    """(wanted, given): Gaussian of sigma source pixels at the centres of the wanted pixels; the rim is repeated."""
    reach = int(np.ceil(4 * sigma)) + 1
    matrix = np.zeros((wanted, given))
    for row, place in enumerate((np.arange(wanted) + 0.5) * given / wanted - 0.5):
        taps = np.arange(int(np.floor(place)) - reach, int(np.ceil(place)) + reach + 1)
        weight = np.exp(-(taps - place) ** 2 / (2 * sigma ** 2))
        np.add.at(matrix[row], np.clip(taps, 0, given - 1), weight / weight.sum())
    return matrix


def mean(wanted: int, given: int) -> np.ndarray:
    """(wanted, given): means by area; pixels on a border count by their share."""
    edges = np.arange(wanted + 1) * given / wanted
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(given)
    return np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None) * wanted / given
