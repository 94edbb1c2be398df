"""The ledger of what was erased: ids and instants, and nothing that names or shows anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ErasedKind = Literal["collection", "subject", "face", "sighting"]


@dataclass(frozen=True, slots=True)
class ErasedItem:
    """An entry of the ledger, which is never changed or removed."""

    kind: ErasedKind
    id: str
    """Numbers of faces and sightings are of one database, so that they say little alone."""
    collection_id: str
    made_at: datetime
    """When the item was made: by it a face is the same one in every copy and export."""
    erased_at: datetime
    seq: int = 0
    """Its place in the ledger of one database."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A database among its copies."""

    id: str
    restored_from: str | None = None
    """The one whose backup it was filled from."""


@dataclass(slots=True)
class ErasedAgain:
    """Counts of what a copy held and the ledger has removed from it."""

    collections: int = 0
    subjects: int = 0
    faces: int = 0
    sightings: int = 0
    images: int = 0
