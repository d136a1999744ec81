"""Trains the landmark net and writes landmarks.onnx with its manifest.

    python3 -m forge.landmarks.train --data ../../../shared --work /tmp/landmarks [--minutes 60] [--device cpu|cuda]

The work folder keeps labels (faces.npz) and checkpoints; ``--init /tmp/landmarks/net.pt`` goes on from one.
"""
import argparse
import math
import multiprocessing
import os
import pathlib
import time

import cv2
import numpy as np
import onnx
import torch
import torch.nn.functional as F

from forge.common import dataset, training
from forge.common.teachers import warp, yunet
from forge.common.topology import POINTS, mirror_order
from forge.landmarks.crops import SIDE, CropSource, crop_matrix, to_fractions
from forge.landmarks.labels import Faces, chosen, luma, middle_detection, prepare
from forge.landmarks.manifest import FOLDER, write
from forge.landmarks.net import Landmarks, errors, errors_between, export

_WING, _CURVE = 0.10, 0.02
_REPORT_S = 60
_AVERAGE = 0.999
_WARM_UP_STEPS = 100
_BACKGROUND_SIDE = 400

#: The net calls a crop usable where its own error is under the first, not at all from the second on (eye distances).
_FINE_ERROR, _USELESS_ERROR = 0.05, 0.25


class Batches(torch.utils.data.IterableDataset):
    """Endless batches of pairs: first halves and second halves show the same faces."""

    def __init__(self, source: CropSource, pairs: int, seed: int) -> None:
        self._source = source
        self._pairs = pairs
        self._seed = seed

    def __iter__(self):
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        random = np.random.default_rng([self._seed, worker.id if worker else 0])
        while True:
            firsts, seconds = zip(*(self._source.pair(random) for _ in range(self._pairs)))
            crops = firsts + seconds
            yield tuple(torch.from_numpy(np.stack(values)) for values in (
                [crop.image[None] for crop in crops], [crop.points for crop in crops], [crop.back for crop in crops],
                np.array([crop.usable for crop in crops], np.float32),
                np.array([crop.weight for crop in crops], np.float32)))


def wing(error: torch.Tensor) -> torch.Tensor:
    """Logarithmic for small errors, linear for large ones (Feng et al., arXiv:1711.06753)."""
    shift = _WING - _WING * math.log1p(_WING / _CURVE)
    return torch.where(error < _WING, _WING * torch.log1p(error / _CURVE), error - shift)


