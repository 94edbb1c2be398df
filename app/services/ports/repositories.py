"""Protocols of what a transaction reads and writes: one repository per kind of thing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.access.sessions import Session
from app.domain.deciding.bounds import Usage
from app.domain.gallery import (
    ApiKey,
    Change,
    Collection,
    EnrolledFace,
    IdempotencyRecord,
    NewFace,
    Partition,
    Scalar,
    Subject,
)
from app.domain.people.listing import SubjectFilter

Templates = NDArray[np.float32]
"""(N, dim) float32, rows L2-normalised."""
Ids = NDArray[np.int64]


class CollectionRepository(Protocol):
    def add(self, collection: Collection) -> Collection:
        """Add it; raises DuplicateCollectionError, or MasterKeyMissingError for a sealed one."""

    def get(self, name: str) -> Collection:
        """Raises UnknownCollectionError."""

    def list(self, *, after: str | None, limit: int) -> Sequence[Collection]:
        """List by name, those whose name comes after `after`."""

    def update(self, collection: Collection) -> None: ...

    def remove(self, collection_id: str) -> None:
        """Remove the row and, by cascade, whatever still hangs on it."""

    def by_ids(self, ids: Sequence[str]) -> Mapping[str, Collection]: ...

    def usage(self, collection: Collection) -> Usage:
        """Count what the collection's policy bounds, and nothing else."""

    def of_id(self, collection_id: str) -> Collection | None: ...


class SubjectRepository(Protocol):
    def add(self, subject: Subject) -> None:
        """Raises DuplicateSubjectError when the collection has the name or external id."""

    def get(self, collection_id: str, subject_id: str, *, hold: bool = False) -> Subject:
        """Get by id; `hold` keeps others that hold it waiting. Raises UnknownSubjectError."""

    def find(self, collection_id: str, name: str) -> Subject | None: ...

    def called(self, collection_id: str, text: str) -> Subject | None:
        """Find by external id, or else by name."""

    def list(
        self, collection_id: str, wanted: SubjectFilter = ..., *,
        after: str | None, limit: int, newest_first: bool = False,
    ) -> Sequence[Subject]:  # fmt: skip
        """List by id, those behind `after` in the order."""

    def having(self, collection_id: str, metadata: Mapping[str, Scalar]) -> Sequence[str]:
        """Ids of those with all of the metadata at the top; numbers are compared by value."""

    def update(self, subject: Subject) -> None: ...

    def remove(self, subject_id: str) -> int:
        """Remove the row and, by cascade, what hangs on it; how many rows there were."""

    def remove_of_collection(self, collection_id: str) -> int:
        """Remove all of a collection, as `remove` does; how many there were."""

    def by_ids(self, ids: Sequence[str]) -> Mapping[str, Subject]: ...

    def count(self, collection_id: str, *, with_faces: bool = False) -> int: ...


