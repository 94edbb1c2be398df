"""Protocols of what protects pictures, and of its keys in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.protection import Rotation


class PictureCipher(Protocol):
    """Encrypts pictures under data keys, which are handed around sealed. Thread-safe."""

    def make(self, key_id: str) -> bytes:
        """Make a new data key, sealed under the master key."""

    def renewed(self, key_id: str, sealed_key: bytes) -> bytes:
        """Seal the same data key under the master key that seals now."""

    def is_current(self, sealed_key: bytes) -> bool:
        """Tell whether it is under that one."""

    def encrypt(self, key_id: str, sealed_key: bytes, picture: bytes) -> bytes:
        """Encrypt; the same picture under the same key gives the same bytes."""

    def decrypt(self, key_id: str, sealed_key: bytes, stored: bytes) -> bytes:
        """Decrypt. Raises SealBrokenError and WrongMasterKeyError."""


class ProtectionRepository(Protocol):
    """Names of master keys, and data keys, sealed."""

    def master_keys(self) -> frozenset[str]: ...

    def note_master_key(self, name: str, at: datetime) -> None: ...

    def data_key(self, subject_id: str) -> tuple[str, bytes] | None:
        """Find id and sealed key of the subject."""

    def add_data_key(self, key_id: str, subject_id: str, sealed: bytes) -> None: ...

    def key_of_image(self, digest: str) -> tuple[str, bytes] | None:
        """Find id and sealed key that the image is under; None for one that is plain."""

    def data_keys(self, *, after: str, limit: int) -> Sequence[tuple[str, bytes]]:
        """List by id, those whose id comes after `after`."""

    def put_data_key(self, key_id: str, sealed: bytes) -> None:
        """Replace a sealed key."""

    def collection_keys_behind(self) -> Sequence[str]:
        """List ids of sealed collections whose key a former master key has sealed."""

    def renew_collection_key(self, collection_id: str) -> None:
        """Seal the key of the collection under the master key that seals now."""

    def plain_images(self, *, after: str, limit: int) -> Sequence[str]:
        """List digests of images that are under no key, those that come after `after`."""

    def count_plain_images(self) -> int: ...

    def owners(self, digest: str) -> Sequence[str]:
        """List the ids of subjects whose faces name the image."""

    def rename_image(self, subject_id: str, digest: str, new: str) -> None:
        """Have the subject's faces name another image."""


class RotationRepository(Protocol):
    """Rotations that the collections' templates are under, and what has yet to follow them."""

    def after(self, rotation: Rotation | None) -> Rotation | None:
        """Name the next rotation of a collection, or its first; None where there are none."""

    def behind(self) -> Sequence[str]:
        """List ids of the collections with no rotation, or one of a former master key."""

    def with_sightings_behind(self) -> Sequence[str]:
        """List ids of the collections with sightings under another rotation than their own."""

    def encoders_waiting(self, collection_id: str) -> Sequence[str]:
        """Name encoders, as they are stored, of the templates that wait for the collection."""

    def rotate_sightings(self, collection_id: str, *, after: int, limit: int) -> tuple[int, int]:
        """Turn sightings that are under another rotation than their collection is now.

        Looks at `limit` of them, those whose id is greater than `after`. Returns how many it has
        turned, and the last id that it has looked at, 0 at the end.
        """