def loss(net: Landmarks, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, float]:
    """The loss of a batch, and its mean error over the crops with a face, in eye distances."""
    image, truth, back, usable, weight = batch
    points, logit = net(image)
    error = errors(points, truth)
    faces = (weight > 0).float()
    count = faces.sum().clamp(min=1)
    placement = (wing(error).mean(1) * weight).sum() / count
    steadiness = (_disagreement(points, truth, back) * weight[:len(weight) // 2]).sum() / count
    own = error.mean(1).detach()
    goal = usable * (1 - (own - _FINE_ERROR) / (_USELESS_ERROR - _FINE_ERROR)).clamp(0, 1)
    trust = F.binary_cross_entropy_with_logits(logit[:, 0], goal)
    return 10 * placement + 2 * steadiness + 0.2 * trust, float((own * faces).sum() / count)


def _disagreement(points: torch.Tensor, truth: torch.Tensor, back: torch.Tensor) -> torch.Tensor:
    """(pairs,) mean distance between the two answers for one face, in eye distances: what would jitter in a video."""
    pairs = len(points) // 2
    answered, expected = (values @ back[:, :, :2].transpose(1, 2) + back[:, None, :, 2] for values in (points, truth))
    return errors_between(answered[:pairs], answered[pairs:], expected[:pairs]).mean(1)


def held_out_error(net: Landmarks, image: torch.Tensor, truth: torch.Tensor) -> float:
    """Mean error in eye distances on the held-out synthetic faces, exact boxes, native size."""
    net.eval()
    with torch.no_grad():
        points, _ = net(image)
    net.train()
    return float(errors(points, truth).mean())


def held_out_crops(faces: dataset.SyntheticFaces, boxes: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Crops of pictures (n, 256, 256, 3) for boxes (n, 4), and the mesh's points in them."""
    images, points = [], []
    for picture, mesh, box in zip(faces.images, faces.mesh, boxes):
        matrix = crop_matrix(box)
        images.append(warp(luma(picture), matrix, SIDE))
        points.append(to_fractions(matrix, mesh[POINTS, :2]))
    return torch.from_numpy(np.stack(images)[:, None]).float(), torch.from_numpy(np.stack(points)).float()


def train(net: Landmarks, source: CropSource, check, options: argparse.Namespace, rank: int) -> Landmarks:
    """Trains for so many minutes and returns the net with averaged weights. check: net -> held-out error."""
    device = torch.device(options.device)
    net = net.to(device, memory_format=torch.channels_last)
    average = training.Average(net, _AVERAGE)
    optimiser = torch.optim.AdamW(net.parameters(), options.rate, weight_decay=1e-3)
    batches = Batches(source, options.batch // 2 // options.processes, options.seed + rank)
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=options.workers)
    start, reported, running, step = time.monotonic(), 0.0, [], 0
    for batch in loader:
        elapsed = time.monotonic() - start
        progress = training.agreed(elapsed / (60 * options.minutes))
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = options.rate * training.rate(step, progress, _WARM_UP_STEPS)
        batch = [values.to(device).float() for values in batch]
        with torch.autocast(device.type, torch.bfloat16):
            value, error = loss(net, batch)
        optimiser.zero_grad()
        value.backward()
        training.share_gradients(net)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        average.follow(net)
        running.append((value.item(), error))
        if rank == 0 and elapsed > reported + _REPORT_S:
            reported = elapsed
            _report(elapsed, step, options.batch, running[-300:], check(average.net))
            torch.save(average.net.state_dict(), options.work / "net.pt")
    return average.net


def _report(elapsed: float, step: int, batch: int, running: list, held_out: float) -> None:
    value, error = np.mean(running, 0)
    print(f"{elapsed / 60:.1f} min, {step * batch} crops, loss {value:.4f}, training error {error:.4f}, "
          f"held-out synthetic {held_out:.4f}", flush=True)


def _mean_points(faces: Faces) -> np.ndarray:
    return np.mean([to_fractions(crop_matrix(box), points) for box, points in zip(faces.box, faces.points)], 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER, help="folder of landmarks.onnx and its manifest")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--processes", type=int, default=3, help="each trains on its share of every batch; 1 for cuda")
    parser.add_argument("--workers", type=int, default=0, help="processes per trainer that only make crops")
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--init", type=pathlib.Path, help="checkpoint to go on from")
    options = parser.parse_args()
    if options.processes > 1 and (options.workers or options.device != "cpu"):
        parser.error("--workers and --device cuda go with --processes 1")
    return options


def main() -> None:
    options = _options()
    faces = prepare(options.data, options.work, max(options.processes, options.workers))
    synthetic = dataset.synthetic_faces(options.data)
    order = mirror_order(synthetic.mesh[synthetic.trusted & ~synthetic.held_out])
    scenes = [_smaller(luma(picture)) for picture in dataset.backgrounds(options.data, held_out=False)]
    kinds = ", ".join(f"{count} {kind}" for kind, count in zip(*np.unique(faces.kind, return_counts=True)))
    print(f"faces: {kinds}; {len(scenes)} backgrounds", flush=True)
    held = chosen(synthetic, synthetic.held_out & synthetic.trusted)
    source = CropSource(faces, scenes, order)
    fork = multiprocessing.get_context("fork")
    others = [fork.Process(target=_work, args=(rank, source, held, options), daemon=True)
              for rank in range(1, options.processes)]
    for other in others:
        other.start()
    _work(0, source, held, options)
    for other in others:
        other.join()


def _work(rank: int, source: CropSource, held: dataset.SyntheticFaces, options: argparse.Namespace) -> None:
    """One of the training processes; the first one also checks and writes the model."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    meeting = options.work.resolve() / f"meeting-{os.getppid() if rank else os.getpid()}"
    training.meet(rank, options.processes, str(meeting))
    net = Landmarks(_mean_points(source.faces))
    if options.init:
        net.load_state_dict(torch.load(options.init, map_location="cpu"))
    if rank > 0:
        train(net, source, None, options, rank)
        return
    detector = yunet(options.data)
    boxes = np.stack([middle_detection(detector.detect(picture, 0.3))[1:5] for picture in held.images])
    image, truth = (values.to(options.device) for values in held_out_crops(held, boxes))
    trained = train(net, source, lambda net: held_out_error(net, image, truth), options, rank)
    torch.save(trained.state_dict(), options.work / "net.pt")
    options.out.mkdir(parents=True, exist_ok=True)
    onnx.save(export(trained), str(options.out / "landmarks.onnx"))
    write(options.out)
    print(f"held-out synthetic {held_out_error(trained, image, truth):.4f}; wrote {options.out / 'landmarks.onnx'}")


def _smaller(picture: np.ndarray) -> np.ndarray:
    scale = _BACKGROUND_SIDE / max(picture.shape)
    return picture if scale >= 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    main()
