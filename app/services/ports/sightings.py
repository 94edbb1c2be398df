"""Protocol of kept sightings."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.gallery import Partition
from app.domain.people.sightings import NewSighting, Sighting, Unnamed
from app.services.ports.repositories import Ids, Templates


class SightingRepository(Protocol):
    """Faces that were seen and not named."""

    def add(self, sighting: NewSighting) -> int:
        """Keep it, in no group yet. The image's row, if it names one, is there already."""

    def get(self, collection_id: str, sighting_id: int) -> Sighting:
        """Raises UnknownSightingError."""

    def list(
        self,
        collection_id: str,
        *,
        group_id: str | None = None,
        after: int = 0,
        limit: int,
    ) -> Sequence[Sighting]:
        """List by id, those whose id is greater than `after`."""

    def sources(self, collection_id: str, digests: Sequence[str]) -> frozenset[str]:
        """Select the digests of pictures of which a sighting is kept."""

    def unnamed(self, partition: Partition) -> Unnamed: ...

    def templates(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """Templates of the ids that still exist, of one encoder, in ascending order."""

    def waiting(self, partition: Partition) -> int:
        """Count those that were not compared with the others yet."""

    def put_into_groups(self, groups: Mapping[int, str | None]) -> None:
        """Note the groups of sightings that have been compared; those that are gone, not."""

    def remove(self, sightings: Sequence[Sighting]) -> int:
        """Remove them; how many there were. Images are the caller's to release."""

    def remove_of_collection(self, collection_id: str) -> int: ...

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Name the images that the collection's sightings refer to, each once."""
