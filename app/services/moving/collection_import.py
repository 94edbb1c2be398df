"""A collection that was exported comes in again, with its templates and images as they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from app.domain.errors import FacetError
from app.domain.errors.gallery import EncoderMismatchError, ErasedError, UnknownCollectionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import Embedding
from app.domain.gallery import Collection, NewFace, Subject
from app.domain.portable import PortableFace
from app.services.gallery.announcing import announce_enrolled
from app.services.gallery.identifiers import new_id
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.moving.negatives import WaitingNegatives
from app.services.moving.stored_form import is_sound, kept_collection, kept_subject
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork

_PER_COMMIT = 50
"""Faces per transaction: each waits for its image's file, and other writers wait for them all."""
_PAGE = 1000
_UNIT = 1e-3
"""How far from one the length of a template may be."""
_JPEG = b"\xff\xd8\xff"

_COMPARED = 16
"""Leading numbers of templates by which faces of one subject and moment are told apart."""
_SAME = 1e-4
"""How far such numbers of one face may differ: stored templates are turned, and turned back."""

_FaceKey = tuple[str, datetime]


@dataclass(slots=True)
class CollectionImport:
    """A collection on its way in, and how far it has come."""

    collection: Collection
    dimension: int | None = None
    faces: int = 0
    present: int = 0
    rejected: int = 0
    ids: dict[str, str] = field(default_factory=dict)
    """Subjects' ids here, by their ids in the export."""
    there: dict[_FaceKey, list[tuple[Embedding, int]]] = field(default_factory=dict)
    """Faces of subjects that were here before: of each the beginning of its template, its id."""
    negatives: WaitingNegatives = field(default_factory=WaitingNegatives)
    allow_erased: bool = False
    """Whether those come in again who were erased here; they get new ids."""

    def held(self, subject_id: str, face: NewFace) -> int | None:
        """Find the face, if it was here before; its id."""
        begin = face.template[:_COMPARED]
        others = self.there.get((subject_id, face.created_at), ())
        alike = (i for other, i in others if np.allclose(begin, other, rtol=0, atol=_SAME))
        return next(alike, None)


@dataclass(frozen=True, slots=True, eq=False)
class RejectedFace:
    """A face of the export that was kept out, and why."""

    face: PortableFace
    error: FacetError


class CollectionImporter:
    """Stores exported faces without running a network. What is there already stays as it is,
    so that an interrupted import is simply run again.
    """

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        encoders: EncoderCatalogue,
        follower: IndexFollower,
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._encoders = encoders
        self._follower = follower

    def open(
        self, exported: Collection, *, dry_run: bool = False, allow_erased: bool = False
    ) -> CollectionImport:
        """Find the collection of that name, or make it as the exported one was.

        Raises ErasedError for an export of a collection that was erased here, unless
        `allow_erased`; then, and for others, the same decides about those who were erased alone.
        Raises EncoderMismatchError when there is one with another encoder, InvalidRequestError
        for a name or metadata that cannot be kept, and the registry's error when nobody here
        knows the encoder, or it could not serve.
        """
        self._encoders.resolve(exported.encoder)
        exported = kept_collection(exported)
        with self._storage.read() as uow:
            try:
                there = uow.collections.get(exported.name)
            except UnknownCollectionError:
                there = None
            taken = uow.collections.by_ids([exported.id])
            again = uow.ledger.erased_collections([exported.id])
            faces = uow.faces.list(there.id, limit=1) if there else []
            _, templates = uow.faces.templates([face.id for face in faces])
        if again and not allow_erased:
            raise _erased("The collection of this export was")
        if there is None:
            there = self._made(exported, own_id=not (taken or again), dry_run=dry_run)
        if there.encoder != exported.encoder:
            raise EncoderMismatchError(
                f"The export holds templates of {exported.encoder}; collection "
                f"{exported.name!r} is bound to {there.encoder}.",
                hint="Import it into another collection with --collection.",
            )
        dimension = templates.shape[1] if len(faces) else None
        return CollectionImport(there, dimension, allow_erased=allow_erased)

    def _made(self, exported: Collection, *, own_id: bool, dry_run: bool) -> Collection:
        self._encoders.require_ready(exported.encoder)
        made = replace(exported, id=exported.id if own_id and exported.id else new_id())
        if not dry_run:
            with self._storage.write() as uow:
                made = uow.collections.add(made)
                uow.note_result(CollectionImport(made))
        return made

    def store(
        self, work: CollectionImport, page: Sequence[PortableFace], *, dry_run: bool = False
    ) -> Sequence[RejectedFace]:
        """Store a page of faces; those that are kept out come back with the reason."""
        rejected: list[RejectedFace] = []
        usable: list[PortableFace] = []
        for one in page:
            try:
                _check(one, work)
                usable.append(replace(one, subject=kept_subject(one.subject)))
            except FacetError as error:
                rejected.append(RejectedFace(one, error))
        if not work.allow_erased:
            usable = self._without_erased(usable, rejected)
        if dry_run:
            work.faces += sum(one.face is not None for one in usable)
        else:
            for start in range(0, len(usable), _PER_COMMIT):
                rejected += self._store(work, usable[start : start + _PER_COMMIT])
        work.rejected += len(rejected)
        return rejected

    def _without_erased(
        self, page: Sequence[PortableFace], rejected: list[RejectedFace]
    ) -> list[PortableFace]:
        """Leave out whom the ledger names; it knows faces by the instants they were made at."""
        with self._storage.read() as uow:
            subjects = uow.ledger.erased_subjects([one.subject.id for one in page])
            faces = uow.ledger.erased_faces([one.face.created_at for one in page if one.face])
        kept = []
        for one in page:
            if one.subject.id in subjects:
                rejected.append(RejectedFace(one, _erased("The subject was")))
            elif one.face is not None and one.face.created_at in faces:
                rejected.append(RejectedFace(one, _erased("The face was")))
            else:
                kept.append(one)
        return kept

    def finish(self) -> None:
        """Let the index know."""
        self._follower.catch_up_after_write()

    def _store(
        self, work: CollectionImport, page: Sequence[PortableFace]
    ) -> Iterable[RejectedFace]:
        """One transaction."""
        keeps = work.collection.keep_images
        images = [one.image if keeps else None for one in page]
        rejected: list[RejectedFace] = []
        present = 0
        stored: list[tuple[str, int]] = []
        denied: list[tuple[str, int]] = []
        kept = self._pictures.taken_back_on_failure()
        with kept as keep, self._storage.write() as uow:
            for one, image in zip(page, images, strict=True):
                try:
                    subject_id = _subject_here(uow, work, one)
                    if one.face is not None:
                        _require_consent(uow, work.collection, subject_id)
                except FacetError as error:
                    rejected.append(RejectedFace(one, error))
                    continue
                if one.face is None:
                    continue
                here = work.held(subject_id, one.face)
                if here is not None:
                    present += 1
                    denied += [(name, here) for name in one.not_subjects]
                    continue
                digest = None if image is None else keep(uow, subject_id, image)
                new = uow.faces.add(_here(one.face, work.collection, subject_id, digest))
                stored.append((subject_id, new.id))
                denied += [(name, new.id) for name in one.not_subjects]
            waiting = work.negatives.add(uow, work.collection, denied, work.ids)
            announce_enrolled(uow, work.collection, stored)
        work.negatives.pairs = waiting
        work.faces += len(stored)
        work.present += present
        return rejected


