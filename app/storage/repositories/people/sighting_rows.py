"""Sightings as rows, and rows as sightings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import eq, ge, le, lt
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, true, update

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Partition
from app.domain.people.sightings import Moment, NewSighting, Sighting, SightingFilter
from app.domain.protection import CollectionSeal, read_encoder
from app.storage.people_tables import SightingRow
from app.storage.repositories.stored.sealed import SealedCollections, as_text, from_text

NAMELESS = or_(SightingRow.decision.is_(None), SightingRow.decision == "unknown")
TEMPLATES = (
    SightingRow.id,
    SightingRow.collection_id,
    SightingRow.encoder,
    SightingRow.template,
)
_SOURCE = "sealed_source"
"""Field of `details`, in sealed collections."""
GROUP = (
    update(SightingRow)
    .where(SightingRow.id == bindparam("sighting"), NAMELESS)
    .values(group_id=bindparam("group"), grouped=True)
)
"""Puts a sighting that is nobody's into a group, or none, as one that was compared."""
_CONDITIONS: tuple[tuple[str, str, Callable[[Any, Any], ColumnElement[bool]]], ...] = (
    ("since", "at", ge),
    ("until", "at", lt),
    ("source", "source", eq),
    ("decision", "decision", eq),
    ("group_id", "group_id", eq),
    ("subject_id", "subject_id", eq),
    ("min_quality", "quality", ge),
    ("max_quality", "quality", le),
)
"""Names of `SightingFilter`, columns, and what is asked of them."""
COLUMNS = tuple(c for c in SightingRow.__table__.c if c.name not in ("template", "grouped"))


def values_of(sighting: NewSighting, encoder: str, template: bytes) -> dict[str, Any]:
    """The columns of a new row, with the encoder and the template as they are stored.

    Who was known waits for no group.
    """
    return {
        "collection_id": sighting.collection_id,
        "encoder": encoder,
        "group_id": None,
        "grouped": sighting.decision == "known",
        "at": sighting.at,
        "decision": sighting.decision,
        "subject_id": sighting.subject_id,
        "similarity": sighting.similarity,
        "fmr": sighting.fmr,
        "quality": float(sighting.quality.score),
        "source": sighting.source,
        "source_digest": sighting.source_digest,
        "image_digest": sighting.image_digest,
        "template": template,
        "details": {
            "box": [float(v) for v in _box(sighting.box)],
            "landmarks": np.asarray(sighting.landmarks, dtype=np.float32).tolist(),
            "probability": float(sighting.probability),
            "pose": [float(v) for v in _pose(sighting.pose)],
            "quality": float(sighting.quality.score),
            "reasons": list(sighting.quality.reasons),
            "sharpness": float(sighting.quality.sharpness),
            "brightness": float(sighting.quality.brightness),
            "fmr_is_bound": sighting.fmr_is_bound,
        },
    }


def _box(box: Box) -> tuple[float, ...]:
    return box.x, box.y, box.width, box.height


def _pose(pose: Pose) -> tuple[float, ...]:
    return pose.yaw, pose.pitch, pose.roll


def hide_source(seal: CollectionSeal, values: dict[str, Any]) -> None:
    """Have a new row hold its source sealed, and in its place a token of it."""
    source = values["source"]
    values["source"] = seal.token(_SOURCE, source)
    values["details"][_SOURCE] = as_text(seal.seal(source, _SOURCE))


def sighting_of(row: Row[Any], seal: CollectionSeal | None = None) -> Sighting:
    """The sighting of a row of `COLUMNS`; without `seal` a sealed source stays its token."""
    details = row.details
    source = row.source
    if seal is not None and _SOURCE in details:
        source = seal.open(from_text(details[_SOURCE]), _SOURCE)
    return Sighting(
        id=row.id,
        collection_id=row.collection_id,
        encoder=read_encoder(row.encoder)[0],
        at=row.at,
        source=source,
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
        decision=row.decision,
        subject_id=row.subject_id,
        similarity=row.similarity,
        fmr=row.fmr,
        # The rate goes when its subject does; rows of older versions do not say.
        fmr_is_bound=row.fmr is not None and details.get("fmr_is_bound", False),
    )


def seen_before(moment: Moment) -> ColumnElement[bool]:
    """Choose those that were seen before that one."""
    row = SightingRow
    earlier = and_(row.at == moment.at, row.id < moment.id)
    return and_(row.at <= moment.at, or_(row.at < moment.at, earlier))


def within(partition: Partition) -> ColumnElement[bool]:
    """Choose those without a name, of one encoder, under whatever rotation."""
    encoder, _ = read_encoder(partition.encoder)
    return and_(
        SightingRow.collection_id == partition.collection_id,
        or_(
            SightingRow.encoder == encoder,
            SightingRow.encoder.startswith(f"{encoder}#", autoescape=True),
        ),
        NAMELESS,
    )


def that(
    collection_id: str, wanted: SightingFilter, sealed: SealedCollections
) -> ColumnElement[bool]:
    """Choose those of the collection that are asked for."""
    asked = wanted_of(collection_id, wanted, sealed, SightingRow)
    return and_(SightingRow.collection_id == collection_id, asked)


def columns_of(wanted: SightingFilter) -> Sequence[Any]:
    """Columns by which `wanted_of` chooses."""
    names = {column for name, column, _ in _CONDITIONS if getattr(wanted, name) is not None}
    if wanted.alone:
        names |= {"group_id", "decision"}
    return [getattr(SightingRow, name) for name in sorted(names)]


def wanted_of(
    collection_id: str, wanted: SightingFilter, sealed: SealedCollections, row: Any
) -> ColumnElement[bool]:
    """Choose by the columns of a table, or of a query, that has the collection's sightings."""
    if wanted.source is not None and (seal := sealed.of(collection_id)) is not None:
        wanted = replace(wanted, source=seal.token(_SOURCE, wanted.source))
    asked = [
        holds(getattr(row, column), value)
        for name, column, holds in _CONDITIONS
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.alone:
        asked += [row.group_id.is_(None), or_(row.decision.is_(None), row.decision == "unknown")]
    return and_(true(), *asked)
