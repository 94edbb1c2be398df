"""Pictures beside the figures."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import roc_curve


def draw_roc(path: Path, scores: NDArray[np.floating], same: NDArray[np.bool_]) -> None:
    """True accept rate over false accept rate (logarithmic), as a PNG."""
    far, tar, _ = roc_curve(same, scores)
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot(far, tar, drawstyle="steps-post")
    axes.set(
        xscale="log",
        xlim=(1 / (~same).sum(), 1),
        xlabel="false accept rate",
        ylabel="true accept rate",
        title="ROC over the pairs",
    )
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)


def draw_histogram(path: Path, scores: NDArray[np.floating], same: NDArray[np.bool_]) -> None:
    """Densities of genuine and impostor scores of the detected pairs, as a PNG."""
    seen = scores > -1
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    bins = np.linspace(scores[seen].min(), 1, 80).tolist()
    axes.hist(scores[seen & same], bins, density=True, alpha=0.6, label="same person")
    axes.hist(scores[seen & ~same], bins, density=True, alpha=0.6, label="two people")
    axes.set(xlabel="similarity (cosine)", ylabel="density", title="Scores of the pairs")
    axes.legend()
    figure.savefig(path, dpi=120)
