"""Bulk import: pictures by the thousand, or a collection that another installation exported."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from app.domain.deciding.verdicts import NamedCandidate
from app.domain.errors import FacetError
from app.domain.errors.gallery import DuplicateSubjectError, UnknownSubjectError
from app.domain.metadata import clean_metadata
from app.domain.texts import clean_text
from app.services.enrolling.enrolment import Enroller, EnrolmentOptions
from app.services.enrolling.in_order import in_order
from app.services.gallery.erasure import Erasure
from app.services.gallery.subjects import Subjects
from app.services.ports import Storage

Outcome = Literal["enrolled", "present", "rejected"]


@dataclass(frozen=True, slots=True)
class ImportItem:
    """A picture to enrol, and whose face it shows."""

    source: str
    """Where it comes from, for the list of rejects."""
    subject: str
    read: Callable[[], bytes]
    """May raise a FacetError: then the item is rejected."""
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """The outcome of an item: enrolled, there already, or kept out with the reason."""

    item: ImportItem
    outcome: Outcome
    error: FacetError | None = None
    face_id: int | None = None
    """The face that was enrolled, or is there already; None in a dry run."""
    duplicates: tuple[NamedCandidate, ...] = ()


class Importer:
    """Enrols pictures side by side. The same picture of a subject is enrolled once, ever:

    an import that was interrupted, or that got new pictures, is simply run again.
    """

    def __init__(
        self, storage: Storage, subjects: Subjects, enroller: Enroller, erasure: Erasure
    ) -> None:
        self._storage = storage
        self._subjects = subjects
        self._enroller = enroller
        self._erasure = erasure

    def run(
        self,
        collection: str,
        items: Iterable[ImportItem],
        options: EnrolmentOptions,
        *,
        workers: int,
        dry_run: bool = False,
    ) -> Iterator[ImportedItem]:
        """Yield the outcome of every item, in their order.

        A dry run runs no network and stores nothing: it reports as enrolled what it would try.
        Subjects whose every picture was rejected are not left behind.
        """
        work = _Work(collection, options, dry_run)
        try:
            yield from in_order(partial(self._import, work), items, workers)
        finally:
            self._remove_empty(work)

    def _import(self, work: "_Work", item: ImportItem) -> ImportedItem:
        try:
            image = item.read()
            item = _kept(item)
            digest = hashlib.sha256(image).hexdigest()
            known = self._known(work, item.subject)
            if digest in known:
                return ImportedItem(item, "present", face_id=known[digest])
            if work.dry_run:
                known[digest] = None
                return ImportedItem(item, "enrolled")
            subject_id = self._subject(work, item)
            outcome = self._enroller.enrol(work.collection, subject_id, [image], work.options)
        except FacetError as error:
            return ImportedItem(item, "rejected", error)
        result = outcome.results[0]
        if result.face is None:
            return ImportedItem(item, "rejected", result.error, duplicates=result.duplicates)
        known[digest] = result.face.id
        done: Outcome = "present" if result.repeated else "enrolled"
        return ImportedItem(item, done, None, result.face.id, result.duplicates)

    def _known(self, work: "_Work", name: str) -> dict[str, int | None]:
        """Faces by the digests of the pictures that the subject has; the enroller looks again."""
        with work.lock:
            if name not in work.known:
                found = self._subjects.find(work.collection, name)
                if found is not None:
                    work.ids[name] = found.id
                    with self._storage.read() as uow:
                        work.known[name] = dict(uow.faces.sources(found.id))
                else:
                    work.known[name] = {}
            return work.known[name]

    def _subject(self, work: "_Work", item: ImportItem) -> str:
        with work.lock:
            if item.subject not in work.ids:
                work.ids[item.subject] = self._make(work, item)
            return work.ids[item.subject]

    def _make(self, work: "_Work", item: ImportItem) -> str:
        try:
            made = self._subjects.create(
                work.collection,
                item.subject,
                external_id=item.external_id,
                metadata=item.metadata,
            ).subject
        except DuplicateSubjectError:
            # Somebody else has just made it; or it is the external id that another one has.
            found = self._subjects.find(work.collection, item.subject)
            if found is None:
                raise
            return found.id
        work.made.append(made.id)
        return made.id

    def _remove_empty(self, work: "_Work") -> None:
        for subject_id in work.made:
            with suppress(UnknownSubjectError):
                if not self._subjects.get(work.collection, subject_id).faces:
                    self._erasure.subject(work.collection, subject_id)


@dataclass(slots=True)
class _Work:
    collection: str
    options: EnrolmentOptions
    dry_run: bool
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, dict[str, int | None]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)


def _kept(item: ImportItem) -> ImportItem:
    """The item with texts as they are stored, so that one person is one subject.

    Raises InvalidRequestError, also for what a subject that is there already would not need.
    """
    external_id = item.external_id
    return replace(
        item,
        subject=clean_text(item.subject, "subject"),
        external_id=None if external_id is None else clean_text(external_id, "external_id"),
        metadata=clean_metadata(item.metadata),
    )
