"""The landmark points that every model of ours speaks: 144 of the 468 points of MediaPipe's Face Mesh."""
import numpy as np

OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
EYE_RIGHT = [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173]
EYE_LEFT = [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398]
BROW_RIGHT = [46, 53, 52, 65, 55, 70, 63, 105, 66, 107]
BROW_LEFT = [276, 283, 282, 295, 285, 300, 293, 334, 296, 336]
LIPS_OUTER = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409]
LIPS_INNER = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415]
NOSE = [168, 6, 197, 195, 5, 4, 1, 2, 98, 97, 326, 327, 129, 358, 49, 279]

#: Mesh indices of our points, in the order in which every model of ours takes and gives them.
POINTS = OVAL + EYE_RIGHT + EYE_LEFT + BROW_RIGHT + BROW_LEFT + LIPS_OUTER + LIPS_INNER + NOSE

#: Names and sizes of the groups, in the order of POINTS.
GROUPS = {
    "oval": len(OVAL),
    "eyes": len(EYE_RIGHT) + len(EYE_LEFT),
    "brows": len(BROW_RIGHT) + len(BROW_LEFT),
    "lips": len(LIPS_OUTER) + len(LIPS_INNER),
    "nose": len(NOSE),
}

#: Right is the subject's right: image-left in a frontal picture.
OUTER_EYE_RIGHT, OUTER_EYE_LEFT = POINTS.index(33), POINTS.index(263)


def mirror_order(mesh: np.ndarray) -> np.ndarray:
    """Permutation p such that the points of a mirrored picture are mirrored(points)[p].

    mesh: (n, 468, 3) of mostly frontal faces; their mean decides which points are partners.
    """
    from scipy.optimize import linear_sum_assignment

    shape = mesh[:, POINTS].astype(np.float64)
    shape = (shape - shape[:, :len(OVAL)].mean(1, keepdims=True)).mean(0)
    distance = np.linalg.norm((shape * [-1, 1, 1])[:, None] - shape[None], axis=2)
    order = linear_sum_assignment(distance)[1]
    if not (order[order] == np.arange(len(POINTS))).all():
        raise ValueError("the faces are too asymmetric: mirrored points have no partners")
    return order
