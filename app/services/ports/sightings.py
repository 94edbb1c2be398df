"""Protocol of kept sightings."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.gallery import Partition
from app.domain.people.sightings import (
    LeftOut,
    Moment,
    NewSighting,
    Seen,
    Sighting,
    SightingFilter,
    SightingGroup,
    Unnamed,
)
from app.services.ports.repositories import Ids, Templates


class SightingRepository(Protocol):
    """Faces that were seen and not named."""

    def add(self, sighting: NewSighting) -> int:
        """Keep it, in no group yet. The image's row, if it names one, is there already."""

    def put_back(self, sighting: NewSighting, sighting_id: int, group_id: str) -> None:
        """Keep one that was there before, in its group."""

    def get(self, collection_id: str, sighting_id: int) -> Sighting:
        """Raises UnknownSightingError."""

    def list(
        self,
        collection_id: str,
        wanted: SightingFilter = SightingFilter(),  # noqa: B008 - it is frozen
        *,
        after: int = 0,
        limit: int,
    ) -> Sequence[Sighting]:
        """List by id, those whose id is greater than `after`."""

    def latest(
        self, collection_id: str, wanted: SightingFilter, *, before: Moment | None, limit: int
    ) -> tuple[Sequence[Sighting], Moment | None]:
        """List the newest first, those seen before that one; and the last one that was looked at
        where fewer than so many were found among those that a page looks at, yet more are there.
        """

    def oldest(
        self, collection_id: str, wanted: SightingFilter, *, limit: int
    ) -> Mapping[int, str | None]:
        """Tell the digests of pictures by id, of those seen first."""

    def count(self, collection_id: str, wanted: SightingFilter) -> tuple[int, int]:
        """Count sightings, and those of them with a picture."""

    def sources(self, collection_id: str, digests: Sequence[str]) -> frozenset[str]:
        """Select the digests of pictures of which a sighting is kept."""

    def new(self, partition: Partition, limit: int) -> Unnamed:
        """List those that were not compared with the others yet."""

    def before(
        self, partition: Partition, before: int, limit: int, *, compared: bool = True
    ) -> Unnamed:
        """List the last ones whose id is less than `before`, of all or of those compared."""

    def compared_after(self, partition: Partition, after: int, limit: int) -> Unnamed:
        """List those that were compared, the first ones whose id is greater than `after`."""

    def groups_of(self, ids: Sequence[int]) -> Mapping[int, str | None]:
        """Look up the groups of those that are there still."""

    def nameless(self, partition: Partition) -> int:
        """Count all without a name."""

    def waiting_partitions(self) -> Sequence[Partition]:
        """List partitions with some that were not compared with the others yet."""

    def newest_of_group(self, group_id: str, limit: int) -> Sequence[Sighting]:
        """List the group's sightings, those seen last first."""

    def follow_subject(self, subject_id: str, to: str) -> None:
        """Have another subject wherever that one was: it has its faces now."""

    def templates(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """Templates of the ids that still exist, of one encoder, in ascending order."""

    def waiting(self, partition: Partition) -> int:
        """Count those that were not compared with the others yet."""

    def put_into_groups(
        self, groups: Mapping[int, str | None], was: Mapping[int, str | None] | None = None
    ) -> None:
        """Note the groups of sightings that have been compared; those that are gone, not.

        `was` are the groups that this was decided by: what was changed since is left as it is.
        """

    def remove(self, ids: Sequence[int]) -> int:
        """Remove them; how many there were. Images are the caller's to release."""

    def remove_of_collection(self, collection_id: str) -> int: ...

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Name the images that the collection's sightings refer to, each once."""


class GroupRepository(Protocol):
    """Groups of sightings, whose sizes and times follow these; numbers of sightings by day."""

    def get(self, collection_id: str, group_id: str) -> SightingGroup:
        """Raises UnknownGroupError."""

    def list(
        self, collection_id: str, *, ignored: bool, after: tuple[int, str] | None, limit: int
    ) -> Sequence[SightingGroup]:
        """List the largest first, of equal ones the newest; `after` is a size and an id."""

    def among(self, group_ids: Sequence[str]) -> Sequence[SightingGroup]:
        """Select those of the ids that there are."""

    def fixed(self, collection_id: str) -> frozenset[str]:
        """Name those that were made by hand."""

    def mark(
        self, group_id: str, *, ignored: bool | None = None, fixed: bool | None = None
    ) -> None:
        """Note what somebody has said of it."""

    def settle(self, group_ids: Sequence[str]) -> None:
        """Bring what is known of groups up to date with their sightings; empty ones go."""

    def note_day(self, collection_id: str, day: str, *, kept: int, left_out: LeftOut) -> None:
        """Add to the numbers of a day."""

    def days(self, collection_id: str, since: str) -> tuple[int, LeftOut]:
        """Sum the numbers of the days from that one on: kept, and left out."""

    def forget_days(self, before: str) -> None:
        """Remove the numbers of older days."""


class SightingMemory(Protocol):
    """Keeps what was seen, beside the requests. Thread-safe."""

    def seen(self, faces: Sequence[Seen]) -> None:
        """Take what was just decided; comes back at once and never raises."""
