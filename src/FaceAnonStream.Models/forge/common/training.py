"""What both nets need to train in several processes of one thread each.

Threads would do the same on an idle machine; on a busy one they wait for each other at every layer.
"""
import copy
import math
import os

import torch
from torch import distributed, nn


def meet(rank: int, processes: int, meeting: str) -> None:
    """Joins the training processes through the file ``meeting``; they talk over loopback."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=processes)


def agreed(progress: float) -> float:
    """The least progress of all processes, so that all stop at the same step."""
    value = torch.tensor(progress, dtype=torch.float64)
    distributed.all_reduce(value, distributed.ReduceOp.MIN)
    return value.item()


def share_gradients(net: nn.Module) -> None:
    """Averages the gradients over all processes."""
    gradients = [parameter.grad for parameter in net.parameters()]
    flat = torch.cat([gradient.flatten() for gradient in gradients]).cpu()
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
        gradient.copy_(mean.view(gradient.shape))


def rate(step: int, progress: float, warm_up_steps: int) -> float:
    """Share of the learning rate: a warm-up in steps, then half a cosine over the time given (progress 0..1)."""
    return min(1, (step + 1) / warm_up_steps) * (0.5 + 0.5 * math.cos(math.pi * progress))


class Average:
    """Exponential moving average of a net: what is exported. ``longest_memory``: what it keeps per step, in the end."""

    def __init__(self, net: nn.Module, longest_memory: float) -> None:
        self.net = copy.deepcopy(net).eval()
        self._longest_memory = longest_memory
        self._steps = 0

    @torch.no_grad()
    def follow(self, net: nn.Module) -> None:
        self._steps += 1
        memory = min(self._longest_memory, self._steps / (self._steps + 20))
        for mean, value in zip(self.net.state_dict().values(), net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - memory)
            else:
                mean.copy_(value)
