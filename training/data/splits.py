"""Splits by identity: a person is on one side or the other, never on both."""

import csv
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.chips import ChipSet
from training.data.sources import TrainingDataError


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows of a chip set, ascending."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]


def split_identities(
    identities: Sequence[str], validation: float, seed: int
) -> tuple[list[str], list[str]]:
    """(training, validation) names, the latter a share `validation` of them.

    Names are ordered by a hash of seed and name, so a person added later moves few others.
    """
    ordered = sorted(set(identities), key=lambda name: _digest(seed, name))
    count = round(len(ordered) * validation)
    return sorted(ordered[count:]), sorted(ordered[:count])


def split_chips(
    chips: ChipSet, validation: float, seed: int, exclude: Collection[str] = ()
) -> Split:
    """Rows for training and validation without the identities in `exclude`.

    Raises TrainingDataError when a side that should not be empty is.
    """
    allowed = [name for name in chips.identities if name not in set(exclude)]
    sides = split_identities(allowed, validation, seed)
    train, held_out = (_rows(chips, names) for names in sides)
    if not len(train) or (validation > 0 and not len(held_out)):
        raise TrainingDataError(
            f"{len(allowed)} people are too few for a validation share of {validation}.",
            people=len(allowed),
        )
    return Split(train, held_out)


def identities_in_folds(chips: ChipSet, pairs: Path, folds: Collection[int]) -> set[str]:
    """Everybody who occurs in those folds of a table of pairs, to be kept out of training.

    `pairs` has tab-separated columns fold, first, second (file names). Pictures in which no
    face was found count too: their person may have others. Raises TrainingDataError.
    """
    known = dict(zip((Path(path).name for path in chips.paths), chips.names, strict=True))
    for sample in (*chips.undetected, *chips.unreadable, *chips.repeated):
        known[Path(sample.path).name] = sample.identity
    try:
        with pairs.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        wanted = [row for row in rows if int(row["fold"]) in folds]
        names = {row[side] for row in wanted for side in ("first", "second")}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise TrainingDataError(f"{pairs} is not a table of pairs: {error!r}.") from error
    absent = set(folds) - {int(row["fold"]) for row in wanted}
    if absent:
        raise TrainingDataError(f"{pairs} has no fold {min(absent)}.", pairs=str(pairs))
    # A picture that is not among the chips cannot be trained on.
    return {known[name] for name in names if name in known}


def _rows(chips: ChipSet, names: Sequence[str]) -> NDArray[np.intp]:
    wanted = np.isin(np.asarray(chips.identities), names)
    return np.flatnonzero(wanted[chips.labels])


def _digest(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()
