"""Pairs of pictures that are compared."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from training.measure.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, by file name, and whether they show one person."""

    fold: int
    first: str
    second: str
    same: bool


def read_pairs(path: Path) -> list[Pair]:
    """Read tab-separated columns fold, first, second, same (0 or 1), with a header line.

    Raises EvaluationError.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        pairs = [Pair(int(r["fold"]), r["first"], r["second"], bool(int(r["same"]))) for r in rows]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise EvaluationError(f"{path} is not a table of pairs: {error!r}") from error
    if len({pair.same for pair in pairs}) < 2:
        raise EvaluationError(f"{path} needs pairs of one person and pairs of two.")
    return pairs


def pairs_of(path: Path, folds: str | None) -> list[Pair]:
    """The pairs of a table, of some folds only if told. Raises EvaluationError."""
    pairs = read_pairs(path)
    if folds is None:
        return pairs
    try:
        wanted = {int(fold) for fold in folds.split(",")}
    except ValueError as error:
        raise EvaluationError(f"--folds takes numbers such as 4,5, not {folds!r}.") from error
    missing = wanted - {pair.fold for pair in pairs}
    if missing:
        raise EvaluationError(f"{path} has no fold {min(missing)}.")
    return [pair for pair in pairs if pair.fold in wanted]


def names_in(pairs: Collection[Pair]) -> set[str]:
    """File names of all pictures of the pairs."""
    return {name for pair in pairs for name in (pair.first, pair.second)}
