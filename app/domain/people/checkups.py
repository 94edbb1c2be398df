"""Checkups of a gallery: which warnings its health gives, and when that was last looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.people.findings import HealthReport


@dataclass(frozen=True, slots=True)
class Checkup:
    """A look at a gallery."""

    at: datetime
    mark: str
    """Changes with the gallery's faces and subjects."""
    warnings: tuple[str, ...]
    """Names of the warnings that there were, in alphabetical order."""


def warnings_of(report: HealthReport) -> Mapping[str, int]:
    """Warnings by name, each with the number of subjects, faces or pairs that it is about.

    `strangers-named`: more faces than promised would be given another's name, beyond doubt.
    """
    test = report.self_test
    counts = {
        "few-faces": report.few_faces.total,
        "poor-faces": report.poor_faces.total,
        "unlike": report.unlike.total,
        "could-be-another": report.could_be_another.total,
        "near-duplicates": report.near_duplicates.total,
        "other-encoder": report.other_encoder,
        "wrong-names": test.wrong.hits,
        "strangers-named": test.strangers_named.hits
        if test.strangers_named.low > report.fpir
        else 0,
    }
    return {name: count for name, count in counts.items() if count}
