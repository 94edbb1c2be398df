"""Pictures beside the figures, as PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import norm
from sklearn.metrics import roc_curve

Scores = Mapping[str, NDArray[np.floating]]
"""(P,) scores of the same pairs, by the name of a curve."""
_RATES = (1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5)


def draw_roc(path: Path, scores: Scores, same: NDArray[np.bool_]) -> None:
    """True accept rate over false accept rate (logarithmic)."""
    figure, axes = _figure("ROC over the pairs")
    for name, values in scores.items():
        far, tar, _ = roc_curve(same, values)
        axes.plot(far, tar, drawstyle="steps-post", label=name)
    axes.set(
        xscale="log",
        xlim=(1 / (~same).sum(), 1),
        xlabel="false accept rate",
        ylabel="true accept rate",
    )
    _finish(figure, axes, path, legend=len(scores) > 1)


def draw_det(path: Path, scores: Scores, same: NDArray[np.bool_]) -> None:
    """False non-match over false match rate, both on normal deviates.

    Martin et al., "The DET curve in assessment of detection task performance" (1997).
    """
    figure, axes = _figure("DET over the pairs")
    for name, values in scores.items():
        far, tar, _ = roc_curve(same, values, drop_intermediate=False)
        inside = (far > 0) & (far < 1) & (tar > 0) & (tar < 1)
        axes.plot(norm.ppf(far[inside]), norm.ppf(1 - tar[inside]), label=name)
    places = [float(norm.ppf(rate)) for rate in _RATES]
    labels = [f"{rate:g}" for rate in _RATES]
    axes.set_xticks(places, labels)
    axes.set_yticks(places, labels)
    axes.set(xlabel="false match rate", ylabel="false non-match rate")
    _finish(figure, axes, path, legend=len(scores) > 1)


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


def draw_robustness(path: Path, figures: Mapping[str, Any]) -> None:
    """FNMR by condition, a bar for each false match rate."""
    figure, axes = _figure("False non-matches by condition")
    rates = list(next(iter(figures.values()))["fnmr"])
    places = np.arange(len(figures))
    for i, rate in enumerate(rates):
        heights = [values["fnmr"][rate] for values in figures.values()]
        shift = (i - (len(rates) - 1) / 2) * 0.27
        axes.bar(places + shift, heights, 0.27, label=f"at FMR {rate}")
    axes.set_xticks(places, list(figures), rotation=30)
    axes.set(ylabel="false non-match rate", ylim=(0, 1))
    _finish(figure, axes, path, legend=True)


def draw_tracks(path: Path, ways: Mapping[str, Any]) -> None:
    """FNMR of each way to weigh a track's frames, with its interval."""
    figure, axes = _figure("False non-matches of tracks")
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
    _finish(figure, axes, path, legend=True)


def draw_cmc(path: Path, cmc: NDArray[np.float64]) -> None:
    """Share of probes whose person is among the first so many."""
    figure, axes = _figure("Closed-set identification")
    axes.plot(np.arange(1, len(cmc) + 1), cmc, drawstyle="steps-post")
    axes.set(xscale="log", xlabel="rank", ylabel="share of probes", xlim=(1, len(cmc)))
    _finish(figure, axes, path, legend=False)


def draw_detection(path: Path, figures: Mapping[str, Any]) -> None:
    """Recall by size of the face, a panel for each set of pictures, a bar for each detector."""
    figure = Figure(figsize=(6.5, 4 * len(figures)), layout="constrained")
    panels = figure.subplots(len(figures), squeeze=False)[:, 0]
    for axes, (name, detectors) in zip(panels, figures.items(), strict=True):
        width = 0.8 / len(detectors)
        for i, (key, values) in enumerate(detectors.items()):
            sizes = values["recall_by_size"]
            places = np.arange(len(sizes)) + (i - (len(detectors) - 1) / 2) * width
            axes.bar(places, [b["recall"] for b in sizes.values()], width, label=key)
            axes.set_xticks(
                range(len(sizes)), [f"{s} px\n{b['faces']} faces" for s, b in sizes.items()]
            )
        axes.set(title=name, ylabel="recall", ylim=(0, 1))
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.5, 5), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes


def _finish(figure: Figure, axes: Axes, path: Path, *, legend: bool) -> None:
    axes.grid(alpha=0.3)
    if legend:
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)
