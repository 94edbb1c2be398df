"""A collection of two people with two faces each, and an encoder that it may move to."""

from collections.abc import Callable
from typing import Any

from PIL import ImageEnhance

from app.domain.gallery import Partition
from app.domain.protection import stored_encoder
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.moving.reencoding import ReencodingResult
from app.services.use_cases import UseCases
from tests.defaults import ENCODER
from tests.portraits import eileen, encoded, grace

OLD, NEW = ENCODER, "turned@1"
PEOPLE = {"Grace Hopper": grace, "Eileen Collins": eileen}


def picture(name: str, brightness: float = 1.0) -> bytes:
    return encoded(ImageEnhance.Brightness(PEOPLE[name]()).enhance(brightness))


def enrol(cases: UseCases, name: str, brightness: float = 1.0) -> int:
    who = cases.subjects.get_or_create("staff", name)
    outcome = cases.enroller.enrol(
        "staff", who.id, [picture(name, brightness)], EnrolmentOptions(duplicates="ignore")
    )
    assert outcome.results[0].face is not None
    return outcome.results[0].face.id


def recognised(cases: UseCases, name: str) -> str | None:
    found = cases.recognizer.recognize("staff", picture(name, 0.8), RecognitionOptions())
    match = found.faces[0].verdict.match
    return None if match is None else match.subject.name


def everybody_is_recognised(cases: UseCases) -> bool:
    return all(recognised(cases, name) == name for name in PEOPLE)


def contents(cases: UseCases) -> list[tuple[Any, ...]]:
    """All that is to stay as it was."""
    faces = cases.faces.list("staff")
    subjects = {s.subject.id: s.subject for s in cases.subjects.list("staff")}
    return [
        (face.id, face.box, face.quality, face.image_digest, subjects[face.subject_id])
        for face in faces
    ]


def in_index(cases: UseCases, encoder: str) -> int:
    gallery = cases.collections.get("staff")
    partition = Partition(gallery.id, stored_encoder(encoder, gallery.rotation))
    return cases.operations._index.count(partition)


def run(
    cases: UseCases,
    encoder: str = NEW,
    during: Callable[[], object] = lambda: None,
    **options: Any,
) -> ReencodingResult:
    plan = cases.reencoder.plan("staff", encoder)

    def report(done: int, total: int) -> None:
        during()

    return cases.reencoder.run(plan, report, **options)


def without_images(cases: UseCases) -> tuple[int, int]:
    """A face that never had an image, and one whose file is lost."""
    lost = cases.faces.list("staff")[0]
    cases.collections.update("staff", {"keep_images": False})
    bare = enrol(cases, "Eileen Collins", 1.1)
    assert lost.image_digest and cases.reencoder._pictures._files.delete(lost.image_digest)
    return lost.id, bare
