"""Alarms that end a run before hours are lost."""

import math

from torch import Tensor

from models.errors import ReportedError

_ALIKE = 1e-4
_STEPS_ALIKE = 20


class TrainingFailedError(ReportedError):
    """Going on would be of no use."""

    slug = "training-failed"


class StoppedError(ReportedError):
    """Somebody pressed Ctrl-C; the run can go on."""

    slug = "training-stopped"


def check_finite(loss: float, gradient_norm: float, step: int) -> None:
    """Raises TrainingFailedError when a loss or its gradient is not a number."""
    if not math.isfinite(loss) or not math.isfinite(gradient_norm):
        raise TrainingFailedError(
            f"At step {step + 1} the loss is {loss} and the norm of its gradient {gradient_norm}.",
            hint="Lower optimiser.learning_rate, or raise schedule.warmup.",
            step=step,
        )


def spread(embeddings: Tensor) -> float:
    """Variance of (n, dimension) L2-normalised embeddings: 1 - |mean|², 0 when all are alike."""
    return float(1 - embeddings.detach().mean(0).square().sum())


class CollapseAlarm:
    """Watches for a network that gives every face the same embedding."""

    def __init__(self) -> None:
        self._alike = 0

    def watch(self, spread: float, step: int) -> None:
        """Raises TrainingFailedError when batch after batch has no spread left."""
        self._alike = self._alike + 1 if spread < _ALIKE else 0
        if self._alike >= _STEPS_ALIKE:
            raise TrainingFailedError(
                f"All embeddings have been alike for {_STEPS_ALIKE} steps; the network collapsed.",
                hint="Mine semi-hard in place of hard, or lower the learning rate.",
                step=step,
            )
