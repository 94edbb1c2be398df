"""A backup holds nothing that was erased or overwritten before it ended."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.jobs import Job, JobFile
from app.domain.styles import PreparedPicture, StoredStyle
from tests.contracts.conftest import NOON, Samples
from tests.contracts.moving.test_backup import Installation, picture, silent

NAME, NOTE = "Ada Unmistakable", "a note about nobody else"
UPLOAD, STYLE = b"bytes of an upload, " * 5, b"bytes of a style, " * 5


@pytest.fixture
def installation(database: str, tmp_path: Path, samples: Samples) -> Iterator[Installation]:
    """Ada with three faces: one with a picture, one of a picture that Bob shares, one without."""
    made = Installation(database, tmp_path / "images")
    with made.storage.write() as uow:
        uow.collections.add(samples.collection(metadata={"floor": NOTE}))
        uow.subjects.add(samples.subject(name=NAME, id="sub-Ada", metadata={"note": NOTE}))
        uow.subjects.add(samples.subject("Bob"))
        shared = made.pictures.keep(uow, "sub-Ada", picture(7))
        own = made.pictures.keep(uow, "sub-Ada", picture(1))
        uow.faces.add(samples.face(seed=1, image_digest=own))
        uow.faces.add(samples.face(seed=2, image_digest=shared))
        uow.faces.add(samples.face(seed=3))
        uow.faces.add(samples.face("sub-Bob", seed=4, image_digest=shared))
        uow.styles.add(
            StoredStyle("waves", 1, 1, len(STYLE), NOON), PreparedPicture(STYLE, "image/png", 1, 1)
        )
        uow.jobs.add(
            Job("job-1", "style-transfer", "key-1", None, {}, 60.0, 1, NOON),
            {"image": JobFile("image/png", UPLOAD)},
        )
    yield made
    made.engines.dispose()


def _erase_face(face: int, made: Installation) -> None:
    with made.storage.read() as uow:
        faces = uow.faces.list("col-staff", limit=9)
    made.erasure.face("staff", faces[face - 1].id)


def _erase_subject(made: Installation) -> None:
    made.erasure.subject("staff", "sub-Ada")


def _erase_collection(made: Installation) -> None:
    made.erasure.collection("staff")


def _rename(made: Installation) -> None:
    with made.storage.write() as uow:
        subject = uow.subjects.get("col-staff", "sub-Ada")
        uow.subjects.update(replace(subject, name="Somebody", metadata={}))


def _merge(made: Installation) -> None:
    """Can be undone, so that the name is kept until the subject that has the faces is erased."""
    made.corrections().merge("staff", "sub-Bob", "sub-Ada")
    made.erasure.subject("staff", "sub-Bob")


def _change_collection(made: Installation) -> None:
    with made.storage.write() as uow:
        uow.collections.update(replace(uow.collections.get("staff"), metadata={}))


def _remove_style(made: Installation) -> None:
    with made.storage.write() as uow:
        uow.styles.remove("waves")


def _cancel_job(made: Installation) -> None:
    with made.storage.write() as uow:
        assert uow.jobs.cancel("job-1", NOON)


_TEMPLATES = [Samples().template(seed).tobytes()[:64] for seed in range(5)]
_CASES: dict[str, tuple[Callable[[Installation], None], list[bytes]]] = {
    "a face with its picture": (lambda made: _erase_face(1, made), [_TEMPLATES[1], picture(1)]),
    "a face whose picture stays": (lambda made: _erase_face(2, made), [_TEMPLATES[2]]),
    "a face without picture": (lambda made: _erase_face(3, made), [_TEMPLATES[3]]),
    "a subject": (_erase_subject, [NAME.encode(), *_TEMPLATES[1:4], picture(1)]),
    "a collection": (_erase_collection, [NAME.encode(), NOTE.encode(), *_TEMPLATES[1:]]),
    "a former name": (_rename, [NAME.encode()]),
    "a merged subject, erased": (_merge, [NAME.encode()]),
    "a collection's former metadata": (_change_collection, [b'"floor"']),
    "a style": (_remove_style, [STYLE]),
    "a cancelled job's upload": (_cancel_job, [UPLOAD]),
}


def _stored(made: Installation) -> bytes:
    """The file of `picture(1)`, as it is kept."""
    with made.storage.read() as uow:
        digest = uow.faces.list("col-staff", limit=1)[0].image_digest
    assert digest is not None and made.pictures.read(digest) == picture(1)
    return made.images.get(digest) or b""


def _holds(directory: Path, trace: bytes) -> bool:
    return any(trace in path.read_bytes() for path in directory.rglob("*") if path.is_file())


@pytest.mark.parametrize("case", _CASES)
def test_what_is_erased_beside_a_backup_is_not_in_it(
    installation: Installation, tmp_path: Path, case: str
) -> None:
    erase, named = _CASES[case]
    # Pictures are kept encrypted, the key beside them: their traces are what is stored.
    traces = [_stored(installation) if trace == picture(1) else trace for trace in named]
    installation.backups.take(tmp_path / "before", silent)
    assert all(_holds(tmp_path / "before", trace) for trace in traces)
    erased = False

    def report(what: str, done: int, total: int) -> None:
        nonlocal erased
        if what == "Copying images" and done == total and not erased:
            erased = True
            erase(installation)

    taken = installation.backups.take(tmp_path / "backup", report)
    assert erased
    assert not any(_holds(tmp_path / "backup", trace) for trace in traces)
    assert installation.backups.check(tmp_path / "backup", silent) == taken


def test_a_subject_without_faces_or_pictures_in_its_collection(
    database: str, tmp_path: Path, samples: Samples
) -> None:
    made = Installation(database, tmp_path / "images")
    with made.storage.write() as uow:
        uow.collections.add(samples.collection(keep_images=False))
        uow.subjects.add(samples.subject(name=NAME, id="sub-Ada"))
    erased = False

    def report(what: str, done: int, total: int) -> None:
        nonlocal erased
        if done == total and not erased:
            erased = True
            made.erasure.subject("staff", "sub-Ada")

    made.backups.take(tmp_path / "backup", report)
    assert erased and not _holds(tmp_path / "backup", NAME.encode())
    made.engines.dispose()
