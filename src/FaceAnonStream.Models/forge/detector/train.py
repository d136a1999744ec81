"""Trains the detector and writes ``WORK/detector.onnx`` and ``WORK/detector.pt``, from which ``--init`` goes on.

    python3 -m forge.detector.train --data SHARED --work FOLDER [--minutes 60] [--device cpu|cuda] [--init FILE.pt]
"""
import argparse
import os
import pathlib
import tempfile
import time
from collections.abc import Iterator

# Threads of OpenBLAS that wait for work yield without end, which doubles the price of a step. Read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
from torch import nn

from forge.common import teachers, training
from forge.detector import net as nets
from forge.detector.calibrate import export_calibrated
from forge.detector.loss import detection_loss
from forge.detector.pictures import SIDE, Pictures
from forge.detector.replay import Replay
from forge.detector.targets import assemble

_LEARNING_RATE = 2e-3
_WARM_UP_STEPS = 300
_LONGEST_MEMORY = 0.9985

# The teacher's CPU cache does not hold more.
_TEACHER_BATCH = 6


class LabelledPictures(torch.utils.data.IterableDataset):
    """Endless batches: pictures (n, SIDE, SIDE, 3) uint8, targets (n, cells, 16) float16. Each worker has a seed."""

    def __init__(self, pictures: Pictures, root: pathlib.Path, batch: int, seed: int) -> None:
        self._pictures, self._root, self._batch, self._seed = pictures, root, batch, seed

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        worker = torch.utils.data.get_worker_info()
        random = np.random.default_rng([self._seed, worker.id if worker else 0])
        cv2.setNumThreads(1)
        teacher = teachers.yunet(self._root)
        while True:
            samples = [self._pictures.sample(random) for _ in range(self._batch)]
            targets = []
            for first in range(0, self._batch, _TEACHER_BATCH):
                part = samples[first:first + _TEACHER_BATCH]
                answers = teacher.raw(np.stack([picture for picture, _ in part]))
                targets += [assemble([cells[index] for cells in answers], labels, SIDE, SIDE)
                            for index, (_, labels) in enumerate(part)]
            yield torch.from_numpy(np.stack([picture for picture, _ in samples])), torch.from_numpy(np.stack(targets))


def train(options: argparse.Namespace) -> None:
    """Trains in ``options.processes`` processes of one thread each, which average their gradients."""
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    pictures = Pictures(options.data)
    print(pictures.describe(), flush=True)
    with tempfile.NamedTemporaryFile() as meeting:
        # Forked, so that all share the pictures in memory.
        context = torch.multiprocessing.get_context("fork")
        others = [context.Process(target=_train, args=(options, pictures, rank, meeting.name))
                  for rank in range(1, options.processes)]
        for process in others:
            process.start()
        # If one process dies, the next exchange of gradients ends the others.
        _train(options, pictures, 0, meeting.name)
        for process in others:
            process.join()


def _train(options: argparse.Namespace, pictures: Pictures, rank: int, meeting: str) -> None:
    torch.manual_seed(options.seed)
    training.meet(rank, options.processes, meeting)
    net = nets.Detector().to(options.device, memory_format=torch.channels_last)
    if options.init:
        net.load_state_dict(torch.load(options.init, map_location=options.device))
    average = training.Average(net, _LONGEST_MEMORY)
    optimizer = torch.optim.AdamW(net.parameters(), options.rate, weight_decay=1e-3)
    places, strides = (value.to(options.device) for value in nets.grid(SIDE, SIDE))
    seed = options.seed * 1000 + rank
    replay = Replay(seed)
    size = options.batch // options.processes
    fresh = size - size // 4
    loader = torch.utils.data.DataLoader(
        LabelledPictures(pictures, options.data, fresh, seed), batch_size=None, num_workers=options.workers,
        prefetch_factor=6)
    begin = saved = reported = time.monotonic()
    terms = []
    for step, batch in enumerate(loader):
        now = time.monotonic()
        progress = training.agreed((now - begin) / max(60 * options.minutes, 1e-6))
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.rate * training.rate(step, progress, _WARM_UP_STEPS)
        images, targets = replay.extend(*batch, size - fresh)
        images, targets = images.to(options.device), targets.to(options.device).float()
        with torch.autocast(torch.device(options.device).type, dtype=torch.bfloat16):
            # (n, H, W, 3) seen as (n, 3, H, W) is channels_last already.
            cells = net(images.permute(0, 3, 1, 2).to(torch.bfloat16))
        losses = detection_loss(cells, targets, places, strides)
        optimizer.zero_grad()
        losses["total"].backward()
        training.share_gradients(net)
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        average.follow(net)
        replay.learn(cells.detach()[..., 0].sigmoid(), targets)
        terms.append({name: float(value) for name, value in losses.items()})
        if rank == 0 and now - reported > 60:
            reported = now
            means = {name: round(float(np.mean([term[name] for term in terms])), 4) for name in terms[0]}
            print(f"{(now - begin) / 60:.1f} min, {step + 1} steps: {means}, {replay.describe()}", flush=True)
            terms = []
        if rank == 0 and now - saved > 600:
            saved = now
            save(average.net, options.work)
    if rank == 0:
        torch.save(average.net.state_dict(), options.work / "detector.pt")
        export_calibrated(average.net, pictures, options.data, options.work / "detector.onnx", options.seed)


def save(net: nets.Detector, work: pathlib.Path) -> None:
    torch.save(net.state_dict(), work / "detector.pt")
    nets.export(net, work / "detector.onnx")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with data/, video/, models/")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for the results")
    parser.add_argument("--minutes", type=float, default=60, help="0 with --init: only calibrate and export")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--init", type=pathlib.Path, help="weights to go on from")
    parser.add_argument("--rate", type=float, default=_LEARNING_RATE, help="highest learning rate")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2, help="training processes of one thread each")
    parser.add_argument("--workers", type=int, default=1, help="per training process: processes that compose and label")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    train(parse())
