"""Sightings in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from app.domain.errors.sightings import UnknownSightingError
from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Partition
from app.domain.people.sightings import NewSighting, Sighting, Unnamed
from app.storage.people_tables import SightingRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among

_COLUMNS = tuple(c for c in SightingRow.__table__.c if c.name not in ("template", "grouped"))
_LARGEST_ID = 2**63 - 1
_TEMPLATE = np.dtype("<f4")
_GROUP = (
    update(SightingRow)
    .where(SightingRow.id == bindparam("sighting"))
    .values(group_id=bindparam("group"), grouped=True)
)


class SqlSightings:
    """Faces that were seen and not named."""

    def __init__(self, connection: Connection, changes: SqlChangeLog) -> None:
        self._connection = connection
        self._changes = changes

    def add(self, sighting: NewSighting) -> int:
        """Keep it, in no group yet. The image's row, if it names one, is there already."""
        self._changes.grown.add(sighting.collection_id)
        query = insert(SightingRow).values(_values(sighting)).returning(SightingRow.id)
        return self._connection.execute(query).scalar_one()

    def get(self, collection_id: str, sighting_id: int) -> Sighting:
        """Raises UnknownSightingError."""
        row = None
        if 0 < sighting_id <= _LARGEST_ID:
            query = select(*_COLUMNS).where(
                SightingRow.id == sighting_id, SightingRow.collection_id == collection_id
            )
            row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownSightingError(f"There is no sighting {sighting_id}.", sighting=sighting_id)
        return _sighting(row)

    def list(
        self,
        collection_id: str,
        *,
        group_id: str | None = None,
        after: int = 0,
        limit: int,
    ) -> Sequence[Sighting]:
        """Sightings by id, those whose id is greater than `after`."""
        query = (
            select(*_COLUMNS)
            .where(
                SightingRow.collection_id == collection_id,
                SightingRow.id > min(after, _LARGEST_ID),
            )
            .order_by(SightingRow.id)
            .limit(limit)
        )
        if group_id is not None:
            query = query.where(SightingRow.group_id == group_id)
        return [_sighting(row) for row in self._connection.execute(query)]

    def by_ids(self, ids: Sequence[int]) -> Sequence[Sighting]:
        """Sightings with one of the ids."""
        query = select(*_COLUMNS).where(among(SightingRow.id, list(ids)))
        return [_sighting(row) for row in self._connection.execute(query)]

    def sources(self, collection_id: str, digests: Sequence[str]) -> frozenset[str]:
        """Digests of pictures, of those given, of which a sighting is kept."""
        query = select(SightingRow.source_digest).where(
            SightingRow.collection_id == collection_id, among(SightingRow.source_digest, digests)
        )
        return frozenset(str(d) for d in self._connection.execute(query).scalars())

    def unnamed(self, partition: Partition) -> Unnamed:
        """All of the partition, by id."""
        query = (
            select(SightingRow.id, SightingRow.template, SightingRow.group_id, SightingRow.grouped)
            .where(_in(partition))
            .order_by(SightingRow.id)
        )
        rows = self._connection.execute(query).all()
        return Unnamed(
            *_stacked(rows),
            [row.group_id for row in rows],
            [place for place, row in enumerate(rows) if not row.grouped],
        )

    def templates(self, ids: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """((N,) ids, (N, dim) templates) of those that exist, of one encoder, ids ascending."""
        query = (
            select(SightingRow.id, SightingRow.template)
            .where(among(SightingRow.id, list(ids)))
            .order_by(SightingRow.id)
        )
        return _stacked(self._connection.execute(query).all())

    def waiting(self, partition: Partition) -> int:
        """Number of those that were not compared with the others yet."""
        query = select(func.count()).where(_in(partition), SightingRow.grouped.is_(False))
        return self._connection.execute(query).scalar_one()

    def put_into_groups(self, groups: Mapping[int, str | None]) -> None:
        """Note the groups of sightings that have been compared; those that are gone, not."""
        rows = [{"sighting": int(one), "group": group} for one, group in groups.items()]
        if rows:
            self._connection.execute(_GROUP, rows)

    def remove(self, sightings: Sequence[Sighting]) -> int:
        """Remove them; how many there were. Images are the caller's to release."""
        return self._remove(among(SightingRow.id, [one.id for one in sightings]))

    def remove_of_collection(self, collection_id: str) -> int:
        """Returns the number of rows that there were."""
        return self._remove(SightingRow.collection_id == collection_id)

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Digests of the images that the collection's sightings refer to, each once."""
        query = (
            select(SightingRow.image_digest)
            .where(
                SightingRow.collection_id == collection_id, SightingRow.image_digest.is_not(None)
            )
            .distinct()
        )
        return [str(digest) for digest in self._connection.execute(query).scalars()]

    def _remove(self, which: ColumnElement[bool]) -> int:
        removed = self._connection.execute(delete(SightingRow).where(which)).rowcount
        if removed:
            self._changes.note_erasure()
        return removed


def _stacked(rows: Sequence[Any]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    joined = np.frombuffer(b"".join(row.template for row in rows), dtype=_TEMPLATE)
    vectors = joined.astype(np.float32, copy=False).reshape(len(rows), -1 if rows else 0)
    return np.array([row.id for row in rows], np.int64), vectors


def _in(partition: Partition) -> ColumnElement[bool]:
    return and_(
        SightingRow.collection_id == partition.collection_id,
        SightingRow.encoder == partition.encoder,
    )


def _values(sighting: NewSighting) -> dict[str, Any]:
    return {
        "collection_id": sighting.collection_id,
        "encoder": sighting.encoder,
        "group_id": None,
        "grouped": False,
        "at": sighting.at,
        "source": sighting.source,
        "source_digest": sighting.source_digest,
        "image_digest": sighting.image_digest,
        "template": np.asarray(sighting.template, dtype=_TEMPLATE).tobytes(),
        "details": {
            "box": [float(v) for v in _box(sighting.box)],
            "landmarks": np.asarray(sighting.landmarks, dtype=np.float32).tolist(),
            "probability": float(sighting.probability),
            "pose": [float(v) for v in _pose(sighting.pose)],
            "quality": float(sighting.quality.score),
            "reasons": list(sighting.quality.reasons),
            "sharpness": float(sighting.quality.sharpness),
            "brightness": float(sighting.quality.brightness),
        },
    }


def _box(box: Box) -> tuple[float, ...]:
    return box.x, box.y, box.width, box.height


def _pose(pose: Pose) -> tuple[float, ...]:
    return pose.yaw, pose.pitch, pose.roll


def _sighting(row: Row[Any]) -> Sighting:
    details = row.details
    return Sighting(
        id=row.id,
        collection_id=row.collection_id,
        encoder=row.encoder,
        at=row.at,
        source=row.source,
        source_digest=row.source_digest,
        box=Box(*details["box"]),
        landmarks=np.array(details["landmarks"], dtype=np.float32).reshape(5, 2),
        probability=details["probability"],
        pose=Pose(*details["pose"]),
        quality=Quality(
            details["quality"],
            tuple(details["reasons"]),
            details["sharpness"],
            details["brightness"],
        ),
        image_digest=row.image_digest,
        group_id=row.group_id,
    )
