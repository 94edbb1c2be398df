"""Rows of faces as the faces that they hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import EnrolledFace
from app.storage.tables import FaceRow

FACE_COLUMNS = tuple(column for column in FaceRow.__table__.c if column.name != "template")
"""All but the template, which only searches and comparisons need."""


def plain(ids: Sequence[int]) -> list[int]:
    """Search results come as NumPy integers, which drivers do not know."""
    return [int(face_id) for face_id in ids]


def face_of(row: Row[Any]) -> EnrolledFace:
    """The face of a row with `FACE_COLUMNS`."""
    return EnrolledFace(
        id=row.id,
        collection_id=row.collection_id,
        subject_id=row.subject_id,
        encoder=row.encoder,
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
    )
