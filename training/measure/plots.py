"""Pictures beside the figures, as PNG."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

Scores = Mapping[str, NDArray[np.floating]]
"""(P,) scores of the same pairs, by the name of a curve."""
_RATES = (1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5)


def draw_roc(path: Path, scores: Scores, same: NDArray[np.bool_]) -> None:
    """True accept rate over false accept rate (logarithmic)."""
    from sklearn.metrics import roc_curve  # a second, which most commands do not need

    figure, axes = new_figure("ROC over the pairs")
    for name, values in scores.items():
        far, tar, _ = roc_curve(same, values)
        axes.plot(far, tar, drawstyle="steps-post", label=name)
    axes.set(
        xscale="log",
        xlim=(1 / (~same).sum(), 1),
        xlabel="false accept rate",
        ylabel="true accept rate",
    )
    finish(figure, axes, path, legend=len(scores) > 1)


def draw_det(path: Path, scores: Scores, same: NDArray[np.bool_]) -> None:
    """False non-match over false match rate, both on normal deviates.

    Martin et al., "The DET curve in assessment of detection task performance" (1997).
    """
    from scipy.stats import norm
    from sklearn.metrics import roc_curve

    figure, axes = new_figure("DET over the pairs")
    for name, values in scores.items():
        far, tar, _ = roc_curve(same, values, drop_intermediate=False)
        inside = (far > 0) & (far < 1) & (tar > 0) & (tar < 1)
        axes.plot(norm.ppf(far[inside]), norm.ppf(1 - tar[inside]), label=name)
    places = [float(norm.ppf(rate)) for rate in _RATES]
    labels = [f"{rate:g}" for rate in _RATES]
    axes.set_xticks(places, labels)
    axes.set_yticks(places, labels)
    axes.set(xlabel="false match rate", ylabel="false non-match rate")
    finish(figure, axes, path, legend=len(scores) > 1)


def draw_histogram(path: Path, scores: Scores, same: NDArray[np.bool_]) -> None:
    """Densities of genuine and impostor scores of the detected pairs, a row per curve."""
    figure = Figure(figsize=(6, 1.5 + 3.5 * len(scores)), layout="constrained")
    grid = figure.subplots(len(scores), squeeze=False)[:, 0]
    for axes, (name, values) in zip(grid, scores.items(), strict=True):
        seen = values > -1
        bins = np.linspace(values[seen].min(), 1, 80).tolist()
        axes.hist(values[seen & same], bins, density=True, alpha=0.6, label="same person")
        axes.hist(values[seen & ~same], bins, density=True, alpha=0.6, label="two people")
        axes.set(xlabel="similarity (cosine)", ylabel="density", title=name)
        axes.legend()
    figure.savefig(path, dpi=120)


def new_figure(title: str) -> tuple[Figure, Axes]:
    """A figure with one panel."""
    figure = Figure(figsize=(6.5, 5), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes


def finish(figure: Figure, axes: Axes, path: Path, *, legend: bool) -> None:
    """Write the figure, on a grid."""
    axes.grid(alpha=0.3)
    if legend:
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)
