"""The one place between what names the subjects of sealed collections and what rows hold of it."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from app.domain.errors.protection import MasterKeyMissingError
from app.domain.gallery import Scalar
from app.domain.protection import CollectionSeal, CollectionSeals
from app.storage.tables import CollectionRow

_SEALED = "sealed"
"""The only field of JSON that is sealed."""
_NAMING = ("source",)
"""Fields of events that may name somebody."""
_KEY = select(CollectionRow.sealed_key).where(CollectionRow.id == bindparam("collection_id"))


class SealedCollections:
    """Knows, within a transaction, which collections are sealed, and by what key each of them is.

    Without `seals` none can be made, and what is sealed cannot be read.
    """

    def __init__(self, connection: Connection, seals: CollectionSeals | None = None) -> None:
        self._connection = connection
        self._seals = seals
        self._noted: dict[str, bytes | None] = {}

    def made(self, collection_id: str) -> bytes:
        """A new key for a collection, as its row holds it."""
        return self._known().make(collection_id)

    def note(self, collection_id: str, sealed_key: bytes | None) -> None:
        """Remember what a row has said, so that nobody has to ask for it again."""
        self._noted[collection_id] = sealed_key

    def of(self, collection_id: str) -> CollectionSeal | None:
        """The seal of the collection; None of one that is not sealed, or not there.

        Raises MasterKeyMissingError and WrongMasterKeyError.
        """
        if collection_id not in self._noted:
            row = self._connection.execute(_KEY, {"collection_id": collection_id}).one_or_none()
            if row is None:
                return None
            self.note(collection_id, row.sealed_key)
        key = self._noted[collection_id]
        return None if key is None else self._known().of(collection_id, bytes(key))

    def require(self, collection_id: str) -> CollectionSeal:
        """The seal of a collection with something sealed in it."""
        seal = self.of(collection_id)
        if seal is None:
            raise MasterKeyMissingError(
                "Something is sealed, and the collection has no key.",
                hint="Restore the database from a backup.",
                collection=collection_id,
            )
        return seal

    def written(self, collection_id: str, value: Any, context: str) -> Any:
        """JSON of the collection as its column holds it; None stays None."""
        seal = None if value is None else self.of(collection_id)
        return value if seal is None else {_SEALED: as_text(seal.seal(value, context))}

    def read(self, collection_id: str, stored: Any, context: str) -> Any:
        """The JSON that `written` has made."""
        if not is_sealed(stored):
            return stored
        return self.require(collection_id).open(from_text(stored[_SEALED]), context)

    def written_event(self, collection_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """An event's data as its row holds them."""
        return {
            name: self.written(collection_id, value, _event(name)) if name in _NAMING else value
            for name, value in data.items()
        }

    def read_event(self, collection_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """An event's data. Events outlive their collection, and what was sealed then is None."""
        return {name: self._field(collection_id, name, value) for name, value in data.items()}

    def behind(self) -> list[str]:
        """Ids of collections whose key a former master key has sealed."""
        return [one for one, key in self._keys() if not self._known().is_current(key)]

    def renew(self, collection_id: str) -> None:
        """Seal the key of the collection under the master key that seals now."""
        for one, key in self._keys(collection_id):
            renewed = self._known().renewed(one, key)
            row = update(CollectionRow).where(CollectionRow.id == one)
            self._connection.execute(row.values(sealed_key=renewed))
            self.note(one, renewed)

    def _keys(self, only: str | None = None) -> list[tuple[str, bytes]]:
        query = select(CollectionRow.id, CollectionRow.sealed_key).order_by(CollectionRow.id)
        query = query.where(CollectionRow.sealed_key.is_not(None))
        if only is not None:
            query = query.where(CollectionRow.id == only)
        return [(row.id, bytes(row.sealed_key)) for row in self._connection.execute(query)]

    def _field(self, collection_id: str, name: str, value: Any) -> Any:
        if name not in _NAMING or not is_sealed(value):
            return value
        seal = self.of(collection_id)
        return None if seal is None else seal.open(from_text(value[_SEALED]), _event(name))

    def _known(self) -> CollectionSeals:
        if self._seals is None:
            raise MasterKeyMissingError(
                "The collection is sealed, and there is no master key here.",
                hint="Name it by FACET_MASTER_KEY_FILE or FACET_MASTER_KEY_COMMAND.",
            )
        return self._seals


def is_sealed(stored: Any) -> bool:
    """Whether JSON has the form of what is sealed; nothing else that is stored so has it."""
    return isinstance(stored, dict) and stored.keys() == {_SEALED}


def as_text(sealed: bytes) -> str:
    """Sealed bytes for a column of texts."""
    return base64.b64encode(sealed).decode()


def from_text(stored: str) -> bytes:
    """The bytes that `as_text` has written."""
    return base64.b64decode(stored)


def name_token(seal: CollectionSeal, name: str) -> str:
    """Token of a subject's name."""
    return seal.token("name", name)


def external_id_token(seal: CollectionSeal, external_id: str | None) -> str | None:
    """Token of a subject's external id."""
    return None if external_id is None else seal.token("external-id", external_id)


def metadata_tokens(seal: CollectionSeal, metadata: Mapping[str, Any]) -> dict[str, Scalar]:
    """Tokens of the metadata that can be asked for: keys, and values at the top that are scalar."""
    return {
        seal.token("metadata-key", key): seal.token("metadata-value", _pair(key, value))
        for key, value in metadata.items()
        if not isinstance(value, Mapping | list | tuple)
    }


def _pair(key: str, value: Scalar) -> str:
    """Key and value as one text, equal numbers alike: 3 and 3.0 are one value, 1 and true two."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps([key, value])


def _event(field: str) -> str:
    return f"event/{field}"
