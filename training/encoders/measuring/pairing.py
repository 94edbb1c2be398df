"""Pictures that are compared: those of a table of pairs, or pairs made out of the folders."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

import numpy as np

from training.encoders.measuring.verification import require_protocol
from training.measure.errors import EvaluationError
from training.measure.gallery import find_images
from training.measure.labels import label_of
from training.measure.pairs import Pair, names_in, pairs_of

FOLDS = 10
PER_PERSON = 5
"""Pictures of one person that made pairs are taken from, so that nobody decides alone."""
_SEED = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Pictures, the names that pairs call them by, the pairs, and where these come from."""

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    pairs: tuple[Pair, ...]
    origin: str
    """In words, for the report."""

    def without(self, left_out: Collection[str]) -> "Compared":
        """Leave out pictures, called by folder and file, and the pairs that they are in."""
        kept = [
            (path, name)
            for path, name in zip(self.paths, self.names, strict=True)
            if label_of(path) not in left_out
        ]
        names = {name for _, name in kept}
        pairs = tuple(pair for pair in self.pairs if {pair.first, pair.second} <= names)
        return replace(
            self,
            paths=tuple(path for path, _ in kept),
            names=tuple(name for _, name in kept),
            pairs=pairs,
        )


def compared(
    images: Path, table: Path | None, folds: str | None, people: Collection[str] | None = None
) -> Compared:
    """Choose what a command compares, before any face is looked for. Raises EvaluationError.

    Of a table, pictures go by file name; of the folders, by path below `images`.
    """
    if table is None:
        if folds is not None:
            raise EvaluationError("--folds are those of a table: give --pairs as well.")
        paths = find_images(images, people=people)
        names = [path.relative_to(images).as_posix() for path in paths]
        pairs, origin = made_pairs(names, [path.parent.name for path in paths])
    else:
        pairs = pairs_of(table, folds)
        paths = find_images(images, names_in(pairs))
        if people is not None:
            wanted = {path.name for path in paths if path.parent.name in people}
            pairs = [pair for pair in pairs if {pair.first, pair.second} <= wanted]
            paths = [path for path in paths if path.name in names_in(pairs)]
        names = [path.name for path in paths]
        origin = table.name if folds is None else f"{table.name}, folds {folds}"
    require_protocol(pairs)
    return Compared(tuple(paths), tuple(names), tuple(pairs), origin)


def made_pairs(names: Sequence[str], people: Sequence[str]) -> tuple[list[Pair], str]:
    """Pairs in folds that share nobody, and in words how they were made; always the same ones.

    Every pair of one person's pictures, of five at most, and in each fold as many of different
    people. Raises EvaluationError unless two folds can be made.
    """
    rng = np.random.default_rng(_SEED)
    pictures: dict[str, list[str]] = defaultdict(list)
    for name, person in zip(names, people, strict=True):
        pictures[person].append(name)
    kept = {
        person: sorted(rng.permutation(sorted(own))[:PER_PERSON].tolist())
        for person, own in sorted(pictures.items())
    }
    several = [person for person, own in kept.items() if len(own) > 1]
    count = min(FOLDS, len(several), len(kept) // 2)
    if count < 2:
        raise EvaluationError(
            f"{len(kept)} people, {len(several)} of them with two pictures or more, are too few "
            "to make pairs of.",
            hint="Four people with two pictures each are the least; or give --pairs.",
        )
    single = [person for person, own in kept.items() if len(own) == 1]
    order = [*rng.permutation(several).tolist(), *rng.permutation(single).tolist()]
    pairs: list[Pair] = []
    for fold in range(count):
        pairs += _fold(fold, [kept[person] for person in order[fold::count]], rng)
    left_out = len(names) - sum(map(len, kept.values()))
    origin = (
        f"made out of the folders: {sum(p.same for p in pairs):,} pairs of one person, "
        f"{sum(not p.same for p in pairs):,} of two, in {count} folds that share nobody; "
        f"{PER_PERSON} pictures of a person at most, {left_out:,} left out of the pairs"
    )
    return pairs, origin


def _fold(number: int, people: Sequence[Sequence[str]], rng: np.random.Generator) -> list[Pair]:
    """All pairs of one person, and as many of two, drawn from all there are."""
    same = [pair for own in people for pair in combinations(own, 2)]
    other = [pair for first, second in combinations(people, 2) for pair in product(first, second)]
    drawn = sorted(rng.permutation(len(other))[: len(same)].tolist())
    return [
        Pair(number, first, second, alike)
        for pairs, alike in ((same, True), ([other[i] for i in drawn], False))
        for first, second in pairs
    ]