class FaceRepository(Protocol):
    """Stores faces, and writes the change log as it does."""

    def add(self, face: NewFace) -> EnrolledFace: ...

    def get(self, collection_id: str, face_id: int) -> EnrolledFace:
        """Raises UnknownFaceError."""

    def list(
        self,
        collection_id: str,
        *,
        subject_id: str | None = None,
        after: int = 0,
        skip: int = 0,
        limit: int,
    ) -> Sequence[EnrolledFace]:
        """List by id, those whose id is greater than `after`, without the first `skip`."""

    def by_ids(self, ids: Sequence[int]) -> Mapping[int, EnrolledFace]: ...

    def subjects_of(self, ids: Sequence[int]) -> Mapping[int, str]: ...

    def remove(self, faces: Sequence[EnrolledFace]) -> int:
        """Erase rows and their `add` lines in the log, and write `remove` lines; how many rows."""

    def remove_of_collection(self, collection_id: str) -> int:
        """Erase all rows of a collection, whose partition the log drops; how many there were."""

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Name the images that the collection's faces refer to, each once."""

    def reassign(self, face_ids: Sequence[int], to_subject: str) -> int:
        """Give the faces to a subject; how many there were."""

    def count(self, collection_id: str, *, subject_id: str | None = None) -> int: ...

    def counts(self) -> Mapping[str, int]:
        """Faces per collection name, for every collection."""

    def counts_of_subjects(self, subject_ids: Sequence[str]) -> Mapping[str, int]: ...

    def sources(self, subject_id: str) -> Mapping[str, int]:
        """A face of the subject for each digest of a picture that it was enrolled from."""

    def ids_of_subjects(self, subject_ids: Sequence[str]) -> Sequence[int]: ...
    def first_of_subjects(
        self, partition: Partition, subject_ids: Sequence[str], most: int
    ) -> Mapping[str, tuple[Ids, Templates]]:
        """Ids and stored templates of the first `most` faces that each subject has there."""

    def templates(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """Templates of the ids that still exist, in ascending order, as the encoder made them."""

    def beside(self, ids: Sequence[int], probes: Templates) -> tuple[Ids, Templates, Templates]:
        """Ids and stored templates of faces of one partition, and the probes turned like them."""

    def stored(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """The same as they are stored: under the rotation of their partition."""

    def as_stored(self, partition: Partition, probes: Templates) -> Templates:
        """Turn probes into what the partition's templates are stored as."""

    def partitions(self) -> Sequence[Partition]:
        """Every collection with faces, with the encoder of their templates."""

    def scan(self, partition: Partition, *, batch: int) -> Iterator[tuple[Ids, Templates]]:
        """Every template of a partition in batches, as it is stored, ids ascending."""

    def census(self, partition: Partition) -> tuple[int, int]:
        """Count the partition's faces, and sum their ids."""


class ImageRepository(Protocol):
    """Image files that exist. Rows come before files and go before them, in one transaction."""

    def add(self, digest: str, *, media_type: str, size: int, key_id: str | None = None) -> None:
        """Does nothing when the digest is known."""

    def release(self, digests: Sequence[str]) -> Sequence[str]:
        """Remove the rows of those digests that no face or sighting needs, and name them.

        Data keys that nothing is under any more are destroyed. The digests are remembered until
        `forget_released`.
        """

    def released(self, *, before: datetime, limit: int) -> Sequence[str]:
        """Digests that were released before that moment and whose files may still be there."""

    def forget_released(self, digests: Sequence[str]) -> None:
        """Forget them: their files are gone, or named again."""

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Select the digests that have a row."""

    def page(self, *, after: str, limit: int) -> Sequence[str]:
        """Digests in order, those that come after `after`."""

    def count(self) -> int: ...

    def claim_sweep(self, now: datetime, *, not_since: datetime) -> bool:
        """Note the beginning of a search for files without a row, if there was none since then.

        False as well where files are on this machine.
        """


class ChangeLog(Protocol):
    def head(self) -> int:
        """The last position, 0 for an empty log."""

    def erasures(self) -> int:
        """Count the transactions that have erased or overwritten something until now."""

    def after(self, seq: int, *, limit: int) -> Sequence[Change]: ...

    def drop(self, partition: Partition) -> None:
        """Erase the partition's lines and write one `drop` line."""


class KeyRepository(Protocol):
    def add(self, key: ApiKey) -> None: ...
    def get(self, key_id: str) -> ApiKey | None: ...

    def of_digest(self, digest: str) -> ApiKey | None: ...

    def list(self) -> Sequence[ApiKey]: ...

    def after(self, key_id: str, *, limit: int) -> Sequence[ApiKey]:
        """List by id, those whose id comes after that one."""

    def revoke(self, key_id: str, at: datetime) -> bool: ...

    def update(self, key: ApiKey) -> None: ...

    def touch(self, key_id: str, at: datetime, address: str | None) -> None: ...


class SessionRepository(Protocol):
    def add(self, session: Session) -> None: ...

    def get(self, session_id: str) -> Session | None: ...

    def of_key(self, key_id: str) -> Sequence[Session]:
        """List the key's sessions, the one that was used last first."""

    def touch(self, session_id: str, at: datetime) -> None: ...

    def remove(self, session_ids: Sequence[str]) -> int: ...

    def remove_before(self, *, created: datetime, used: datetime) -> None:
        """Remove what was begun, or used last, before these moments."""


class AllowanceRepository(Protocol):
    """Numbers of a subject that each key was given in the present period."""

    def reserve(
        self, key_id: str, numbers: Mapping[str, int], *, period: int, limit: int
    ) -> Mapping[str, int]:
        """Take so many of each subject, or what is left up to `limit`; how many were taken.

        Subjects that there are not have none, nor has a key that there is not.
        """

    def move(self, from_subject: str, to_subject: str) -> None:
        """Add the counts of one subject to those of another."""

    def raise_to(self, from_subject: str, to_subject: str) -> None:
        """Let the counts of one subject be at least those of another, which keeps them."""

    def remove_of_key(self, key_id: str) -> None: ...

    def remove_before(self, period: int) -> int:
        """Remove those of earlier periods; how many there were."""


class IdempotencyRepository(Protocol):
    def get(self, key_id: str, idempotency_key: str) -> IdempotencyRecord | None: ...

    def add(self, record: IdempotencyRecord) -> None: ...

    def remove_older_than(self, at: datetime) -> int: ...

    def remove_of_subject(self, subject_id: str) -> int: ...

    def remove_of_collection(self, collection_id: str) -> int: ...
