"""Subjects that go because their faces are another's now, and what people said of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.gallery import Subject
from app.domain.people.corrections import Operation
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


def taken_over(
    uow: UnitOfWork, absorbed: Subject, into: Subject, at: datetime
) -> Mapping[str, Any]:
    """Have what was said of a subject be said of the one that absorbs it; what undoing needs."""
    negatives = uow.negatives.follow_subject(absorbed.id, into.id)
    others = [one for one in uow.suggestions.refused_with(absorbed.id) if one != into.id]
    uow.suggestions.refuse_pairs(into.collection_id, into.id, others, at)
    chosen = uow.surveys.chosen_face(absorbed.id)
    said = {"negatives": list(negatives), "refused_with": others, "chosen_face": chosen}
    return {name: ids for name, ids in said.items() if ids}


def give_back_said(uow: UnitOfWork, operation: Operation, at: datetime) -> None:
    """Have it be said of the absorbed subject again, who is back."""
    if operation.absorbed is not None:
        absorbed = operation.absorbed.id
        uow.negatives.give(operation.details.get("negatives", []), absorbed)
        uow.surveys.choose_face(absorbed, operation.details.get("chosen_face"))
        others = operation.details.get("refused_with", [])
        uow.suggestions.refuse_pairs(operation.collection_id, absorbed, others, at)


def take_back(uow: UnitOfWork, operation: Operation) -> None:
    """Forget a refusal with the negatives that were made of it, or a choice of a face."""
    details = operation.details
    uow.negatives.remove(details.get("negatives", []))
    if "former_face" in details:
        uow.surveys.choose_face(operation.subject_id, details["former_face"])
    if "suggestion" in details:
        uow.suggestions.reopen(details["suggestion"])
    if "ignored" in details:
        uow.groups.mark(details["ignored"], ignored=False)
    if "unknown" in details:
        uow.namings.make_known(details["unknown"], operation.subject_id)
