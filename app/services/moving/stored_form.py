"""The form in which an exported collection is stored, whoever has written the file."""

import re
from dataclasses import replace

import numpy as np

from app.domain.gallery import Collection, NewFace, Subject
from app.domain.metadata import clean_metadata
from app.domain.texts import clean_text, clean_url_name

_DIGEST = re.compile("[0-9a-f]{64}")
_REASON = re.compile("[a-z-]{1,64}")


def kept_collection(exported: Collection) -> Collection:
    """The collection with texts as they are stored. Raises InvalidRequestError."""
    return replace(
        exported,
        name=clean_url_name(exported.name, "collection"),
        metadata=clean_metadata(exported.metadata),
        id=clean_url_name(exported.id, "collection's id") if exported.id else "",
    )


def is_sound(face: NewFace) -> bool:
    """Whether everything that lists give out of a face can be given out."""
    box, pose, quality = face.box, face.pose, face.quality
    numbers = [box.x, box.y, box.width, box.height, pose.yaw, pose.pitch, pose.roll]
    numbers += [face.probability, quality.score, quality.sharpness, quality.brightness]
    return (
        bool(np.isfinite(numbers).all() and np.isfinite(face.landmarks).all())
        and all(_REASON.fullmatch(reason) for reason in quality.reasons)
        and (face.source_digest is None or _DIGEST.fullmatch(face.source_digest) is not None)
    )


def kept_subject(subject: Subject) -> Subject:
    """The subject with names and metadata as they are stored. Raises InvalidRequestError."""
    external_id = subject.external_id
    return replace(
        subject,
        id=clean_url_name(subject.id, "subject's id"),
        name=clean_text(subject.name, "name"),
        external_id=None if external_id is None else clean_text(external_id, "external_id"),
        metadata=clean_metadata(subject.metadata),
    )
