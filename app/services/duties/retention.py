"""Retention: who was kept long enough is erased, with a receipt."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors.gallery import UnknownCollectionError, UnknownSubjectError
from app.domain.gallery import Collection
from app.domain.people.retention import Due
from app.platform.time_of_day import TimeOfDay
from app.services.gallery.erasure import Erasure
from app.services.ports import Storage

_PAGE = 500
Report = Callable[[int, int], None]
"""Is told how many subjects were erased, of how many that are known to be due."""


def _silent(_done: int, _due: int) -> None:
    """Do nothing, for those who wait for the end."""


@dataclass(frozen=True, slots=True)
class Retained:
    """A subject whose time is over, and the receipt where it has been erased."""

    collection: Collection
    due: Due
    receipt_id: str | None = None


class Retention:
    """Erases subjects by the policy of their collection, their own end, or that of consent."""

    def __init__(self, storage: Storage, erasure: Erasure) -> None:
        self._storage = storage
        self._erasure = erasure
        self._clock = TimeOfDay(datetime.now(UTC))

    def run(
        self,
        collection: str,
        *,
        dry_run: bool = False,
        limit: int | None = None,
        report: Report = _silent,
    ) -> Sequence[Retained]:
        """Erase whose time is over, or tell who it would be. Restricted subjects are kept.

        Not more than `limit`, where one is given.
        """
        done: list[Retained] = []
        known: set[str] = set()
        while True:
            with self._storage.read() as uow:
                gallery = uow.collections.get(collection)
                found = uow.rights.due(gallery, datetime.now(UTC), limit=_PAGE + len(known))
            due = [one for one in found if one.subject_id not in known]
            if not due:
                return done
            known |= {one.subject_id for one in due}
            for one in due:
                if limit is not None and len(done) >= limit:
                    return done
                if dry_run:
                    done.append(Retained(gallery, one))
                else:
                    done += self._erase(gallery, one)
                    report(len(done), len(known))

    def run_by_id(
        self, collection_id: str, report: Report, *, limit: int | None = None
    ) -> Sequence[Retained]:
        """Do it for the collection of a job. Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            gallery = uow.collections.by_ids([collection_id]).get(collection_id)
        if gallery is None:
            raise UnknownCollectionError("The collection is no longer there.")
        return self.run(gallery.name, limit=limit, report=report)

    def enforce(self) -> None:
        """Do it for every collection, unless the time of day has just jumped."""
        if not self._clock.is_settled(datetime.now(UTC)):
            return
        with self._storage.index_lock("retention"):
            last: str | None = None
            while True:
                with self._storage.read() as uow:
                    page = uow.collections.list(after=last, limit=_PAGE)
                for gallery in page:
                    with suppress(UnknownCollectionError):
                        self.run(gallery.name)
                if not page:
                    return
                last = page[-1].name

    def _erase(self, gallery: Collection, due: Due) -> Sequence[Retained]:
        """Nothing where the subject went meanwhile."""
        try:
            receipt = self._erasure.subject(gallery.name, due.subject_id, reason=due.reason)
        except (UnknownSubjectError, UnknownCollectionError):
            return []
        return [Retained(gallery, due, receipt.receipt_id)]
