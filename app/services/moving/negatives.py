"""Negatives of enrolled faces on their way in: they name subjects that may come in later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.gallery import Collection
from app.domain.people.review import Negative
from app.services.gallery.identifiers import new_id
from app.services.keys import current_asker
from app.services.ports import UnitOfWork


@dataclass(slots=True)
class WaitingNegatives:
    """Pairs of a subject of the export and a face here that is not the subject's."""

    pairs: list[tuple[str, int]] = field(default_factory=list)

    def add(
        self,
        uow: UnitOfWork,
        gallery: Collection,
        new: Sequence[tuple[str, int]],
        ids: dict[str, str],
    ) -> list[tuple[str, int]]:
        """Note those whose subject is here, by its id in the export; the pairs that still wait."""
        now, asker = datetime.now(UTC), current_asker().key_id
        every = [*self.pairs, *new]
        here = [(ids[subject], face) for subject, face in every if subject in ids]
        there = uow.subjects.by_ids(sorted({subject for subject, _ in here}))
        uow.negatives.add(
            [
                Negative(new_id(), gallery.id, subject, face, None, now, asker)
                for subject, face in here
                if subject in there
            ]
        )
        return [pair for pair in every if pair[0] not in ids]
