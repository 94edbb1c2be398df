"""Sightings as rows, and rows as sightings."""

from typing import Any

import numpy as np
from sqlalchemy import Row

from app.domain.faces import Box, Pose, Quality
from app.domain.people.sightings import NewSighting, Sighting
from app.storage.people_tables import SightingRow

COLUMNS = tuple(c for c in SightingRow.__table__.c if c.name not in ("template", "grouped"))
TEMPLATE = np.dtype("<f4")
"""Numbers of a stored template."""


def values_of(sighting: NewSighting) -> dict[str, Any]:
    """The columns of a new row; who was known waits for no group."""
    return {
        "collection_id": sighting.collection_id,
        "encoder": sighting.encoder,
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
        "template": np.asarray(sighting.template, dtype=TEMPLATE).tobytes(),
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


def sighting_of(row: Row[Any]) -> Sighting:
    """The sighting of a row of `COLUMNS`."""
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
        decision=row.decision,
        subject_id=row.subject_id,
        similarity=row.similarity,
        fmr=row.fmr,
        # The rate goes when its subject does; rows of older versions do not say.
        fmr_is_bound=row.fmr is not None and details.get("fmr_is_bound", False),
    )
