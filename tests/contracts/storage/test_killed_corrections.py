"""Corrections and groups whose process is killed: nothing is half done, and no undo is lost."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from random import Random

import pytest

from app.domain.errors import FacetError
from app.domain.people.corrections import Operation
from app.domain.people.sightings import SightingFilter
from app.services.people.group_pages import GroupPages
from app.services.people.joining import GroupJoiner
from app.services.people.regrouping import Regrouper
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service

ROUNDS, CORRECTIONS = 3, 10
"""Kills, and corrections that each process makes at least."""
TIMEOUT = 120


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff", policy={"remember": "unknown"})
    for name in ("Ada", "Bob", "Cy"):
        service.enrol(name, *(picture(name, take=take) for take in range(3)), duplicates="ignore")
    for take in range(4):
        service.recognized(picture("Dee", "Eve", take=take))
    assert service.recorder.flush(30)
    GroupJoiner(service.storage, OneEncoder(), service.groups).run()
    yield service
    service.close()


def test_killed_corrections_are_whole_and_can_be_undone(
    staff: Service, sqlite_database: str
) -> None:
    before, names = owners(staff), people(staff)
    for number in range(ROUNDS):
        begun = len(operations(staff))
        process = multiprocessing.get_context("fork").Process(
            target=correct_for_ever, args=(sqlite_database, number), daemon=True
        )
        process.start()
        ends = time.monotonic() + TIMEOUT
        while len(operations(staff)) < begun + CORRECTIONS:
            assert process.is_alive() and time.monotonic() < ends
            time.sleep(0.002)
        process.kill()
        process.join(TIMEOUT)
        assert set(owners(staff)) == set(before)
        assert set(owners(staff).values()) <= set(people(staff))
        assert_groups_are_whole(staff)
    for operation in operations(staff):
        if operation.undone_at is None:
            staff.corrections.undo("staff", operation.id)
    assert owners(staff) == before and people(staff) == names
    Regrouper(staff.storage, OneEncoder()).run(staff.collections.get("staff").id)
    assert_groups_are_whole(staff)


def correct_for_ever(url: str, seed: int) -> None:
    """Correct subjects and groups in a process of its own, until it is killed."""
    service, random = Service(url), Random(seed)
    while True:
        with suppress(FacetError):  # such as a subject that the last correction has emptied
            correct(service, random)


def correct(service: Service, random: Random) -> None:
    subjects, faces = sorted(people(service)), sorted(owners(service))
    pages = GroupPages(service.storage)
    match random.randrange(6):
        case 0 if len(subjects) > 1:
            service.corrections.merge("staff", *random.sample(subjects, 2))
        case 1:
            service.corrections.split("staff", random.sample(faces, 2), f"Part {random.random()}")
        case 2:
            service.corrections.move_faces("staff", random.sample(faces, 3), subjects[0])
        case 3:
            standing = [one.id for one in operations(service) if one.undone_at is None]
            for newest in standing[:1]:
                service.corrections.undo("staff", newest)
        case 4:
            group = random.choice(pages.page("staff")).group
            wanted = SightingFilter(group_id=group.id)
            members = [one.id for one in service.sightings.list("staff", wanted).items]
            pages.split("staff", group.id, members[:1])
        case _:
            groups = [one.group.id for one in pages.page("staff")]
            if len(groups) > 2:
                pages.merge("staff", *random.sample(groups, 2))


def owners(service: Service) -> dict[int, str]:
    """Subjects by face."""
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        return {one.id: one.subject_id for one in uow.faces.list(gallery.id, limit=100)}


def people(service: Service) -> dict[str, str]:
    """Names by subject."""
    return {one.subject.id: one.subject.name for one in service.subjects.list("staff", limit=500)}


def operations(service: Service) -> Sequence[Operation]:
    """All of them, the newest first."""
    found = [one.operation for one in service.corrections.list("staff", limit=5_000)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def assert_groups_are_whole(service: Service) -> None:
    found = service.sightings.list("staff", SightingFilter(), limit=100).items
    members = Counter(one.group_id for one in found if one.group_id is not None)
    listed = {one.group.id: one.group.size for one in GroupPages(service.storage).page("staff")}
    assert listed == members and len(found) == 8
