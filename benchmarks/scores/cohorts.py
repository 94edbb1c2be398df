"""Scores corrected by a cohort: how like each face is to whoever it is most like."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.galleries.drawn.synthetic import fit
from benchmarks.measuring import JsonOption, QuickOption, machine, write_report
from benchmarks.scores.faces import (
    EncoderOption,
    Faces,
    FoldsOption,
    ImagesOption,
    PadOption,
    PairsOption,
    Vectors,
    WithoutOption,
    read_faces,
)

FMRS = (1e-2, 1e-3, 1e-4, 1e-5)
_NEAREST = (50, 100, 200)
_DRAWN = (3_000, 10_000)
Scores = NDArray[np.float64]
Rows = NDArray[np.intp]


def cohorts(
    images: ImagesOption,
    pairs: PairsOption,
    folds: FoldsOption = "4,5",
    without: WithoutOption = None,
    encoder: EncoderOption = "",
    pad: PadOption = 0.25,
    json_path: JsonOption = Path("benchmarks/results/cohorts.json"),
    quick: QuickOption = False,
) -> None:
    """Measure FNMR with scores corrected by cohorts of other people, centres, or drawn faces."""
    faces = read_faces(encoder, images, pairs, folds, without, pad)
    measured = faces.embeddings[faces.paired]
    genuine, impostor = _compared(faces)
    cosines = (measured @ measured.T).astype(np.float64)
    plain = fnmr(cosines[genuine], cosines[impostor])
    rows: list[dict[str, Any]] = [{"cohort": "none", "fnmr": plain.tolist()}]
    typer.echo(f"plain cosines: {plain.round(4)}")
    for name, cohort in cohorts_of(faces).items():
        nearest = -np.sort(-(measured @ cohort.T).astype(np.float64), axis=1)
        for k in _NEAREST[:1] if quick else _NEAREST:
            for method, corrected in METHODS.items():
                scores = corrected(cosines, nearest[:, :k])
                found = fnmr(scores[genuine], scores[impostor])
                removed = 1 - found / plain
                rows.append(
                    {"cohort": name, "size": len(cohort), "nearest": k, "method": method}
                    | {"fnmr": found.tolist(), "removed": removed.tolist()}
                )
                typer.echo(f"{name} ({len(cohort)}), K {k}, {method}: {found.round(4)}")
    counts = {"genuine": len(genuine[0]), "impostors": len(impostor[0])}
    options = {"encoder": faces.encoder, "folds": folds, "fmr": FMRS}
    write_report(json_path, options | counts | {"rows": rows, "machine": machine()})


def fnmr(genuine: Scores, impostors: Scores) -> Scores:
    """Share of genuine scores below the thresholds of `FMRS`, counted on the impostors'."""
    highest = np.sort(impostors)[::-1]
    return np.array([np.mean(genuine <= highest[int(fmr * len(highest))]) for fmr in FMRS])


def as_norm(cosines: Scores, nearest: Scores) -> Scores:
    """Mean of both sides' distance from their cohort's mean, in its deviations (AS-norm)."""
    mean, deviation = nearest.mean(axis=1), nearest.std(axis=1)
    own = (cosines - mean[:, None]) / deviation[:, None]
    other = (cosines - mean[None]) / deviation[None]
    return np.asarray((own + other) / 2)


def without_mean(cosines: Scores, nearest: Scores) -> Scores:
    """The cosine without the mean of both sides' cohort means."""
    mean = nearest.mean(axis=1)
    return np.asarray(cosines - (mean[:, None] + mean[None]) / 2)


METHODS: Mapping[str, Callable[[Scores, Scores], Scores]] = {
    "as-norm": as_norm,
    "mean subtracted": without_mean,
}


def cohorts_of(faces: Faces) -> dict[str, Vectors]:
    """Cohorts of people who are not measured: a face each, centres of several, and drawn ones."""
    rng = np.random.default_rng(0)
    others = np.flatnonzero(~faces.measured)
    everybody, first = np.unique(faces.people[others], return_index=True)
    singles = faces.embeddings[others[first]]
    numbers = np.searchsorted(everybody, faces.people[others]).astype(np.int64)
    population = fit(faces.embeddings[others], numbers)
    return {
        "other people": singles,
        "centres of three who are alike": _centres(singles, 3, rng, alike=True),
        "centres of three by chance": _centres(singles, 3, rng, alike=False),
        "centres of five who are alike": _centres(singles, 5, rng, alike=True),
        **{
            f"{count} drawn": population.images(population.identities(count, rng), rng)
            for count in _DRAWN
        },
    }


def _centres(singles: Vectors, size: int, rng: np.random.Generator, *, alike: bool) -> Vectors:
    """Centres of groups of people, nobody in two, L2-normalised."""
    left = rng.permutation(len(singles)).tolist()
    centres = []
    while len(left) >= size:
        group = left[:size]
        if alike:
            nearest = np.argsort(-(singles[left] @ singles[left[0]]))[:size]
            group = [left[n] for n in nearest]
        centre = singles[group].sum(axis=0)
        centres.append(centre / np.linalg.norm(centre))
        left = [one for one in left if one not in group]
    return np.stack(centres)


def _compared(faces: Faces) -> tuple[tuple[Rows, Rows], tuple[Rows, Rows]]:
    """Rows, among the pictures of pairs, of genuine pairs and of all comparisons of two people."""
    place = {name: row for row, name in enumerate(faces.names[faces.paired].tolist())}
    same = [
        (place[one.first], place[one.second])
        for one in faces.pairs
        if one.same and one.first in place and one.second in place
    ]
    people = faces.people[faces.paired]
    upper = np.triu_indices(len(people), 1)
    different = people[upper[0]] != people[upper[1]]
    first, second = np.array(same, np.intp).T
    return (first, second), (upper[0][different], upper[1][different])
