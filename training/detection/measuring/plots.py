"""Figures of detectors, as PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure


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
