"""A claim is compared with every face of the subject, however many there are."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.faces import AnalysisOptions, Box, Face, ImageAnalysis, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.services.deciding.allowances import Allowance, Allowances
from app.services.deciding.decider import Decider
from app.services.deciding.verification import VerificationOptions, Verifier
from app.storage.unit_of_work import SqlStorage

NOW = datetime.now(UTC)
FACES = 7


class OneFace:
    """Finds in every image one face: the embedding that its bytes are."""

    def analyse(self, data: bytes, options: AnalysisOptions) -> ImageAnalysis:
        face = Face(
            Box(0, 0, 90, 90),
            1.0,
            np.zeros((5, 2), np.float32),
            Pose(0, 0, 0),
            Quality(1.0),
            np.frombuffer(data, np.float32),
        )
        return ImageAnalysis(100, 100, (face,), "d@1", options.encoder, min_face=33)


class Encoders:
    """One encoder, never calibrated."""

    def resolve(self, encoder: str | None) -> str:
        return encoder or "e@1"

    def curve(self, encoder: str) -> None:
        return None


@pytest.mark.parametrize("most", [2, 3, 100])
@pytest.mark.parametrize("shown", range(FACES))
def test_the_nearest_of_all_faces_decides(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, most: int, shown: int
) -> None:
    monkeypatch.setattr("app.services.deciding.verification._AT_ONCE", most)
    storage = SqlStorage.open(sqlite_database)
    directions = np.eye(FACES, dtype=np.float32)
    with storage.write() as uow:
        uow.collections.add(Collection("c", "staff", "e@1", False, {}, NOW))
        uow.subjects.add(Subject("s", "c", "Ann", None, {}, NOW, NOW))
        faces = [uow.faces.add(_face(direction)) for direction in directions]
    decider = Decider(Allowances(storage, Allowance(20, timedelta(days=30))))
    verifier = Verifier(storage, OneFace(), Encoders(), decider)
    probe = directions[shown].tobytes()
    verdict = verifier.claim("staff", "s", probe, VerificationOptions(similarity_threshold=0.9))
    assert verdict.match and verdict.face_id == faces[shown].id
    assert verdict.probe.min_face == 33


def _face(template: NDArray[np.float32]) -> NewFace:
    return NewFace(
        "c",
        "s",
        "e@1",
        template,
        Box(0, 0, 9, 9),
        np.zeros((5, 2), np.float32),
        1.0,
        Pose(0, 0, 0),
        Quality(1.0),
        None,
        NOW,
    )
