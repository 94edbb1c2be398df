"""Files of kept images: encrypted, they come with the rows that name them and go with the last."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog

from app.domain.errors import FacetError
from app.domain.errors.trouble import ImagesUnavailableError
from app.domain.gallery import EnrolledFace
from app.services.gallery.identifiers import new_id
from app.services.ports import ImageStore, Storage, UnitOfWork
from app.services.ports.protection import PictureCipher

_log = structlog.get_logger("app.images")
_FILES = 500
"""Files deleted in one transaction."""
_AT_ONCE = 16
_LISTED = 5_000
_ERASERS_OWN = timedelta(minutes=1)
"""For whoever erases to delete the files, and count them."""
_SWEEP_AGAIN = timedelta(days=1)

Keep = Callable[[UnitOfWork, str, bytes], str]
"""Keeps a subject's picture in a transaction: row and file; its digest, for the face to name."""


class KeptPictures:
    """Pictures of faces, encrypted under a data key of their subject. Thread-safe.

    A data key lives as long as there are pictures under it: with the last of them it is destroyed.
    Digests are of the encrypted files, so that a file's name does not tell which picture it is.
    """

    def __init__(self, storage: Storage, files: ImageStore, cipher: PictureCipher) -> None:
        self._storage = storage
        self._files = files
        self._cipher = cipher

    def keep(self, uow: UnitOfWork, subject_id: str, picture: bytes) -> str:
        """Row and file of a subject's JPEG; the digest. The caller adds the face that names it."""
        key_id, sealed = uow.protection.data_key(subject_id) or self._new_key(uow, subject_id)
        stored = self._cipher.encrypt(key_id, sealed, picture)
        digest = hashlib.sha256(stored).hexdigest()
        uow.images.add(digest, media_type="image/jpeg", size=len(stored), key_id=key_id)
        self._files.put(stored)
        return digest

    def read(self, digest: str) -> bytes | None:
        """The picture; None when it was erased, or its file is lost.

        Pictures that were kept before there was protection are plain. Raises SealBrokenError and
        WrongMasterKeyError.
        """
        with self._storage.read() as uow:
            named = digest in uow.images.known([digest])
            key = uow.protection.key_of_image(digest)
        # The file comes last: beside an erasure it may outlive row and key for a moment.
        stored = self._files.get(digest) if named else None
        if stored is None or key is None:
            return stored
        return self._cipher.decrypt(*key, stored)

    def of_face(self, face: EnrolledFace) -> bytes | None:
        """The face's picture as `read` gives it, though a protected one may replace it meanwhile.

        None when none is kept, or the face is erased.
        """
        if face.image_digest is None:
            return None
        data = self.read(face.image_digest)
        if data is None:
            with self._storage.read() as uow:
                now = uow.faces.by_ids([face.id]).get(face.id)
            if now is not None and now.image_digest not in (None, face.image_digest):
                data = self.read(str(now.image_digest))
        return data

    def is_there(self, digest: str) -> bool:
        """Whether the picture's file is there; it is not read. Raises ImagesUnavailableError."""
        return self._files.has(digest)

    @contextmanager
    def taken_back_on_failure(self) -> Iterator[Keep]:
        """Give what keeps pictures; take its files away again when the block fails."""
        digests: list[str] = []

        def keep(uow: UnitOfWork, subject_id: str, picture: bytes) -> str:
            digests.append(self.keep(uow, subject_id, picture))
            return digests[-1]

        try:
            yield keep
        except BaseException:
            # With the database in trouble this fails too; the sweep at the next start does it.
            with suppress(FacetError):
                delete_unnamed(self._storage, self._files, digests)
            raise

    def _new_key(self, uow: UnitOfWork, subject_id: str) -> tuple[str, bytes]:
        key_id = new_id()
        sealed = self._cipher.make(key_id)
        uow.protection.add_data_key(key_id, subject_id, sealed)
        return key_id, sealed


class Sweep:
    """Deletes files without a row: those released, and what a crash has left."""

    def __init__(self, storage: Storage, images: ImageStore) -> None:
        self._storage = storage
        self._images = images

    def all(self) -> int:
        """Delete every file that no row names; how many. Lists all files.

        Whoever erased may have been killed with the files gone and not yet forgotten.
        """
        deleted = self._released(datetime.now(UTC))
        batch: list[str] = []
        for digest in self._images.digests():
            batch.append(digest)
            if len(batch) == _LISTED:
                deleted += delete_unnamed(self._storage, self._images, batch)
                batch = []
        return deleted + delete_unnamed(self._storage, self._images, batch)

    def released(self) -> int:
        """Delete files of erased pictures that are still there, by whichever process; how many.

        Costs one query when there are none.
        """
        return self._released(datetime.now(UTC) - _ERASERS_OWN)

    def _released(self, before: datetime) -> int:
        deleted = 0
        digests: Sequence[str] = ()
        while True:
            with self._storage.read() as uow:
                digests = uow.images.released(before=before, limit=_LISTED)
            if not digests:
                return deleted
            deleted += delete_unnamed(self._storage, self._images, digests)

    def claim(self) -> bool:
        """Take today's sweep of files that are elsewhere, unless another server has it."""
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            return uow.images.claim_sweep(now, not_since=now - _SWEEP_AGAIN)


def delete_unnamed(storage: Storage, images: ImageStore, digests: Sequence[str]) -> int:
    """Delete those of the files that no row names; how many there were.

    What fails is tried again by `Erasure.finish`, if the files were released.
    """
    deleted = 0
    for first in range(0, len(digests), _FILES):
        batch = digests[first : first + _FILES]
        # Inside a write transaction nobody can be storing the same picture again meanwhile.
        with storage.write(recorded=False) as uow:
            known = uow.images.known(batch)
            unnamed = [digest for digest in batch if digest not in known]
            deleted += _delete_all(images, unnamed)
            uow.images.forget_released(batch)
    return deleted


def delete_released(storage: Storage, images: ImageStore, digests: Sequence[str]) -> int | None:
    """Delete files that a transaction has released, after its commit; how many there were.

    None where their place is away just now: servers try again until they are gone.
    """
    try:
        return delete_unnamed(storage, images, digests)
    except ImagesUnavailableError:
        _log.warning("images are away; released files are deleted as soon as they are back")
        return None


def _delete_all(images: ImageStore, digests: Sequence[str]) -> int:
    if len(digests) < 2:
        return sum(map(images.delete, digests))
    # Each waits for the disk, or for another machine, while writers wait for all of them.
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="images") as pool:
        return sum(pool.map(images.delete, digests))
