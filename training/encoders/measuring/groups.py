"""Figures for each group of people, at thresholds that hold for all."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.measure import metrics
from training.measure.errors import EvaluationError
from training.measure.gallery import Gallery
from training.measure.impostors import cross_identity_histogram
from training.measure.pairs import Pair


def read_groups(path: Path, column: str) -> dict[str, str]:
    """Identity → group from the columns `identity` and `column` of a TSV or CSV with a header.

    People without an entry have no group. Raises EvaluationError.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = "," if path.suffix.lower() == ".csv" else "\t"
            rows = list(csv.DictReader(file, delimiter=delimiter))
        groups = {row["identity"]: row[column] for row in rows if row[column]}
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise EvaluationError(
            f"{path} is not a table of groups: {error!r}.",
            hint=f"It needs a header with the columns identity and {column}.",
        ) from error
    if not groups:
        raise EvaluationError(f"{path} puts nobody into a group.")
    return groups


def group_report(
    gallery: Gallery,
    pairs: Sequence[Pair],
    groups: Mapping[str, str],
    thresholds: Mapping[str, float],
) -> dict[str, Any]:
    """Report by group: FNMR over its genuine pairs, FMR among its people, at common thresholds.

    FMR is None for a group of one person, FNMR for one without genuine pairs.
    """
    scores = gallery.similarities(pairs)
    person = dict(zip(gallery.names, gallery.identities, strict=True))
    group_of_pair = np.array(
        [groups.get(person[pair.first], "") if pair.same else "" for pair in pairs]
    )
    group_of_face = np.array([groups.get(name, "") for name in gallery.identities])
    people = Counter(groups[name] for name in set(gallery.identities) if name in groups)
    report: dict[str, Any] = {}
    for group in sorted(people):
        faces = (group_of_face == group) & gallery.detected
        names = np.asarray(gallery.identities)[faces].tolist()
        impostors = cross_identity_histogram(gallery.embeddings[faces], names)
        genuine = scores[group_of_pair == group]
        report[group] = {
            "identities": people[group],
            "genuine_pairs": len(genuine),
            "impostor_comparisons": impostors.total,
            "fnmr": {
                key: metrics.false_non_match_rate(genuine, threshold) if len(genuine) else None
                for key, threshold in thresholds.items()
            },
            "fmr": {
                key: impostors.fmr(threshold) if impostors.total else None
                for key, threshold in thresholds.items()
            },
        }
    return report
