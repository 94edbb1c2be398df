"""How well do methods put the faces of one person together, and at which rate?"""

import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.domain.deciding.identification import identification_threshold
from app.vision.faces.catalogue import EncoderCatalogue
from benchmarks.grouping.methods import METHODS, Labels
from benchmarks.measuring import JsonOption, QuickOption, draw_lines, finish
from models.registry.locations import open_registry

RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
"""Shares of faces of strangers that may be alike to any other."""
_PRECISION = 0.99
_QUICK = 400
"""Pictures of a quick run."""


def grouping(
    images: Annotated[Path, typer.Option(exists=True, help="One folder per person.")],
    pad: Annotated[float, typer.Option(help="Replicate the border by this share.")] = 0.25,
    json_path: JsonOption = Path("benchmarks/results/grouping.json"),
    quick: QuickOption = False,
) -> None:
    """Group the faces of a folder by every method at several rates; BCubed and seconds."""
    from training.encoders.measuring.embedding import embed
    from training.encoders.measuring.setup import setup

    use = setup(open_registry().default("encode-faces"), None, pad, None, None, None)
    files = sorted(path for path in images.rglob("*") if path.is_file())
    gallery = embed(use, files[:_QUICK] if quick else files)
    vectors = gallery.embeddings[gallery.detected]
    people = np.array(gallery.identities)[gallery.detected]
    truth = np.unique(people, return_inverse=True)[1].astype(np.int64)
    curve = EncoderCatalogue(use.registry).curve(use.encoder)
    rows: list[dict[str, Any]] = []
    for name, method in METHODS.items():
        for rate in RATES:
            threshold = identification_threshold(curve, len(vectors), fpir=rate).similarity
            begin = time.perf_counter()
            labels = method(vectors, threshold)
            seconds = time.perf_counter() - begin
            precision, recall = bcubed(labels, truth)
            rows.append(
                {
                    "method": name,
                    "rate": rate,
                    "precision": precision,
                    "recall": recall,
                    "seconds": seconds,
                }
            )
            typer.echo(f"{name:26} {rate:<6g} {precision:.4f} {recall:.4f} {seconds:6.1f} s")
    panels = {
        figure: {
            method: {row["rate"]: row[figure] for row in rows if row["method"] == method}
            for method in METHODS
        }
        for figure in ("precision", "recall")
    }
    draw_lines(json_path.with_suffix(".png"), panels, "share of strangers that may be alike")
    report = {"faces": len(vectors), "people": int(truth.max()) + 1, "rows": rows}
    finish(json_path, report | {"ratios": _recall_at_precision(rows)})


def _recall_at_precision(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The best recall of each method where its precision is at least .99, or 0."""
    return {
        f"recall of {method}": max(
            (r["recall"] for r in rows if r["method"] == method and r["precision"] >= _PRECISION),
            default=0.0,
        )
        for method in METHODS
    }


def bcubed(labels: Labels, truth: NDArray[np.int64]) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998): means over the faces."""
    own = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    both = own * (truth.max() + 1) + truth
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    shared = counts[place]
    return (
        float(np.mean(shared / np.bincount(own)[own])),
        float(np.mean(shared / np.bincount(truth)[truth])),
    )
