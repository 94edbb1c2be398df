"""Progress of a run for people: a line with rate and time left, and TensorBoard curves."""

from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_EVERY = 20
"""Steps that one point of a curve is the mean of."""


class Log:
    """Curves and a progress bar; in other processes than the first, nothing."""

    def __init__(
        self, directory: Path, start: int, steps: int, *, active: bool, unit: str = "pictures"
    ) -> None:
        self._active, self._unit = active, unit
        self._pending: dict[str, list[float]] = defaultdict(list)
        self.console = Console(stderr=True, quiet=not active)
        self._bar = Progress(
            TextColumn("Training"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
        )
        self._task = self._bar.add_task("", total=steps, completed=start, figures="")
        if active:
            # Imported late: it takes seconds, and only this process needs it.
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(
                str(directory / "tensorboard"), purge_step=start, flush_secs=20
            )

    def __enter__(self) -> Self:
        if self._active:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._active:
            self._bar.stop()
            self._writer.close()

    def step(self, step: int, figures: dict[str, float], per_second: float) -> None:
        """Take in a step's figures."""
        if not self._active:
            return
        for name, value in {**figures, f"{self._unit}_per_second": per_second}.items():
            self._pending[name].append(value)
        means = {name: float(np.mean(values)) for name, values in self._pending.items()}
        if (step + 1) % _EVERY == 0:
            self.curves(step, "train", means)
            self._pending.clear()
            speed = f"{means[f'{self._unit}_per_second']:.0f} {self._unit}/s"
            shown = f"loss {means['loss']:.4f}, {speed}"
            self._bar.update(self._task, figures=shown)
        self._bar.update(self._task, completed=step + 1)

    def curves(self, step: int, group: str, figures: dict[str, float]) -> None:
        """Points of the curves `group/name`."""
        if self._active:
            for name, value in figures.items():
                self._writer.add_scalar(f"{group}/{name}", value, step + 1)
