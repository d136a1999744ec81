"""How far the net's cells are from their targets."""
import torch
from torch.nn import functional

from forge.detector.net import decode

#: Cells that the target calls a face at least so much teach box and points.
_LEAST_SCORE = 0.25

#: Easy cells, most of all the empty ones, count little: |target - score| to this power (Li et al., Generalized Focal
#: Loss, NeurIPS 2020).
_FOCUS = 1.5

_BOX_WEIGHT, _POINT_WEIGHT = 2.0, 3.0


def detection_loss(cells: torch.Tensor, targets: torch.Tensor, places: torch.Tensor, strides: torch.Tensor) -> dict:
    """Named terms; "total" is to be minimised. cells (n, cells, 15), targets (n, cells, 16); the rest: see net.grid."""
    wanted, weight = targets[..., 0], targets[..., 15]
    faces = wanted.sum().clamp(min=1)
    score = score_terms(cells[..., 0], wanted, weight).sum() / faces
    picture, cell = (wanted > _LEAST_SCORE).nonzero(as_tuple=True)
    box, points = _place_terms(cells[picture, cell], targets[picture, cell], places[cell], strides[cell])
    share = wanted[picture, cell] / faces
    terms = {"score": score, "box": (box * share).sum(), "points": (points * share).sum()}
    terms["total"] = terms["score"] + _BOX_WEIGHT * terms["box"] + _POINT_WEIGHT * terms["points"]
    return terms


def score_terms(logits: torch.Tensor, wanted: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Focused cross-entropy per cell with a soft target."""
    distance = (wanted - logits.sigmoid()).abs().pow(_FOCUS)
    return weight * distance * functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")


def _place_terms(cells, targets, places, strides) -> tuple[torch.Tensor, torch.Tensor]:
    """EIoU (Zhang et al., 2021) and smooth L1 of the points in face sizes, per cell."""
    centre, size, points = decode(cells, places, strides)
    true_centre, true_size, true_points = decode(targets[:, :15], places, strides)
    low, high = centre - size / 2, centre + size / 2
    true_low, true_high = true_centre - true_size / 2, true_centre + true_size / 2
    common = (torch.minimum(high, true_high) - torch.maximum(low, true_low)).clamp(min=0).prod(1)
    union = size.prod(1) + true_size.prod(1) - common
    hull = torch.maximum(high, true_high) - torch.minimum(low, true_low)
    apart = ((centre - true_centre) ** 2).sum(1) / (hull ** 2).sum(1)
    stretched = ((size - true_size) ** 2 / hull ** 2).sum(1)
    box = 1 - common / union + apart + stretched
    error = (points - true_points) / true_size.amax(1)[:, None, None]
    point = functional.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05, reduction="none").mean((1, 2))
    return box, point
