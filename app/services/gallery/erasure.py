"""Erasure: image, template, index entry, log lines and stored answers go, a receipt stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from app.domain.errors import FacetError
from app.domain.gallery import EnrolledFace, Partition, Receipt
from app.services.gallery.image_files import delete_unnamed
from app.services.indexing.following import IndexFollower
from app.services.ports import ImageStore, Storage, UnitOfWork

_BATCH = 5_000
_log = structlog.get_logger("app.erasure")


class Erasure:
    """Every removal of personal data goes through here, each with a dry run."""

    def __init__(self, storage: Storage, images: ImageStore, follower: IndexFollower) -> None:
        self._storage = storage
        self._images = images
        self._follower = follower
        self._log_emptied_of: int | None = None
        """How many erasures the log beside the database was last emptied of."""
        self._log_in_use = False

    def face(self, collection: str, face_id: int, *, dry_run: bool = False) -> Receipt:
        with self._storage.write() as uow:
            face = uow.faces.get(uow.collections.get(collection).id, face_id)
            receipt, freed = self._erase_faces(uow, [face], dry_run)
            receipt = replace(receipt, erased="face", id=str(face_id))
            if not dry_run:
                # Its answers to enrolments describe the face, so they go with it.
                removed = uow.idempotency.remove_of_subject(face.subject_id)
                receipt = replace(receipt, idempotency_records=removed)
        return self._finish(receipt, freed, dry_run)

    def subject(self, collection: str, subject_id: str, *, dry_run: bool = False) -> Receipt:
        with self._storage.write() as uow:
            subject = uow.subjects.get(uow.collections.get(collection).id, subject_id)
            faces = _all_faces(uow, subject.collection_id, subject.id)
            receipt, freed = self._erase_faces(uow, faces, dry_run)
            receipt = replace(receipt, erased="subject", id=subject_id, subjects=1)
            if not dry_run:
                removed = uow.idempotency.remove_of_subject(subject.id)
                uow.subjects.remove(subject.id)
                receipt = replace(receipt, idempotency_records=removed)
        return self._finish(receipt, freed, dry_run)

    def collection(self, name: str, *, dry_run: bool = False) -> Receipt:
        with self._storage.write() as uow:
            gallery = uow.collections.get(name)
            faces = _all_faces(uow, gallery.id, None)
            freed: Sequence[str] = _digests(faces)
            subjects = uow.subjects.count(gallery.id)
            if not dry_run:
                uow.changes.drop(Partition(gallery.id, gallery.encoder))
                uow.collections.remove(gallery.id)
                freed = uow.images.release(freed)
        receipt = replace(
            _receipt(len(faces), len(freed)),
            erased="collection",
            id=gallery.id,
            subjects=subjects,
        )
        return self._finish(receipt, freed, dry_run)

    def sweep(self) -> int:
        """Finish what a crash left between two steps: files that no row names, the log's rest."""
        self.empty_log()
        batch: list[str] = []
        deleted = 0
        for digest in self._images.digests():
            batch.append(digest)
            if len(batch) == _BATCH:
                deleted += delete_unnamed(self._storage, self._images, batch)
                batch = []
        return deleted + delete_unnamed(self._storage, self._images, batch)

    def empty_log(self) -> bool | None:
        """Empty the log beside the database of everything erased, by whichever process.

        False while a reader keeps it in use: call again later. Costs one query when there was
        no erasure since it was emptied last. None where there is no such log.
        """
        try:
            with self._storage.read() as uow:
                erasures = uow.changes.erasures()
            if erasures == self._log_emptied_of:
                return True
            emptied = self._storage.checkpoint()
        except FacetError:
            emptied = False
        if emptied:
            self._log_emptied_of = erasures
        self._tell_of_log(in_use=emptied is False)
        return emptied

    def _tell_of_log(self, *, in_use: bool) -> None:
        if in_use != self._log_in_use:
            self._log_in_use = in_use
            if in_use:
                _log.warning("erased-bytes-stay-in-log", why="a reader keeps the log in use")
            else:
                _log.info("erased-bytes-left-log")

    def _erase_faces(
        self, uow: UnitOfWork, faces: Sequence[EnrolledFace], dry_run: bool
    ) -> tuple[Receipt, Sequence[str]]:
        freed: Sequence[str] = _digests(faces)
        if not dry_run:
            uow.faces.remove(faces)
            freed = uow.images.release(freed)
        return _receipt(len(faces), len(freed)), freed

    def _finish(self, receipt: Receipt, freed: Sequence[str], dry_run: bool) -> Receipt:
        """After the commit: files, index and write-ahead log. A crash in between is swept up."""
        if not dry_run:
            delete_unnamed(self._storage, self._images, freed)
            self._follower.catch_up_after_write()
            receipt = replace(receipt, log_emptied=self.empty_log())
        return receipt


def _receipt(faces: int, images: int) -> Receipt:
    return Receipt(
        "face",
        "",
        datetime.now(UTC),
        faces=faces,
        templates=faces,
        images=images,
        index_entries=faces,
    )


def _digests(faces: Sequence[EnrolledFace]) -> list[str]:
    return sorted({face.image_digest for face in faces if face.image_digest})


def _all_faces(uow: UnitOfWork, collection_id: str, subject_id: str | None) -> list[EnrolledFace]:
    faces: list[EnrolledFace] = []
    while page := uow.faces.list(
        collection_id,
        subject_id=subject_id,
        after=faces[-1].id if faces else 0,
        limit=_BATCH,
    ):
        faces.extend(page)
    return faces
