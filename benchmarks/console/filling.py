"""A gallery as large as operators have: people with pictures, and groups without a name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle

import numpy as np

from app.bootstrap.stores import Stores, open_stores
from app.cli.demo.portraits import cropped, eileen, encoded, grace
from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.domain.people.sightings import NewSighting, picture_owner
from app.protection.data_keys import DataKeys
from app.services.gallery.identifiers import new_id
from app.services.gallery.image_files import KeptPictures
from app.services.ports import UnitOfWork
from app.settings import Settings
from benchmarks.galleries.big_gallery import ENCODER
from benchmarks.galleries.drawn.synthetic import Floats, Population

COLLECTION = "large"
_BATCH = 500
_IN_GROUP = 4
_SIDE = 224
"""Pixels of a kept picture."""
_NOW = datetime.now(UTC)
_BOX, _LANDMARKS, _POSE = Box(56, 56, 112, 112), np.zeros((5, 2), np.float32), Pose(0, 0, 0)


def fill(settings: Settings, people: int, groups: int) -> None:
    """Write so many people with a picture each, and so many groups, through the storage."""
    stores = open_stores(settings)
    pictures = KeptPictures(stores.storage, stores.images, DataKeys(stores.master_key))
    collection = Collection(new_id(), COLLECTION, ENCODER, True, {}, _NOW)
    with stores.storage.write() as uow:
        uow.collections.add(collection)
    shown = cycle(_portraits())
    templates = _templates(people + groups * _IN_GROUP)
    for numbers in _batches(people):
        with stores.storage.write() as uow:
            for number in numbers:
                _person(uow, pictures, collection.id, number, next(templates), next(shown))
    for numbers in _batches(groups):
        _groups(stores, pictures, collection.id, len(numbers), templates, shown)


def _person(
    uow: UnitOfWork,
    pictures: KeptPictures,
    collection_id: str,
    number: int,
    template: Floats,
    picture: bytes,
) -> None:
    subject = Subject(new_id(), collection_id, f"Person {number:05}", None, {}, _NOW, _NOW)
    uow.subjects.add(subject)
    digest = pictures.keep(uow, subject.id, picture)
    face = (_BOX, _LANDMARKS, 1.0, _POSE, Quality(1.0))
    uow.faces.add(NewFace(collection_id, subject.id, ENCODER, template, *face, digest, _NOW))


def _groups(
    stores: Stores,
    pictures: KeptPictures,
    collection_id: str,
    count: int,
    templates: Iterator[Floats],
    shown: Iterator[bytes],
) -> None:
    with stores.storage.write() as uow:
        members: dict[int, str | None] = {}
        for _ in range(count):
            group = new_id()
            for _ in range(_IN_GROUP):
                digest = pictures.keep(uow, picture_owner(collection_id), next(shown))
                seen = NewSighting(
                    collection_id,
                    ENCODER,
                    next(templates),
                    _NOW,
                    "door",
                    None,
                    _BOX,
                    _LANDMARKS,
                    1.0,
                    _POSE,
                    Quality(1.0),
                    digest,
                    "unknown",
                )
                members[uow.sightings.add(seen)] = group
        uow.sightings.put_into_groups(members)


def _batches(count: int) -> Iterator[range]:
    for first in range(0, count, _BATCH):
        yield range(first, min(first + _BATCH, count))


def _templates(count: int) -> Iterator[Floats]:
    population, rng = Population.load(), np.random.default_rng(0)
    yield from population.images(population.identities(count, rng), rng)


def _portraits() -> list[bytes]:
    """Two portraits, turned a little each time."""
    turned = []
    for portrait in (grace(), eileen()):
        for degrees in range(-15, 16):
            picture = cropped(portrait).rotate(degrees).resize((_SIDE, _SIDE))
            turned.append(encoded(picture, quality=85))
    return turned
