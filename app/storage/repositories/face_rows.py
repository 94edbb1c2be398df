"""Faces as rows, and rows as faces."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row, bindparam, func, select

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import EnrolledFace, NewFace
from app.domain.protection import read_encoder
from app.storage.repositories.membership import among
from app.storage.tables import FaceRow

FACE_COLUMNS = tuple(column for column in FaceRow.__table__.c if column.name != "template")
"""All but the template, which only searches and comparisons need."""
_NUMBERED = (
    select(
        FaceRow.id,
        FaceRow.subject_id,
        func.row_number().over(partition_by=FaceRow.subject_id, order_by=FaceRow.id).label("place"),
    )
    .where(among(FaceRow.subject_id, "subjects"))
    .subquery()
)
FIRST_OF_SUBJECTS = (
    select(FaceRow.id, FaceRow.collection_id, FaceRow.encoder, FaceRow.template, FaceRow.subject_id)
    .join_from(_NUMBERED, FaceRow, FaceRow.id == _NUMBERED.c.id)
    .where(_NUMBERED.c.place <= bindparam("most"))
    .order_by(FaceRow.id)
)
"""Templates of the first `most` faces of each of `subjects`, with what tells their rotation."""


def plain(ids: Sequence[int]) -> list[int]:
    """Search results come as NumPy integers, which drivers do not know."""
    return [int(face_id) for face_id in ids]


def face_of(row: Row[Any]) -> EnrolledFace:
    """The face of a row with `FACE_COLUMNS`."""
    encoder, rotation = read_encoder(row.encoder)
    return EnrolledFace(
        id=row.id,
        collection_id=row.collection_id,
        subject_id=row.subject_id,
        encoder=encoder,
        box=Box(row.box_x, row.box_y, row.box_width, row.box_height),
        landmarks=np.array(row.landmarks, dtype=np.float32).reshape(5, 2),
        probability=row.probability,
        pose=Pose(row.yaw, row.pitch, row.roll),
        quality=Quality(
            row.quality_score, tuple(row.quality_reasons), row.sharpness, row.brightness
        ),
        image_digest=row.image_digest,
        created_at=row.created_at,
        source_digest=row.source_digest,
        rotation=rotation,
    )


def values_of(face: NewFace, encoder: str, template: bytes) -> dict[str, Any]:
    """The columns of a new row, with the encoder and the template as they are stored."""
    return {
        "collection_id": face.collection_id,
        "subject_id": face.subject_id,
        "encoder": encoder,
        "template": template,
        "box_x": float(face.box.x),
        "box_y": float(face.box.y),
        "box_width": float(face.box.width),
        "box_height": float(face.box.height),
        "landmarks": np.asarray(face.landmarks, dtype=np.float32).tolist(),
        "probability": float(face.probability),
        "yaw": float(face.pose.yaw),
        "pitch": float(face.pose.pitch),
        "roll": float(face.pose.roll),
        "quality_score": float(face.quality.score),
        "quality_reasons": list(face.quality.reasons),
        "sharpness": float(face.quality.sharpness),
        "brightness": float(face.quality.brightness),
        "image_digest": face.image_digest,
        "created_at": face.created_at,
        "source_digest": face.source_digest,
    }
