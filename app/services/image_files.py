"""Files of kept images go when no row names them any more."""

from collections.abc import Sequence

from app.services.ports import ImageStore, Storage


def delete_unnamed(storage: Storage, images: ImageStore, digests: Sequence[str]) -> int:
    """Delete those of the files that no row names; how many there were."""
    if not digests:
        return 0
    # Inside a write transaction nobody can be storing the same picture again meanwhile.
    with storage.write() as uow:
        known = uow.images.known(digests)
        return sum(images.delete(digest) for digest in digests if digest not in known)
