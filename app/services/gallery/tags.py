"""Tags of collections: pairs of texts that clients put on them and read back."""

from collections.abc import Mapping, Sequence

from app.domain.errors.requests import InvalidRequestError
from app.services.ports import Storage

MOST_TAGS = 50


class Tags:
    """Reads and changes the tags of a collection."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def of(self, collection: str) -> Mapping[str, str]:
        with self._storage.read() as uow:
            return uow.tags.of(uow.collections.get(collection).id)

    def put(self, collection: str, tags: Mapping[str, str]) -> None:
        """Add the tags, in place of those of the same keys; raises InvalidRequestError when they
        become more than `MOST_TAGS`.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            after = {**uow.tags.of(gallery.id), **tags}
            if len(after) > MOST_TAGS:
                raise InvalidRequestError.of_field(
                    "tags", f"would be {len(after)}; {MOST_TAGS} are allowed", "Remove some."
                )
            uow.tags.put(gallery.id, tags)

    def remove(self, collection: str, keys: Sequence[str]) -> None:
        """Remove those of the keys that there are."""
        with self._storage.write() as uow:
            uow.tags.remove(uow.collections.get(collection).id, keys)
