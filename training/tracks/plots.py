"""Figures of tracks, as PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from training.measure.plots import finish, new_figure


def draw_tracks(path: Path, ways: Mapping[str, Any]) -> None:
    """FNMR of each way to weigh a track's frames, with its interval."""
    figure, axes = new_figure("False non-matches of tracks")
    rates = list(next(iter(ways.values()))["fnmr"])
    places = np.arange(len(ways))
    for i, rate in enumerate(rates):
        heights = np.array([figures["fnmr"][rate] for figures in ways.values()])
        bounds = np.array([figures["fnmr_95"][rate] for figures in ways.values()])
        error = np.abs(bounds.T - heights)
        shift = (i - (len(rates) - 1) / 2) * 0.4
        axes.bar(places + shift, heights, 0.4, yerr=error, capsize=3, label=f"at FMR {rate}")
    axes.set_xticks(places, list(ways), rotation=20, ha="right", rotation_mode="anchor")
    axes.set(ylabel="false non-match rate")
    finish(figure, axes, path, legend=True)
