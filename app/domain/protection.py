"""The promise of whatever keeps secrets at rest."""

from typing import Protocol


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