def _require_consent(uow: UnitOfWork, collection: Collection, subject_id: str) -> None:
    """Check that there is consent where it is needed; the restricted come in, too, and stay so."""
    if collection.policy.require_consent:
        uow.rights.get(subject_id).require_consent()


def _erased(what: str) -> ErasedError:
    return ErasedError(
        f"{what} erased here.", hint="With --allow-erased it comes in again, as somebody new."
    )


def _check(one: PortableFace, work: CollectionImport) -> None:
    """Raise InvalidRequestError for what no encoder and no image store has written."""
    if one.face is not None:
        template = one.face.template
        if work.dimension is None:
            work.dimension = len(template)
        length = float(np.linalg.norm(template))
        if len(template) != work.dimension or not abs(length - 1) <= _UNIT:
            raise InvalidRequestError(
                f"A template has {work.dimension} numbers and length one; this one has "
                f"{len(template)} and length {length:.3f}."
            )
        if not is_sound(one.face):
            raise InvalidRequestError("A face's numbers or digest are none that Facet writes.")
    if one.image is not None and not one.image.startswith(_JPEG):
        raise InvalidRequestError("Kept images are JPEG files; this is not one.")


def _subject_here(uow: UnitOfWork, work: CollectionImport, one: PortableFace) -> str:
    """The subject's id here: its own, or another one when that is taken in another collection.

    Raises DuplicateSubjectError when another subject has its external id.
    """
    subject = one.subject
    here = work.ids.get(subject.id)
    if here is not None:
        return here
    collection_id = work.collection.id
    same = uow.subjects.by_ids([subject.id]).get(subject.id)
    found = same if same and same.collection_id == collection_id else None
    found = found or uow.subjects.find(collection_id, subject.name)
    if found is not None:
        here = found.id
        for key, template in _faces_of(uow, found):
            work.there.setdefault(key, []).append(template)
    else:
        erased = work.allow_erased and uow.ledger.erased_subjects([subject.id])
        here = new_id() if same or erased else subject.id
        uow.subjects.add(replace(subject, id=here, collection_id=collection_id))
        uow.rights.put(collection_id, here, one.rights)
    work.ids[subject.id] = here
    return here


def _faces_of(
    uow: UnitOfWork, subject: Subject
) -> Iterable[tuple[_FaceKey, tuple[Embedding, int]]]:
    last = 0
    while faces := uow.faces.list(
        subject.collection_id, subject_id=subject.id, after=last, limit=_PAGE
    ):
        _, templates = uow.faces.templates([face.id for face in faces])
        for face, template in zip(faces, templates, strict=True):
            yield (subject.id, face.created_at), (template[:_COMPARED].copy(), face.id)
        last = faces[-1].id


def _here(face: NewFace, collection: Collection, subject_id: str, digest: str | None) -> NewFace:
    return replace(
        face,
        collection_id=collection.id,
        subject_id=subject_id,
        encoder=collection.encoder,
        image_digest=digest,
    )
