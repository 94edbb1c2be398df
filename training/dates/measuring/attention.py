"""Pictures of what a reader of dates looked at."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from models.pipelines.dates.answers import DateReading


def draw_attention(readings: Sequence[DateReading], path: Path) -> None:
    """One heat map per reading, below one another: digits down, characters across."""
    figure = Figure(figsize=(9, 2.3 * len(readings)), layout="tight")
    axes = figure.subplots(len(readings), squeeze=False)
    for axis, reading in zip(axes[:, 0], readings, strict=True):
        seen = reading.attention
        if seen is None:
            raise ValueError("only what the network has read has a picture")
        axis.imshow(seen.weights, cmap="magma", vmin=0, vmax=1, aspect="auto")
        axis.set_xticks(range(len(seen.columns)), seen.columns, fontsize=8)
        axis.set_yticks(range(len(seen.rows)), seen.rows, fontsize=8)
        answer = reading.answer.date.isoformat() if reading.answer else "no date"
        axis.set_title(f"{reading.text} → {answer}", fontsize=9, loc="left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
