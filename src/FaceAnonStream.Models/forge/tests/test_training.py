"""What both nets share in training: processes that keep in step, averaged weights, the rate."""
import multiprocessing
import pathlib

import pytest
import torch

from forge.common import training


def _average(rank: int, folder: pathlib.Path, results) -> None:
    training.meet(rank, 2, f"{folder}/meeting")
    layers = torch.nn.Conv2d(3, 2, 3).to(memory_format=torch.channels_last), torch.nn.Linear(4, 1)
    both = torch.nn.ModuleList(layers)
    for index, parameter in enumerate(both.parameters()):
        parameter.grad = torch.full_like(parameter, 10.0 * rank + index)
    training.share_gradients(both)
    means = [float(parameter.grad.mean()) for parameter in both.parameters()]
    results.put((means, training.agreed(0.25 + rank)))


def test_processes_share_gradients_and_agree_on_progress(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    processes = [spawn.Process(target=_average, args=(rank, tmp_path, results)) for rank in range(2)]
    for process in processes:
        process.start()
    assert [results.get(timeout=120) for _ in processes] == [([5.0, 6.0, 7.0, 8.0], 0.25)] * 2
    for process in processes:
        process.join()


def test_average_follows_from_the_first_step_and_then_slowly():
    net = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(net.weight)
    average = training.Average(net, longest_memory=0.9)
    torch.nn.init.ones_(net.weight)
    average.follow(net)
    assert average.net.weight.item() == pytest.approx(20 / 21)
    for _ in range(1000):
        average.follow(net)
    torch.nn.init.zeros_(net.weight)
    average.follow(net)
    assert average.net.weight.item() == pytest.approx(0.9, abs=1e-3)


def test_rate_warms_up_and_ends_at_zero():
    assert training.rate(0, 0, 100) == pytest.approx(0.01)
    assert training.rate(500, 0, 100) == 1
    assert training.rate(500, 0.5, 100) == pytest.approx(0.5)
    assert training.rate(500, 1, 100) == pytest.approx(0)
