"""Processor time per face on one thread, interleaved with a reference graph: what else runs weighs on all alike.

Processor time leaves out the time that the thread waited for a core; an idle core takes as long by the clock.
"""
import pathlib
import time

import numpy as np

from forge.common.ort import Session
from forge.common.topology import POINTS
from forge.surrogate import publish
from forge.surrogate.graph import BANDS
from forge.surrogate.rig import LATENT

_REFERENCE_SIDE, _REFERENCE_POINTS = 192, 163
BATCHES = (1, 8)


def compare(reference: pathlib.Path, folder: pathlib.Path, sides: list[int], rounds: int = 60) -> list[dict]:
    """One row for each graph and batch: ms per face, median and minimum, and the median ratio to the reference."""
    cases = [("reference", reference, _REFERENCE_SIDE, _REFERENCE_POINTS, batch) for batch in BATCHES]
    cases += [(f"{side} px", folder / publish.graph_name(side), side, len(POINTS), batch)
              for side in sides for batch in BATCHES]
    random = np.random.default_rng(0)
    runs = []
    for name, path, side, points, batch in cases:
        feeds = {"context": random.random((batch, 3, side, side), np.float32),
                 "landmarks": (0.2 + 0.6 * random.random((batch, points, 2))).astype(np.float32),
                 "latent": random.standard_normal((batch, LATENT)).astype(np.float32)}
        if path != reference:
            feeds["detail"] = np.full((batch, BANDS), -1, np.float32)
        runs.append((Session(path, threads=1), feeds, batch))
    times = np.zeros((rounds, len(runs)))
    for session, feeds, _ in runs:
        session.run(feeds)
    for line in times:
        for column, (session, feeds, batch) in enumerate(runs):
            start = time.thread_time()
            session.run(feeds)
            line[column] = (time.thread_time() - start) * 1000 / batch
    return [{"graph": case[0], "batch": case[4], "median": float(np.median(column)), "minimum": float(column.min()),
             "ratio": float(np.median(column / times[:, BATCHES.index(case[4])]))}
            for case, column in zip(cases, times.T)]
