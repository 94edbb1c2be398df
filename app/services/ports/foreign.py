"""Protocols of rows for clients of other systems."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.foreign.labels import FaceLabel, KnownFace
from app.domain.gallery import Subject


class LabelRepository(Protocol):
    """Labels of faces, given when they were enrolled, and which subjects are users."""

    def add(self, face_id: int, label: FaceLabel) -> None: ...

    def known(self, face_ids: Sequence[int]) -> Mapping[int, KnownFace]:
        """Give those of the faces that exist, by id, each with its label if it has one."""

    def associate(self, face_ids: Sequence[int], *, associated: bool) -> None:
        """Note whether the faces were given to their subject after they were enrolled."""

    def mark_unnamed(self, subject_id: str) -> None:
        """Note that enrolment has made the subject by itself."""

    def mark_named(self, subject_id: str) -> None: ...

    def unnamed_among(self, subject_ids: Sequence[str]) -> frozenset[str]: ...

    def named(self, collection_id: str, *, after: str | None, limit: int) -> Sequence[Subject]:
        """List subjects that somebody has named, by id, those whose id comes after `after`."""

    def count_named(self, collection_id: str) -> int: ...


class TagRepository(Protocol):
    def of(self, collection_id: str) -> Mapping[str, str]: ...

    def put(self, collection_id: str, tags: Mapping[str, str]) -> None:
        """Add the tags, in place of those of the same keys."""

    def remove(self, collection_id: str, keys: Sequence[str]) -> None: ...


class SignatureRepository(Protocol):
    """Signed requests that came, and the sealed secrets that sign them."""

    def note(self, signature: str, attempt: str, at: datetime, *, since: datetime) -> bool:
        """Note an attempt, unless it came before, or another with that signature before `since`.

        Whether it was noted.
        """

    def forget_before(self, at: datetime) -> int:
        """Remove what came earlier; how many there were."""

    def keep_secret(self, key_id: str, sealed: bytes) -> None:
        """Keep the key's secret, and the one before it beside it."""

    def secrets_of(self, key_id: str) -> Sequence[bytes]:
        """List the sealed secret and the one before it; nothing for keys that sign nothing."""
