"""Figures of encoders, as PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.measure.plots import finish, new_figure


def draw_robustness(path: Path, figures: Mapping[str, Any]) -> None:
    """FNMR by condition, a bar for each false match rate."""
    figure, axes = new_figure("False non-matches by condition")
    rates = list(next(iter(figures.values()))["fnmr"])
    places = np.arange(len(figures))
    for i, rate in enumerate(rates):
        heights = [values["fnmr"][rate] for values in figures.values()]
        shift = (i - (len(rates) - 1) / 2) * 0.27
        axes.bar(places + shift, heights, 0.27, label=f"at FMR {rate}")
    axes.set_xticks(places, list(figures), rotation=30)
    axes.set(ylabel="false non-match rate", ylim=(0, 1))
    finish(figure, axes, path, legend=True)


def draw_cmc(path: Path, cmc: NDArray[np.float64]) -> None:
    """Share of probes whose person is among the first so many."""
    figure, axes = new_figure("Closed-set identification")
    axes.plot(np.arange(1, len(cmc) + 1), cmc, drawstyle="steps-post")
    axes.set(xscale="log", xlabel="rank", ylabel="share of probes", xlim=(1, len(cmc)))
    finish(figure, axes, path, legend=False)
