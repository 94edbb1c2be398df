"""The use cases of a collection that remembers, over a database and files in a directory."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import numpy as np

from app.domain.faces import Box, Face, Pose, Quality
from app.domain.gallery import Collection, Policy, Subject
from app.domain.people.sightings import Seen
from app.files.images import FileImageStore
from app.files.ledgers import LedgerFiles
from app.index.exact.index import ExactIndex
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.deciding.candidates import CandidateSearch
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.erasure import Erasure
from app.services.gallery.identifiers import new_id
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.notifying.events import Events
from app.services.people.group_pages import GroupPages
from app.services.people.groups import Groups
from app.services.people.joining import GroupJoiner
from app.services.people.remembering import SightingRecorder
from app.services.people.sightings import SeenFaces
from app.storage.engine import open_engines
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage
from app.vision.faces.catalogue import EncoderCatalogue
from app.vision.faces.crops import Crop
from benchmarks.galleries.big_gallery import ENCODER
from benchmarks.sightings.visitors import Faces, Visitors
from models.registry.locations import open_registry

COLLECTION = "doors"
SOURCES = ("door-1", "door-2", "door-3", "door-4", "door-5", "door-6", "door-7", "gate")
_RARE = 1_000
"""One face of so many is seen at the gate."""
_PIXELS = 224
"""Longer side of a picture's crop."""
BOX, POSE = Box(56, 56, 112, 112), Pose(0, 0, 0)
LANDMARKS = np.array([[85, 95], [139, 95], [112, 125], [90, 145], [134, 145]], np.float32)


@dataclass
class Clock:
    """The time of day, which the measurement moves on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Remembering:
    """A server's use cases without networks, and a collection that remembers all for some days."""

    def __init__(self, directory: Path, visitors: Visitors, days_kept: float) -> None:
        self.clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
        self.directory = directory
        url = f"sqlite:///{directory / 'facet.db'}"
        upgrade(url)
        self.storage = SqlStorage(open_engines(url, busy_timeout=10.0))
        key = MasterKey([bytes(range(32))])
        self.rotations = SecretRotations(key)
        self.storage.seal_with(key, self.rotations)
        files = FileImageStore(directory / "images")
        self._pictures = KeptPictures(self.storage, files, DataKeys(key))
        index = ExactIndex()
        follower = IndexFollower(self.storage, index)
        encoders = EncoderCatalogue(open_registry())
        candidates = CandidateSearch(index, follower, encoders.template_power)
        review = EnrolmentReview(self.storage, encoders, candidates)
        self.groups = Groups(self.storage, files, self._pictures, encoders, follower, review)
        self.group_pages = GroupPages(self.storage)
        self.joiner = GroupJoiner(self.storage, encoders, self.groups)
        self.recorder = SightingRecorder(self.storage, self._pictures, self.clock)
        self._erasure = Erasure(
            self.storage, files, follower, LedgerFiles(directory / "erased"), None
        )
        self.events = Events(self.storage)
        self.collection = self._collection(days_kept)
        self.subjects = self._subjects(visitors)
        self.sightings = self.as_started()
        self._crops = cycle(_pictures())
        self._seen = 0
        self.resident_at_start = resident()

    def as_started(self) -> SeenFaces:
        """The use case as a server has it that is started now: it watches the time of day."""
        return SeenFaces(self.storage, self._pictures, self._erasure, self.recorder, self.clock)

    def close(self) -> None:
        """Close the database."""
        self.storage.close()

    def faces(self, some: Faces) -> list[Seen]:
        """Faces as recognition hands them over, each a moment after the one before."""
        return [
            self._face(template, person if known else None)
            for template, person, known in zip(
                some.templates, some.people.tolist(), some.known.tolist(), strict=True
            )
        ]

    def _face(self, template: np.ndarray, named: int | None) -> Seen:
        self._seen += 1
        pixels = next(self._crops)
        pixels[0, :4, 0] = np.frombuffer(self._seen.to_bytes(4, "little"), np.uint8)
        box = np.array([_PIXELS / 3, _PIXELS / 3, _PIXELS / 3, _PIXELS / 3], np.float32)
        quality = Quality(0.3 + 0.7 * (self._seen % 997) / 997)
        crop = Crop(pixels, box)
        face = Face(BOX, 0.99, LANDMARKS, POSE, quality, template, crop=crop)
        gate = self._seen % _RARE == 0
        source = SOURCES[-1] if gate else SOURCES[self._seen % (len(SOURCES) - 1)]
        known = named is not None
        return Seen(
            self.collection,
            self.clock.now + timedelta(milliseconds=self._seen % 86_400_000),
            source,
            face,
            template,
            ENCODER,
            "known" if known else "unknown",
            None if named is None else self.subjects[named],
            0.8 if known else None,
            1e-5 if known else None,
            fmr_is_bound=False,
        )

    def _collection(self, days_kept: float) -> Collection:
        policy = Policy(remember="all", remember_days=days_kept, remember_per_day=1_000_000)
        made = Collection(new_id(), COLLECTION, ENCODER, True, {}, self.clock.now, policy=policy)
        with self.storage.write() as uow:
            return uow.collections.add(made)

    def _subjects(self, visitors: Visitors) -> dict[int, str]:
        """Ids by number of those who have a name."""
        now = self.clock.now
        made = {
            number: Subject(new_id(), self.collection.id, f"Person {number}", None, {}, now, now)
            for number in visitors.enrolled
        }
        with self.storage.write() as uow:
            for subject in made.values():
                uow.subjects.add(subject)
        return {number: subject.id for number, subject in made.items()}


def resident() -> int:
    """Bytes of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _pictures() -> list[np.ndarray]:
    """(_PIXELS, _PIXELS, 3) pictures with about as much in them as a face has."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (16, 28, 28, 3), dtype=np.uint8)
    return [np.kron(one, np.ones((8, 8, 1), np.uint8)) for one in coarse]
