"""A service whose pictures are embeddings, over a database of SQLite."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.deciding.events import DecisionEvent
from app.domain.faces import AnalysisOptions, Box, Face, ImageAnalysis, Pose, Quality
from app.domain.gallery import Collection, EnrolledFace, NewFace, Subject
from models.registry.curve import ThresholdCurve
from models.registry.errors import InvalidManifestError
from tests.fakes.service import Wired

NOW = datetime(2026, 1, 31, tzinfo=UTC)
ENCODER = "e@1"
DIMENSION = 16
CURVE = ThresholdCurve.of([(0.0, 1.0), (0.5, 1e-2), (0.9, 1e-4), (0.99, 1e-6)])
Vectors = NDArray[np.float32]


def directions(count: int) -> Vectors:
    """(count, DIMENSION) embeddings of people who are not alike at all."""
    return np.eye(DIMENSION, dtype=np.float32)[:count]


def between(a: Vectors, b: Vectors, share: float) -> Vectors:
    """An embedding whose similarity to `a` is `share`, and that is alike `b` for the rest."""
    mixed: Vectors = (share * a + np.sqrt(1 - share**2) * b).astype(np.float32)
    return mixed


def picture(*embeddings: Vectors) -> bytes:
    """A picture of faces, the first the largest."""
    return b"".join(embedding.tobytes() for embedding in embeddings)


class PictureAnalyser:
    """Finds in a picture the faces whose embeddings its bytes are."""

    def analyse(self, data: bytes, options: AnalysisOptions) -> ImageAnalysis:
        rows = np.frombuffer(data, np.float32).reshape(-1, DIMENSION)
        faces = tuple(face(row, size=320 >> n) for n, row in enumerate(rows))
        return ImageAnalysis(1000, 1000, faces, "d@1", options.encoder, min_face=33)


def face(embedding: Vectors, size: float = 90) -> Face:
    return Face(
        Box(0, 0, size, size),
        1.0,
        np.zeros((5, 2), np.float32),
        Pose(0, 0, 0),
        Quality(1.0),
        embedding,
    )


class Encoders:
    """One encoder, calibrated or not."""

    def __init__(self) -> None:
        self.calibrated = True
        self.power = 1.0

    def resolve(self, encoder: str | None) -> str:
        return encoder or ENCODER

    def curve(self, encoder: str) -> ThresholdCurve:
        if not self.calibrated:
            raise InvalidManifestError("The encoder was never calibrated.")
        return CURVE

    def dimension(self, encoder: str) -> int:
        return DIMENSION

    def template_power(self, encoder: str) -> float:
        return self.power

    def require_ready(self, encoder: str) -> None:
        pass


@dataclass
class Observed:
    """Keeps the decisions that it is given, and how many at once."""

    events: list[DecisionEvent] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def observe(self, events: Sequence[DecisionEvent]) -> None:
        self.events += events
        self.requests.append(len(events))


class Service(Wired):
    """Pictures are embeddings; there is a collection `staff`, and decisions are observed."""

    def __init__(self, url: str) -> None:
        self.encoders, self.analyser, self.observed = Encoders(), PictureAnalyser(), Observed()
        super().__init__(
            url,
            self.analyser,
            self.encoders,
            observers=[self.observed],
            numbers_per_subject=1000,
        )
        with self.storage.write() as uow:
            uow.collections.add(Collection("c", "staff", ENCODER, False, {}, NOW))

    def enrolled(self, name: str, *templates: Vectors) -> list[EnrolledFace]:
        """The faces of a new subject, whose id is its name."""
        with self.storage.write() as uow:
            uow.subjects.add(Subject(name, "c", name, None, {}, NOW, NOW))
            return [uow.faces.add(new_face(name, template)) for template in templates]


def new_face(subject: str, template: Vectors) -> NewFace:
    found = face(template)
    return NewFace(
        "c",
        subject,
        ENCODER,
        template,
        found.box,
        found.landmarks,
        found.probability,
        found.pose,
        found.quality,
        None,
        NOW,
    )


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    yield service
    service.close()
