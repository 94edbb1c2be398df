"""The base of every error a person is meant to read."""

from typing import Any, ClassVar


class ReportedError(Exception):
    """An expected failure: a stable slug, what was wrong, what to do about it, and data.

    The slug is part of the public interface and never changes; the message may.
    """

    slug: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "", **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InvalidWeightsError(ReportedError):
    """A file of weights cannot be read, or does not do what its manifest says."""

    slug = "invalid-weights"
