"""Files of kept images come with the rows that name them, and go when no row does any more."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from app.domain.errors import FacetError
from app.services.ports import ImageStore, Storage, UnitOfWork


def keep(uow: UnitOfWork, images: ImageStore, portrait: bytes) -> str:
    """Row and file of a face's JPEG; its digest. The caller adds the face that refers to it."""
    digest = hashlib.sha256(portrait).hexdigest()
    uow.images.add(digest, media_type="image/jpeg", size=len(portrait))
    images.put(portrait)
    return digest


@contextmanager
def taken_back_on_failure(
    storage: Storage, images: ImageStore, portraits: Sequence[bytes | None]
) -> Iterator[None]:
    """Take the files of a transaction that failed away again."""
    try:
        yield
    except BaseException:
        digests = [hashlib.sha256(portrait).hexdigest() for portrait in portraits if portrait]
        # With the database in trouble this fails too; the sweep at the next start does it.
        with suppress(FacetError):
            delete_unnamed(storage, images, digests)
        raise


def delete_unnamed(storage: Storage, images: ImageStore, digests: Sequence[str]) -> int:
    """Delete those of the files that no row names; how many there were."""
    if not digests:
        return 0
    # Inside a write transaction nobody can be storing the same picture again meanwhile.
    with storage.write() as uow:
        known = uow.images.known(digests)
        return sum(images.delete(digest) for digest in digests if digest not in known)
