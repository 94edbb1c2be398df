"""How well do methods put the faces of one person together, and at which rate?"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from app.domain.deciding.identification import identification_threshold
from app.domain.people.grouping import GROUPING_FPIR
from app.vision.faces.catalogue import EncoderCatalogue
from benchmarks.grouping.faces import Labels, People, bcubed, pairwise
from benchmarks.grouping.measured import Grouped, grouped
from benchmarks.grouping.methods import METHODS, service
from benchmarks.grouping.resampled import Resampled
from benchmarks.measuring import JsonOption, QuickOption, draw_lines, finish
from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry

RATES = (1e-3, 3e-3, 1e-2, 2e-2, 3.5e-2, 5e-2, 6e-2, 1e-1, 1.5e-1)
"""Shares of faces of strangers that may be alike to any other."""
_PRECISION = 0.99
_QUICK = 400
"""Pictures of a quick run."""
_ALL_RATES = 20_000
"""Faces up to which every rate is tried; of more, the one that was best of fewer."""
Row = dict[str, Any]


def grouping(
    images: Annotated[Path, typer.Option(exists=True, help="One folder per person.")],
    pad: Annotated[float, typer.Option(help="Replicate the border by this share.")] = 0.25,
    faces: Annotated[
        list[int] | None, typer.Option(help="Faces to group; made up where there are fewer.")
    ] = None,
    rate: Annotated[list[float] | None, typer.Option(help="Rates to try.")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="Methods to try in place of all, by their names.")
    ] = None,
    apart: Annotated[
        Path | None,
        typer.Option("--pairs", help="Only people of folds 4 and 5 of this table of pairs."),
    ] = None,
    limit: Annotated[
        float, typer.Option(help="Seconds of processor time for a method, at most.")
    ] = 600,
    json_path: JsonOption = Path("benchmarks/results/grouping.json"),
    quick: QuickOption = False,
) -> None:
    """Group the faces of a folder by every method at several rates; BCubed, pairs, costs."""
    if unknown := sorted(set(method or ()) - set(METHODS)):
        raise typer.BadParameter(f"no method {unknown[0]!r}; there are {', '.join(METHODS)}")
    people, curve = _people(images, pad, quick, apart)
    rows: list[Row] = []
    for size in faces or [len(people.vectors)]:
        some = people.of_size(size, np.random.default_rng(0))
        drawn = None if some.made_up else _Drawn(some, curve)
        for name, rates in _wanted(rows, size, tuple(rate or RATES), method or METHODS):
            for one in rates:
                rows.append(_measured(some, size, name, one, curve, limit, drawn))
                typer.echo(_line(rows[-1]))
                if rows[-1]["precision"] is None:
                    break  # another rate would take as long
    if not faces:
        _draw(rows, json_path)
    report = {"faces": len(people.vectors), "people": int(people.truth.max()) + 1, "rows": rows}
    finish(json_path, report | {"ratios": _recall_at_precision(rows)})


def _draw(rows: list[Row], json_path: Path) -> None:
    panels = {
        figure: {
            method: {row["rate"]: row[figure] for row in rows if row["method"] == method}
            for method in METHODS
        }
        for figure in ("precision", "recall")
    }
    draw_lines(json_path.with_suffix(".png"), panels, "share of strangers that may be alike")


class _Drawn:
    """Intervals of figures, and of what is found more than the service finds at its rate."""

    def __init__(self, people: People, curve: ThresholdCurve) -> None:
        self._truth = people.truth
        self._resampled = Resampled(people.truth)
        self._service = service(people.vectors, _similarity(people, GROUPING_FPIR, curve))

    def of(self, labels: Labels) -> Row:
        more = self._resampled.more_found(labels, self._service, self._truth)
        return {**self._resampled.intervals(labels, self._truth), "more_found_interval": more}


def _people(
    images: Path, pad: float, quick: bool, apart: Path | None
) -> tuple[People, ThresholdCurve]:
    from training.encoders.measuring.embedding import embed
    from training.encoders.measuring.setup import setup

    use = setup(open_registry().default("encode-faces"), None, pad, None, None, None)
    files = sorted(path for path in images.rglob("*") if path.is_file())
    gallery = embed(use, files[:_QUICK] if quick else files)
    wanted = gallery.detected
    if apart is not None:
        wanted = wanted & np.isin(gallery.identities, sorted(_of_folds(apart)))
    truth = np.unique(np.array(gallery.identities)[wanted], return_inverse=True)[1]
    curve = EncoderCatalogue(use.registry).curve(use.encoder)
    return People(gallery.embeddings[wanted], truth.astype(np.int64)), curve


def _of_folds(pairs: Path) -> set[str]:
    """Names of people in the folds that the default encoder has not learnt from."""
    with pairs.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["fold"] in ("4", "5")]
    return {row[side].rpartition("_")[0] for row in rows for side in ("first", "second")}


def _wanted(
    rows: list[Row], size: int, all_rates: tuple[float, ...], methods: Iterable[str]
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Methods, and the rates at which each is tried with so many faces."""
    for name in methods:
        own = [row for row in rows if row["method"] == name]
        if any(row["precision"] is None for row in own):
            continue  # it did not end with fewer
        good = [row for row in own if row["precision"] >= _PRECISION]
        if size <= _ALL_RATES or not own:
            yield name, all_rates
        elif good:
            yield name, (max(good, key=lambda row: (row["wanted"], row["recall"]))["rate"],)
        else:
            yield name, all_rates[:1]


def _measured(
    people: People,
    wanted: int,
    name: str,
    rate: float,
    curve: ThresholdCurve,
    limit: float,
    drawn: _Drawn | None,
) -> Row:
    vectors = people.vectors
    row: Row = {
        "wanted": wanted,
        "faces": len(vectors),
        "made_up": people.made_up,
        "method": name,
        "rate": rate,
    }
    found = grouped(METHODS[name], vectors, _similarity(people, rate, curve), limit)
    intervals = {} if drawn is None or found is None else drawn.of(found.labels)
    return row | _figures(people, found) | intervals


def _similarity(people: People, rate: float, curve: ThresholdCurve) -> float:
    return identification_threshold(curve, len(people.vectors), fpir=rate).similarity


def _figures(people: People, found: Grouped | None) -> Row:
    names = ("precision", "recall", "pair_precision", "pair_recall", "seconds", "bytes")
    if found is None:
        return dict.fromkeys(names)
    figures = (*bcubed(found.labels, people.truth), *pairwise(found.labels, people.truth))
    return dict(zip(names, (*figures, found.seconds, found.bytes), strict=True))


def _line(row: Row) -> str:
    head = f"{row['faces']:7} {row['method']:26} {row['rate']:<6g}"
    if row["precision"] is None:
        return f"{head} ended by its limit"
    figures = ("precision", "recall", "pair_precision", "pair_recall")
    shown = " ".join(f"{row[figure]:.4f}" for figure in figures)
    if "more_found_interval" in row:
        for name in ("precision_interval", "recall_interval", "more_found_interval"):
            shown += " [{:.4f} {:.4f}]".format(*row[name])
    return f"{head} {shown} {row['seconds']:7.1f} s {row['bytes'] / 2**20:7.0f} MiB"


def _recall_at_precision(rows: list[Row]) -> dict[str, float]:
    """The best recall of each method where its precision is at least .99, or 0."""
    return {
        f"recall of {method}": max(
            (
                r["recall"]
                for r in rows
                if r["method"] == method and (r["precision"] or 0.0) >= _PRECISION
            ),
            default=0.0,
        )
        for method in METHODS
    }
