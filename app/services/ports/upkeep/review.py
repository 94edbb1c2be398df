"""Protocols of suggestions, of what people say is not so, and of sightings to match again."""

from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.gallery import Partition
from app.domain.people.review import Negative, StoredSuggestion, Suggestion, SuggestionKind
from app.services.ports.repositories import Ids, Templates


class NegativeRepository(Protocol):
    """Kept faces that are not of a subject; each goes with its face and with its subject."""

    def add(self, negatives: Sequence[Negative]) -> Sequence[str]:
        """Note those that are not noted yet; their ids. What they name is there."""

    def list(self, subject_id: str, *, after: str | None, limit: int) -> Sequence[Negative]:
        """List those of the subject by id, those behind `after`."""

    def get(self, collection_id: str, subject_id: str, negative_id: str) -> Negative:
        """Raises UnknownNegativeError."""

    def remove(self, ids: Sequence[str]) -> int:
        """Remove them; how many there were."""

    def templates(self, encoder: str, subjects: Sequence[str]) -> Mapping[str, Templates]:
        """Templates of each subject's negatives; no subject without any."""

    def faces(self, collection_id: str) -> frozenset[tuple[str, int]]:
        """Name pairs of a subject and an enrolled face that is not its."""

    def of_faces(self, face_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Subjects that each face is not of, by id; no face without any."""

    def of_sightings(self, sighting_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """The same of faces that were seen."""

    def became(self, sighting_id: int, face_id: int) -> None:
        """Have what was said of a sighting be said of the enrolled face that it has become."""

    def became_again(self, face_id: int, sighting_id: int) -> None:
        """Have what was said of a face be said of the sighting that it is again."""

    def follow_subject(self, subject_id: str, to: str) -> Sequence[str]:
        """Give those of a subject to the one that takes over its faces; their ids."""

    def give(self, ids: Sequence[str], subject_id: str) -> None:
        """Have those that there are still be of the subject."""


class SuggestionRepository(Protocol):
    """Suggestions by id, open or refused; each goes with what it names."""

    def list(
        self, collection_id: str, *, after: tuple[float, str] | None, limit: int
    ) -> Sequence[StoredSuggestion]:
        """List open ones, the likeliest first; `after` is a likelihood and an id."""

    def get(self, collection_id: str, suggestion_id: str) -> StoredSuggestion:
        """Get an open one. Raises UnknownSuggestionError."""

    def replace(
        self,
        collection_id: str,
        kinds: Some[SuggestionKind],
        found: Sequence[Suggestion],
        at: datetime,
    ) -> int:
        """Have these be the open ones of those kinds, without refused ones and what is gone; how
        many there are.
        """

    def refuse(self, suggestion_id: str, at: datetime) -> None:
        """Never suggest it again, until it is reopened."""

    def reopen(self, suggestion_id: str) -> None:
        """Forget that it was refused."""

    def refused_with(self, subject_id: str) -> Sequence[str]:
        """Name the subjects that are not one with this one, as somebody has said."""

    def refuse_pairs(
        self, collection_id: str, subject_id: str, others: Sequence[str], at: datetime
    ) -> None:
        """Note that a subject is not one with the others, as far as there are these."""


class NamingRepository(Protocol):
    """Subjects that were given faces, with whom sightings of before have to be compared."""

    def add(self, collection_id: str, subjects: Iterable[str], at: datetime) -> None:
        """Note subjects that were given faces, where the collection has sightings."""

    def collections(self) -> Sequence[str]:
        """Name the collections with some that wait."""

    def waiting(self, collection_id: str) -> dict[str, datetime]:
        """Tell when each of the collection's subjects that wait was last given faces."""

    def done(self, collection_id: str, before: dict[str, datetime]) -> None:
        """Forget them, but for those that were given faces again since."""

    def unknown(self, partition: Partition, *, after: int, limit: int) -> tuple[Ids, Templates]:
        """Ids and templates of faces that were seen and unknown, ids ascending."""

    def make_known(
        self, ids: Sequence[int], subject_id: str, *, matched_at: datetime | None = None
    ) -> None:
        """Have those that are nobody's be of a subject, and in no group.

        `matched_at`: when they turned out to be; None of whom recognition had found.
        """

    def known(self, subject_id: str, *, matched_since: datetime | None = None) -> Sequence[int]:
        """Sightings of the subject; with `matched_since` those that turned out to be since."""

    def make_unknown(self, ids: Sequence[int], subject_id: str) -> Sequence[int]:
        """Have those sightings of the subject be nobody's; which they were."""
