"""The promise of whatever keeps secrets at rest."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_MARK = "#"
"""Between a model key, which has none, and the rotation that templates are stored under."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """One of the secret rotations of a collection's templates."""

    version: int
    """From 1; the next one renews the protection."""
    key: str
    """Name of the master key that it comes from."""


def stored_encoder(encoder: str, rotation: Rotation | None) -> str:
    """Name templates in rows, change log and index by encoder and rotation.

    A server of a version that knows no rotations takes it for an encoder that it does not have.
    """
    return encoder if rotation is None else f"{encoder}{_MARK}{rotation.version}.{rotation.key}"


@lru_cache(1024)
def read_encoder(stored: str) -> tuple[str, Rotation | None]:
    """Encoder and rotation of what `stored_encoder` has written."""
    encoder, mark, name = stored.partition(_MARK)
    version, _, key = name.partition(".")
    return encoder, Rotation(int(version), key) if mark else None


class Rotations(Protocol):
    """Turns templates by secret orthogonal matrices, which keep every cosine. Thread-safe."""

    def after(self, rotation: Rotation | None) -> Rotation:
        """Name the next rotation of a collection, or its first, under the key that seals now."""

    def is_current(self, rotation: Rotation) -> bool:
        """Tell whether it comes from the key that seals now."""

    def rotate(
        self, collection_id: str, rotation: Rotation, templates: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Turn (N, dim) templates of the encoder into what is stored.

        Raises WrongMasterKeyError where the rotation comes from another key.
        """

    def rotate_back(
        self, collection_id: str, rotation: Rotation, templates: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Turn (N, dim) stored templates into those of the encoder. Raises as `rotate` does."""


class Seal(Protocol):
    """Seals bytes so that only whoever has the master key can read them. Thread-safe."""

    def seal(self, plain: bytes, context: str) -> bytes:
        """The bytes, encrypted; they open with the same context alone, such as `webhook/<id>`."""

    def open(self, sealed: bytes, context: str) -> bytes:
        """The bytes that were sealed.

        Raises WrongMasterKeyError where another key has sealed them, and SealBrokenError where
        they were changed, cut off or sealed for another context.
        """

    def is_sealed(self, data: bytes) -> bool:
        """Tell whether the bytes have the form of sealed ones."""

    def mark(self, text: bytes) -> str:
        """Name the key that seals now and what only it makes of the text (HMAC-SHA256)."""

    def is_marked(self, text: bytes, mark: str | None) -> bool:
        """Tell whether one of the keys has made the mark of that text."""

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether the key that seals now has sealed the bytes."""


class CollectionSeal(Protocol):
    """Seals what names the subjects of one collection, and makes what it is looked up by.

    Thread-safe.
    """

    def seal(self, value: Any, context: str) -> bytes:
        """Encrypt a JSON value; it opens with the same context alone, such as `subject/<id>`."""

    def open(self, sealed: bytes, context: str) -> Any:
        """Decrypt the value that was sealed. Raises SealBrokenError."""

    def token(self, kind: str, text: str) -> str:
        """Make what stands for a text of that kind where it is looked up (HMAC-SHA256)."""


class CollectionSeals(Protocol):
    """Makes keys of sealed collections, which are handed around sealed. Thread-safe."""

    def make(self, collection_id: str) -> bytes:
        """Make a new key, sealed under the master key."""

    def of(self, collection_id: str, sealed_key: bytes) -> CollectionSeal:
        """Open the key. Raises WrongMasterKeyError and SealBrokenError."""

    def is_current(self, sealed_key: bytes) -> bool:
        """Tell whether the key is under the master key that seals now."""

    def renewed(self, collection_id: str, sealed_key: bytes) -> bytes:
        """Seal the same key under that one."""
