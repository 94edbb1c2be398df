"""What bulk imports of the kill test read: made-up people, the same ones for the same seed."""

import base64
import hashlib
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.domain.portable import PortableFace
from app.files.parquet import writing
from app.services.gallery.identifiers import new_id
from models.registry.registry import Registry
from tests.integration.load import altered

Known = tuple[str, str]
"""The digest of a picture, and the name of the subject that it shows."""
FIRST = "person 0"
_PICTURES, _PEOPLE = 8, 3
_MANY, _OTHERS = 1_100, 60
"""Faces of the first person, more than an index may hold dead; and of the others."""
_WITH_IMAGE = 25
"""Of so many faces of an export one has a kept image."""


def pictures_of_people(path: Path, chance: random.Random) -> set[Known]:
    """JSON lines with pictures of some people; what will be known when they are imported."""
    pictures = [(altered(chance), f"person {number % _PEOPLE}") for number in range(_PICTURES)]
    rows = [
        {"subject": name, "image_base64": base64.b64encode(picture).decode()}
        for picture, name in pictures
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return {(hashlib.sha256(picture).hexdigest(), name) for picture, name in pictures}


def export_of_people(path: Path, chance: random.Random) -> set[Known]:
    """A collection as `facet export` writes it, with more faces than tests can enrol."""
    vectors = np.random.default_rng(chance.getrandbits(32)).normal(size=(_MANY + _OTHERS, 128))
    now = datetime.now(UTC)
    people = {
        name: Subject(new_id(), "", name, None, {}, now, now)
        for name in (f"person {number}" for number in range(_PEOPLE))
    }
    names = [FIRST if i < _MANY else f"person {1 + i % (_PEOPLE - 1)}" for i in range(len(vectors))]
    chance.shuffle(names)
    faces = [
        PortableFace(
            people[name],
            _face(vector / np.linalg.norm(vector), people[name].id, now),
            altered(chance) if number % _WITH_IMAGE == 0 else None,
        )
        for number, (vector, name) in enumerate(zip(vectors, names, strict=True))
    ]
    encoder = Registry(path.parent).default("encode-faces")
    with writing(path, Collection("", path.stem, encoder, True, {}, now)) as file:
        file.write(faces)
    return {(str(one.face.source_digest), one.subject.name) for one in faces if one.face}


def _face(vector: np.ndarray, subject: str, now: datetime) -> NewFace:
    template = vector.astype(np.float32)
    return NewFace(
        collection_id="",
        subject_id=subject,
        encoder="",
        template=template,
        box=Box(0, 0, 90, 110),
        landmarks=np.zeros((5, 2), np.float32),
        probability=1.0,
        pose=Pose(0, 0, 0),
        quality=Quality(1.0, (), 50.0, 120.0),
        image_digest=None,
        created_at=now,
        source_digest=hashlib.sha256(template.tobytes()).hexdigest(),
    )
