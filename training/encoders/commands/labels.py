"""`evaluate labels`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from training.data.chips import ChipSet
from training.encoders.commands.options import ChipOptions, EncoderOptions, PictureOptions
from training.encoders.measuring.embedding import chips_of, encoder_of
from training.encoders.measuring.sheets import labelled, write_sheet
from training.kit.option_groups import with_groups
from training.kit.options import JsonOption, console, errors_reported
from training.kit.run_files import write_json
from training.measure.encoding import encode_chips
from training.measure.errors import EvaluationError
from training.measure.labels import Doubt, find_doubts, label_of

_THUMBNAIL = 32
"""Pixels of a side at which two copies of one picture look the same."""
_SAME = 0.95
"""Correlation of two copies of one picture, cut and stored differently."""
_SHOWN = 150


@with_groups
def labels(
    *,
    measured: EncoderOptions,
    taken: PictureOptions,
    output: JsonOption,
    expected: Annotated[
        float,
        typer.Option(
            min=1e-9,
            max=1,
            help="Doubt a pair when fewer pairs of strangers than this would be as alike.",
        ),
    ] = 0.01,
    chips: ChipOptions,
) -> None:
    """List pictures that seem to stand under a wrong name, or under two, with a sheet for eyes.

    Beside the report lie the sheet, and a list of what to leave out for `--without`.
    """
    with errors_reported():
        use = measured.setup(chips)
        cut = chips_of(use, taken.paths())
        embeddings = encode_chips(encoder_of(use), cut.chips)
        small = _thumbnails(cut)
        try:
            found = find_doubts(
                embeddings, cut.names, expected, lambda a, b: float(small[a] @ small[b]) >= _SAME
            )
        except ValueError as error:
            raise EvaluationError(f"{error}.") from error
    names = [label_of(Path(path)) for path in cut.paths]
    left_out = sorted({names[row] for doubt in found for row in doubt.taken_out})
    report = use.options() | {
        "pictures": len(names),
        "undetected": len(cut.undetected),
        "doubts": [_fields(doubt, names) for doubt in found],
        "left_out": left_out,
    }
    write_json(output, report)
    output.with_suffix(".txt").write_text("".join(f"{name}\n" for name in left_out))
    if found:
        write_sheet(output.with_suffix(".png"), [_row(doubt, cut, names) for doubt in found])
    _print(found, names)


def _thumbnails(chips: ChipSet) -> NDArray[np.float32]:
    """(N, pixels) of length one and mean zero: their products are correlations."""
    rows = np.stack(
        [
            cv2.resize(
                cv2.cvtColor(np.array(chip), cv2.COLOR_RGB2GRAY),
                (_THUMBNAIL, _THUMBNAIL),
                interpolation=cv2.INTER_AREA,
            )
            for chip in chips.chips
        ]
    ).reshape(len(chips), -1)
    centred = rows.astype(np.float32) - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(length, 1e-6), np.float32)


def _fields(doubt: Doubt, names: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": doubt.kind,
        "picture": names[doubt.row],
        "like": names[doubt.other],
        "similarity": doubt.similarity,
        "own_similarity": doubt.own,
        "expected": doubt.expected,
        "left_out": [names[row] for row in doubt.taken_out],
    }


def _row(doubt: Doubt, chips: ChipSet, names: Sequence[str]) -> list[NDArray[np.uint8]]:
    """The doubted picture, what it resembles, and up to three others of either name."""
    label = chips.labels
    beside = [
        [r for r in np.flatnonzero(label == label[row]).tolist() if r != row][:3]
        for row in (doubt.row, doubt.other)
    ]
    rows = [doubt.row, doubt.other, *beside[0], *beside[1]]
    texts = [f"{doubt.kind} {doubt.similarity:.2f}", *(names[row] for row in rows[1:])]
    return [
        labelled(
            np.asarray(cv2.resize(np.array(chips.chips[row]), (_SHOWN, _SHOWN)), np.uint8), text
        )
        for row, text in zip(rows, texts, strict=True)
    ]


def _print(found: Sequence[Doubt], names: Sequence[str]) -> None:
    table = Table("picture", "is like", "similarity", "own", "kind")
    for doubt in found:
        own = "none" if doubt.own is None else f"{doubt.own:.3f}"
        similarity = f"{doubt.similarity:.3f}"
        table.add_row(names[doubt.row], names[doubt.other], similarity, own, doubt.kind)
    console.print(table)
    counts = ", ".join(f"{count} {kind}" for kind, count in Counter(d.kind for d in found).items())
    console.print(
        f"{len(found)} doubts among {len(names):,} pictures{': ' if counts else ''}{counts}. "
        "Look at the sheet before you leave anything out."
    )
