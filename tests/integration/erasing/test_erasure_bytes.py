"""After an erasure no byte run of it is left in any file, whatever form the index has."""

from pathlib import Path

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import NewFace, Subject
from app.index.growing.index import GrowingIndex
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.gallery.identifiers import new_id
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.portraits import eileen, encoded
from tests.two_encoders import OLD

STRANGERS = 120
NAME = "Somebody Unmistakable"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"index_exact_limit": 16})


def _fill(cases: UseCases) -> None:
    """Make up so many faces that the index clusters them."""
    rng = np.random.default_rng(0)
    storage = cases.operations._storage
    with storage.write() as uow:
        collection = uow.collections.get("staff")
        now = collection.created_at
        subject = Subject(new_id(), collection.id, "crowd", None, {}, now, now)
        uow.subjects.add(subject)
        for _ in range(STRANGERS):
            vector = rng.normal(size=128).astype(np.float32)
            uow.faces.add(
                NewFace(
                    collection.id,
                    subject.id,
                    OLD,
                    vector / np.linalg.norm(vector),
                    Box(0, 0, 9, 9),
                    np.zeros((5, 2), np.float32),
                    1.0,
                    Pose(0, 0, 0),
                    Quality(1.0),
                    None,
                    now,
                )
            )


def _holding(directory: Path, traces: list[bytes]) -> set[str]:
    """Names of the files that hold one of the traces."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {path.name for path in files if any(t in path.read_bytes() for t in traces)}


@pytest.mark.parametrize("change", ["after a build", "as a late addition", "before a rebuild"])
def test_nothing_of_an_erased_subject_is_left(
    cases: UseCases, settings: Settings, change: str
) -> None:
    snapshots = cases.follower._snapshots
    assert snapshots is not None
    growing = snapshots._index
    assert isinstance(growing, GrowingIndex)
    _fill(cases)
    if change == "as a late addition":
        cases.follower.catch_up()
        growing.build_now()
    subject = cases.subjects.create("staff", NAME).subject
    cases.enroller.enrol(
        "staff",
        subject.id,
        [encoded(eileen(), quality=77)],
        EnrolmentOptions(duplicates="ignore"),
    )
    cases.follower.catch_up()
    growing.build_now()
    with cases.operations._storage.read() as uow:
        faces = uow.faces.list(subject.collection_id, subject_id=subject.id, limit=9)
        _, templates = uow.faces.stored([face.id for face in faces])
    files = cases.faces._pictures._files
    kept = [files.get(str(face.image_digest)) or b"" for face in faces]
    traces = [
        template.tobytes()[start : start + 32] for template in templates for start in (0, 256)
    ]
    traces += [data[len(data) // 2 :][:64] for data in kept] + [NAME.encode()]
    assert "vectors" in _holding(settings.data_dir, traces)
    cases.erasure.subject("staff", subject.id)
    if change == "before a rebuild":
        growing._build(*next(iter(growing._growing())))
    growing.close()
    assert _holding(settings.data_dir, traces) == set()
