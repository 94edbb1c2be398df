"""Collections: create, look up, change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.gallery import Collection
from app.domain.metadata import clean_metadata
from app.domain.texts import clean_url_name
from app.services.gallery.identifiers import new_id
from app.services.ports import EncoderCatalogue, Storage


class Collections:
    """Galleries by name. Erasure lives in `app.services.gallery.erasure`."""

    def __init__(self, storage: Storage, encoders: EncoderCatalogue) -> None:
        self._storage = storage
        self._encoders = encoders

    def create(
        self,
        name: str,
        *,
        encoder: str | None = None,
        keep_images: bool = True,
        metadata: Mapping[str, Any] | None = None,
    ) -> Collection:
        """Raises DuplicateCollectionError, EncoderNotReadyError, InvalidRequestError for a name or
        metadata that cannot be kept, or the registry's error for an unknown encoder.
        """
        fields = _kept({"name": name, "metadata": metadata or {}})
        key = self._encoders.resolve(encoder)
        self._encoders.require_ready(key)
        collection = Collection(
            id=new_id(),
            encoder=key,
            keep_images=keep_images,
            created_at=datetime.now(UTC),
            **fields,
        )
        with self._storage.write() as uow:
            uow.collections.add(collection)
        return collection

    def get(self, name: str) -> Collection:
        with self._storage.read() as uow:
            return uow.collections.get(name)

    def list(
        self, *, after: str | None = None, limit: int = 50, only: str | None = None
    ) -> Sequence[Collection]:
        """List by name; `only` keeps the collection with that id, for keys bound to one."""
        with self._storage.read() as uow:
            if only is not None:
                found = uow.collections.by_ids([only])
                return [c for c in found.values() if after is None or c.name > after]
            return uow.collections.list(after=after, limit=limit)

    def update(self, name: str, changes: Mapping[str, Any]) -> Collection:
        """Change `name`, `keep_images` or `metadata`; raises what `create` raises for them."""
        changes = _kept(changes)
        if "metadata" in changes:
            changes["unreadable"] = ()
        with self._storage.write() as uow:
            changed = replace(uow.collections.get(name), **changes)
            uow.collections.update(changed)
        return changed

    def sizes(self, collections: Sequence[Collection]) -> Mapping[str, tuple[int, int]]:
        """(subjects, faces) by collection id."""
        with self._storage.read() as uow:
            return {c.id: (uow.subjects.count(c.id), uow.faces.count(c.id)) for c in collections}


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a collection as they are stored."""
    kept = dict(fields)
    if "name" in kept:
        kept["name"] = clean_url_name(kept["name"], "collection")
    if "metadata" in kept:
        kept["metadata"] = clean_metadata(kept["metadata"])
    return kept
