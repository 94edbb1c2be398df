"""Subjects that go because their faces are another's now."""

from collections.abc import Iterable
from datetime import UTC, datetime

from app.domain.gallery import Subject
from app.domain.people.erasing import ErasedItem
from app.services.ports import UnitOfWork


def require_free(uow: UnitOfWork, owners: Iterable[str]) -> None:
    """Raise SubjectRestrictedError where faces of one who must not be matched would become
    somebody's who may.
    """
    for owner in sorted(set(owners)):
        uow.rights.get(owner).require_matchable(datetime.now(UTC))


def remove_absorbed(uow: UnitOfWork, absorbed: Subject, into: Subject) -> None:
    """Remove a subject whose faces another one has taken over.

    An erasure of that one is an erasure of this one too, in whatever copy still has it.
    """
    item = ErasedItem(
        "subject", absorbed.id, absorbed.collection_id, absorbed.created_at, datetime.now(UTC)
    )
    uow.ledger.went_into(item, "subject", into.id)
    uow.subjects.remove(absorbed.id)
