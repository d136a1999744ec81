"""Shows the net again what it got wrong: false alarms and misses, at no price, since they are labelled already."""
import numpy as np
import torch

_CAPACITY = 768

#: What is still wrong after so many visits is beyond the net, or the teacher's mistake.
_MOST_VISITS = 5


class Replay:
    """A pool of the pictures with the worst cells: largest |target - score| that counts."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._pictures: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._errors = np.zeros(0)
        self._visits = np.zeros(0, int)
        self._shown: tuple = ()

    def extend(self, pictures: torch.Tensor, targets: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """A batch with ``count`` pictures of the pool behind it. While the pool is small the batch stays small."""
        if len(self._pictures) < 4 * count:
            chosen = np.zeros(0, int)
        else:
            chosen = self._random.choice(len(self._pictures), count, replace=False)
        self._shown = (pictures, targets, chosen)
        again = [self._pictures[index] for index in chosen]
        return (torch.cat([pictures, *(picture[None] for picture, _ in again)]),
                torch.cat([targets, *(target[None] for _, target in again)]))

    def learn(self, scores: torch.Tensor, targets: torch.Tensor) -> None:
        """Notes how wrong the net was on the batch that ``extend`` made. scores: (n, cells) 0..1."""
        errors = ((scores - targets[..., 0]).abs() * targets[..., 15]).amax(1).cpu().numpy()
        pictures, answers, chosen = self._shown
        self._errors[chosen] = errors[len(pictures):]
        self._visits[chosen] += 1
        keep = self._visits < _MOST_VISITS
        self._pictures = [picture for picture, kept in zip(self._pictures, keep) if kept]
        # Clones: parts of a batch would keep the whole batch.
        self._pictures += [(picture.clone(), answer.clone()) for picture, answer in zip(pictures, answers)]
        self._errors = np.r_[self._errors[keep], errors[:len(pictures)]]
        self._visits = np.r_[self._visits[keep], np.zeros(len(pictures), int)]
        if len(self._pictures) > _CAPACITY:
            best = np.argsort(-self._errors)[:_CAPACITY]
            self._pictures = [self._pictures[index] for index in best]
            self._errors, self._visits = self._errors[best], self._visits[best]

    def describe(self) -> str:
        return f"pool {len(self._pictures)}, error {np.median(self._errors):.2f}"
