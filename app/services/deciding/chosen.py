"""The subjects that a search is for: those named, those whose metadata say so, or everybody."""

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
