"""`evaluate calibrate`."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from models.registry.curve import ThresholdCurve
from training.encoders.commands.options import (
    ChipOptions,
    EncoderOptions,
    LeftOutOption,
    PictureOptions,
)
from training.encoders.measuring.embedding import embed
from training.encoders.measuring.setup import Setup
from training.kit.option_groups import with_groups
from training.kit.options import console, errors_reported
from training.kit.places import new_file
from training.kit.run_files import write_json
from training.measure.calibration import FEWEST, Calibration, calibrate
from training.measure.errors import EvaluationError
from training.measure.gallery import Gallery
from training.measure.impostors import cross_identity_histogram
from training.measure.labels import label_of, read_left_out
from training.measure.templates import (
    COUNTS,
    FPIR,
    POWERS,
    StrangersNamed,
    power_for,
    strangers_named,
)
from training.publish.card import refresh_card
from training.publish.curve import describe_method, update_curve

_MORE = "Take more pictures or more people: 150 pictures of 50 people are enough."


@with_groups
def calibration(
    *,
    measured: EncoderOptions,
    taken: PictureOptions,
    without: LeftOutOption = None,
    output: Annotated[Path | None, typer.Option("--json", callback=new_file)] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest", callback=new_file, help="Manifest file to write the curve into."
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Write the curve into the encoder's own manifest and card."),
    ] = False,
    data: Annotated[str, typer.Option("--data", help="Name of the data, for the manifest.")] = "",
    chips: ChipOptions,
) -> None:
    """Measure similarity → false-match rate over all comparisons of different people."""
    with errors_reported():
        use = measured.setup(chips)
        paths = taken.paths()
        _require_comparisons([path.parent.name for path in paths])
        listed = read_left_out(without)
        gallery = embed(use, paths)
        faces = gallery.detected
        out = np.array([label_of(path) in listed for path in paths])
        left_out = [label_of(path) for path, is_out in zip(paths, out, strict=True) if is_out]
        result = _measured(gallery, faces & ~out)
        whole = _measured(gallery, faces) if left_out else None
        named = _named(gallery, faces & ~out, result)
        power = power_for(named)
        provenance = _provenance(gallery, faces & ~out, data or taken.images.name, len(left_out))
        options = use.options()
        for path in _manifests(use, manifest, write):
            update_curve(path, result, provenance, left_out, power)
            refresh_card(path)
    if output is not None:
        counts = {"images": len(faces), "undetected": int((~faces).sum()), "left_out": left_out}
        templates = {"template_power": power, "strangers_named": [asdict(one) for one in named]}
        write_json(output, options | counts | _as_json(result, provenance, whole) | templates)
    if without is not None:
        console.print(f"{len(left_out)} of the {len(listed)} pictures of the list are left out.")
    _print(result, whole)
    _print_named(named, power)


def _measured(gallery: Gallery, rows: NDArray[np.bool_]) -> Calibration:
    shown = np.asarray(gallery.identities)[rows].tolist()
    try:
        return calibrate(cross_identity_histogram(gallery.embeddings[rows], shown))
    except ValueError as error:
        raise EvaluationError(f"{error}.", hint=_MORE) from error


def _named(gallery: Gallery, rows: NDArray[np.bool_], found: Calibration) -> list[StrangersNamed]:
    shown = np.asarray(gallery.identities)[rows].tolist()
    return strangers_named(gallery.embeddings[rows], shown, ThresholdCurve.of(found.points))


def _provenance(gallery: Gallery, rows: NDArray[np.bool_], data: str, left_out: int) -> str:
    people = set(np.asarray(gallery.identities)[rows].tolist())
    words = f"{data}: {int(rows.sum())} faces of {len(people)} people"
    return words + (f", without {left_out} of doubtful label" if left_out else "")


def _require_comparisons(people: list[str]) -> None:
    """Raises EvaluationError, before any face is looked for, when there cannot be enough."""
    counts = Counter(people)
    different = (len(people) ** 2 - sum(n * n for n in counts.values())) // 2
    if different < FEWEST:
        raise EvaluationError(
            f"{len(people)} pictures of {len(counts)} people give {different:,} comparisons of "
            f"different people; a curve takes {FEWEST:,}.",
            hint=_MORE,
        )


def _manifests(use: Setup, named: Path | None, own: bool) -> list[Path]:
    """Files that the curve goes into."""
    paths = [] if named is None else [named]
    return paths + ([use.registry.manifest(use.encoder).path] if own else [])


def _as_json(result: Calibration, provenance: str, whole: Calibration | None) -> dict[str, Any]:
    with_all = {} if whole is None else {"points_with_left_out": whole.points}
    return with_all | {
        "points": result.points,
        "tail_from": result.tail_from,
        "impostor_comparisons": result.comparisons,
        "method": describe_method(result),
        "data": provenance,
    }


def _print(result: Calibration, whole: Calibration | None) -> None:
    with_all = {} if whole is None else {fmr: f"{s:.5f}" for s, fmr in whole.points}
    table = Table("FMR", "similarity", "how", *(["with all labels"] if whole else []))
    for similarity, fmr in result.points:
        table.add_row(
            f"{fmr:.0e}",
            f"{similarity:.5f}",
            "fitted" if similarity > result.tail_from else "counted",
            *([with_all.get(fmr, "")] if whole else []),
        )
    console.print(table)
    console.print(f"{result.comparisons:,} comparisons; {describe_method(result)}.")


def _print_named(named: list[StrangersNamed], power: float | None) -> None:
    if power is None:
        console.print("Too few people have several pictures to measure templates of them.")
        return
    table = Table("power", *(_described(one) for one in named))
    for place, one in enumerate(POWERS):
        table.add_row(f"{one:g}", *(f"{each.shares[place]:.4f}" for each in named))
    console.print(table)
    console.print(
        f"Strangers named where {FPIR:g} is promised, by faces of a subject; templates of several "
        f"are lengthened by a power of {power:g}."
    )
    left_out = sorted(set(COUNTS) - {one.faces for one in named})
    if left_out:
        console.print(f"Too few people have {', '.join(map(str, left_out))} pictures: left out.")


def _described(one: StrangersNamed) -> str:
    faces = "1 face" if one.faces == 1 else f"{one.faces} faces"
    return f"{faces}\n{one.people} people\n{one.strangers} others"
