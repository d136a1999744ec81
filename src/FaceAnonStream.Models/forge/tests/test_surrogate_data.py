"""The generator on real clips and its shape model on the data set: needs the development assets."""
import numpy as np

from forge.common.boxes import iou
from forge.common.dataset import frames, synthetic_faces
from forge.common.teachers import FaceMesh, yunet
from forge.common.topology import POINTS
from forge.surrogate import shape, unwrap
from forge.surrogate.generator import Gallery, Generator
from forge.surrogate.judges import Judge


def test_a_replaced_face_is_found_again_and_is_somebody_else(shared):
    pictures = frames(shared, "head-pose-face-detection-male")
    detector, mesh, judge, gallery = yunet(shared), FaceMesh(shared), Judge(shared, "face_reid_0095"), Gallery()
    found = detector.detect(pictures[0])[0]
    five = found[5:].reshape(5, 2)
    points = mesh.points(pictures[0], found)[POINTS, :2]
    original = judge.embed(pictures[0], five)
    later = detector.detect(pictures[20])[0]
    assert original @ judge.embed(pictures[20], later[5:].reshape(5, 2)) > 0.7
    vectors = []
    for side in (96, 192):
        generator = Generator(side)
        for seed in (1, 2):
            replaced = generator.replace(pictures[0], points, gallery.draw(seed))
            again = detector.detect(replaced)[0]
            assert iou(found[None, 1:5], again[None, 1:5])[0, 0] > 0.6
            assert np.linalg.norm(again[5:] - found[5:]) < 0.25 * found[3]
            vectors.append(judge.embed(replaced, five))
            assert vectors[-1] @ original < 0.3
    small_1, small_2, large_1, large_2 = vectors
    assert min(small_1 @ large_1, small_2 @ large_2) > 0.6       # one latent is one person at both sizes
    assert max(small_1 @ small_2, large_1 @ large_2) < 0.6


def test_the_mean_face_is_frontal_and_symmetric_and_every_texel_lies_in_its_triangle(shared):
    faces = synthetic_faces(shared)
    chosen = np.flatnonzero(faces.mesh_error < 0.12)[:300]
    mean, mirror, aligned, rotations = shape.align(faces.mesh[chosen].astype(float), np.ones(len(chosen), bool))
    np.testing.assert_allclose(mean[mirror] * shape.MIRROR, mean, atol=1e-9)
    assert (mirror[mirror] == np.arange(468)).all() and mirror[33] == 263 and mirror[61] == 291
    assert mean[1, 2] < mean[:, 2].mean() and mean[152, 1] > mean[10, 1] and mean[263, 0] > mean[33, 0]
    np.testing.assert_allclose(rotations @ rotations.transpose(0, 2, 1), np.broadcast_to(np.eye(3), rotations.shape),
                               atol=1e-9)
    model, expression = shape.model(aligned, mirror)
    np.testing.assert_allclose(expression.mean(0), 0, atol=1e-9)
    layout = unwrap.layout(model)
    place = (layout.uv[layout.corners] * layout.weights[..., None]).sum(2)
    centre = (np.stack(np.meshgrid(*[np.arange(unwrap.SIDE)] * 2), -1) + 0.5) / unwrap.SIDE
    hit = layout.weights.sum(2) > 0
    np.testing.assert_allclose(place[hit], centre[hit], atol=1e-6)
    assert 0.5 < layout.inside.mean() < 0.9
