"""Files of kept images: encrypted, they come with the rows that name them and go with the last."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from app.domain.errors import FacetError
from app.domain.gallery import EnrolledFace
from app.services.gallery.identifiers import new_id
from app.services.ports import ImageStore, Storage, UnitOfWork
from app.services.ports.protection import PictureCipher

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


def delete_unnamed(storage: Storage, images: ImageStore, digests: Sequence[str]) -> int:
    """Delete those of the files that no row names; how many there were."""
    if not digests:
        return 0
    # Inside a write transaction nobody can be storing the same picture again meanwhile.
    with storage.write() as uow:
        known = uow.images.known(digests)
        return sum(images.delete(digest) for digest in digests if digest not in known)
