"""Which subjects a search is for: those named, those whose metadata say so, or everybody."""

from collections.abc import Mapping, Sequence

from app.domain.gallery import Collection, Scalar
from app.services.ports import UnitOfWork


def chosen_subjects(
    uow: UnitOfWork, gallery: Collection, named: Sequence[str], where: Mapping[str, Scalar]
) -> Sequence[str] | None:
    """Ids of the subjects that are both among the named and as `where` says; None is everybody.

    No names and no conditions leave out nobody. Raises UnknownSubjectError for a named one that
    the collection does not have.
    """
    for subject_id in named:
        uow.subjects.get(gallery.id, subject_id)
    if not where:
        return sorted(set(named)) if named else None
    having = uow.subjects.having(gallery.id, where)
    return sorted(set(named).intersection(having)) if named else having


def count_enrolled(uow: UnitOfWork, gallery: Collection, chosen: Sequence[str] | None) -> int:
    """How many subjects with faces a probe is compared with."""
    if chosen is None:
        return uow.subjects.count(gallery.id, with_faces=True)
    return sum(count > 0 for count in uow.faces.counts_of_subjects(chosen).values())
