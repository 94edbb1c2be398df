"""Pictures of known people, and one embedding each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.sources import pictures_in
from training.measure.errors import EvaluationError
from training.measure.pairs import Pair


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Embeddings of pictures; those in which no face was found have a row of zeros."""

    names: tuple[str, ...]
    identities: tuple[str, ...]
    """Name of the folder that holds the picture."""
    embeddings: NDArray[np.float32]
    """(N, dimension), L2-normalised."""
    detected: NDArray[np.bool_]
    """(N,)."""

    def similarities(
        self, pairs: Sequence[Pair], seconds: "Gallery | None" = None
    ) -> NDArray[np.float64]:
        """(P,) cosines; -1, the lowest there is, where a face was not found.

        The second picture of each pair is looked up in `seconds`, if given.
        """
        a, found_a = self._rows([pair.first for pair in pairs])
        b, found_b = (seconds or self)._rows([pair.second for pair in pairs])
        cosines = np.clip(np.einsum("ij,ij->i", a, b, dtype=np.float64), -1, 1)
        return np.where(found_a & found_b, cosines, -1.0)

    def people_of(self, pairs: Sequence[Pair]) -> NDArray[np.intp]:
        """(P, 2) number of the person on each picture of the pairs."""
        person = dict(
            zip(self.names, np.unique(self.identities, return_inverse=True)[1], strict=True)
        )
        return np.array([(person[p.first], person[p.second]) for p in pairs], dtype=np.intp)

    def _rows(self, names: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(P, dimension) embeddings, and (P,) whether there is one."""
        row = {name: i for i, name in enumerate(self.names)}
        rows = np.array([row.get(name, -1) for name in names], dtype=np.intp)
        return self.embeddings[rows], (rows >= 0) & self.detected[rows]


def read_people(path: Path | None) -> frozenset[str] | None:
    """Names, one a line. Raises EvaluationError."""
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} is not a list of names: {error!r}") from error
    names = frozenset(line for line in lines if line.strip())
    if not names:
        raise EvaluationError(f"{path} names nobody.")
    return names


def find_images(
    directory: Path, names: Iterable[str] | None = None, people: Collection[str] | None = None
) -> list[Path]:
    """Pictures anywhere under a directory, in order: all of them, or those with these names, of
    all people or of some.

    Raises EvaluationError when a name is missing or there twice, and what `pictures_in` raises.
    """
    found = pictures_in(directory)
    if people is not None:
        found = [path for path in found if path.parent.name in people]
        if not found:
            raise EvaluationError(f"{directory} has no pictures of the people asked for.")
    if names is None:
        if not found:
            raise EvaluationError(f"There are no pictures under {directory}.")
        return found
    wanted = set(names)
    found = [path for path in found if path.name in wanted]
    missing = wanted - {path.name for path in found}
    if missing:
        raise EvaluationError(f"{len(missing)} pictures are missing, such as {min(missing)}.")
    if len(found) > len(wanted):
        raise EvaluationError("Some file names occur twice; pairs cannot tell them apart.")
    return found
