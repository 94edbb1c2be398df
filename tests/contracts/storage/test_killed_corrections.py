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
    before, names, seen = owners(staff), people(staff), sightings(staff)
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
        assert set(owners(staff)) >= set(before)
        assert set(owners(staff).values()) <= set(people(staff))
        assert len(owners(staff)) + len(sightings(staff)) == len(before) + len(seen)
        assert_groups_are_whole(staff)
    for operation in operations(staff):
        if operation.undone_at is None:
            staff.corrections.undo("staff", operation.id)
    assert owners(staff) == before and people(staff) == names
    assert sightings(staff) == seen
    GroupJoiner(staff.storage, OneEncoder(), staff.groups).run()
    assert sightings(staff) == seen
    Regrouper(staff.storage, OneEncoder()).run(staff.collections.get("staff").id)
    assert_groups_are_whole(staff)


def test_groups_are_rebuilt_after_a_kill(staff: Service, sqlite_database: str) -> None:
    """What a killed process has not put into groups the next one does, and nothing twice."""
    joiner = GroupJoiner(staff.storage, OneEncoder(), staff.groups)
    for number in range(ROUNDS):
        begun = len(seen(staff))
        process = multiprocessing.get_context("fork").Process(
            target=group_for_ever, args=(sqlite_database, number), daemon=True
        )
        process.start()
        ends = time.monotonic() + TIMEOUT
        while len(seen(staff)) < begun + CORRECTIONS:
            assert process.is_alive() and time.monotonic() < ends
            time.sleep(0.002)
        process.kill()
        process.join(TIMEOUT)
        joiner.run()
        Regrouper(staff.storage, OneEncoder()).run(staff.collections.get("staff").id)
        assert GroupPages(staff.storage).waiting("staff") == 0
        assert_groups_are_whole(staff)
        groups = [one.group.id for one in GroupPages(staff.storage).page("staff")]
        assert len(groups) == 2 and set(seen(staff).values()) == set(groups)  # Dee, and Eve


def group_for_ever(url: str, seed: int) -> None:
    """See two people and put them into groups in a process of its own, until it is killed."""
    service = Service(url)
    joiner = GroupJoiner(service.storage, OneEncoder(), service.groups)
    take = 1_000 * (seed + 1)
    while True:
        take += 1
        service.recognized(picture("Dee", "Eve", take=take))
        service.recorder.flush(TIMEOUT)
        joiner.run()


def seen(service: Service) -> dict[int, str | None]:
    """Groups by sighting, of however many."""
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        found = uow.sightings.list(gallery.id, limit=10_000)
    return {one.id: one.group_id for one in found}


def correct_for_ever(url: str, seed: int) -> None:
    """Correct subjects and groups in a process of its own, until it is killed."""
    service, random = Service(url), Random(seed)
    while True:
        with suppress(FacetError):  # such as a subject that the last correction has emptied
            correct(service, random)


def correct(service: Service, random: Random) -> None:
    subjects, faces = sorted(people(service)), sorted(owners(service))
    pages = GroupPages(service.storage)
    groups = [one.group.id for one in pages.page("staff")]
    match random.randrange(8):
        case 0 if len(subjects) > 1:
            service.corrections.merge("staff", *random.sample(subjects, 2))
        case 1:
            service.corrections.split("staff", random.sample(faces, 2), f"Part {random.random()}")
        case 2:
            service.corrections.move_faces("staff", random.sample(faces, 3), subjects[0])
        case 3 if groups:
            wanted = SightingFilter(group_id=random.choice(groups))
            members = [one.id for one in service.sightings.list("staff", wanted).items]
            pages.split("staff", wanted.group_id or "", members[:1])
        case 4 if len(groups) > 2:
            pages.merge("staff", *random.sample(groups, 2))
        case 5 if groups:
            new = f"Somebody {random.random()}"
            service.groups.assign("staff", random.choice(groups), new_subject=new)
        case 6 if groups:
            one, subject = random.choice(groups), random.choice(subjects)
            service.groups.assign("staff", one, subject_id=subject)
        case _:
            standing = [one.id for one in operations(service) if one.undone_at is None]
            for newest in standing[:1]:
                service.corrections.undo("staff", newest)


def owners(service: Service) -> dict[int, str]:
    """Subjects by face."""
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        return {one.id: one.subject_id for one in uow.faces.list(gallery.id, limit=100)}


def people(service: Service) -> dict[str, str]:
    """Names by subject."""
    return {one.subject.id: one.subject.name for one in service.subjects.list("staff", limit=500)}


def sightings(service: Service) -> dict[int, str | None]:
    """Groups by sighting."""
    found = service.sightings.list("staff", SightingFilter(), limit=100).items
    assert {one.decision for one in found} <= {"unknown"}
    return {one.id: one.group_id for one in found}


def operations(service: Service) -> Sequence[Operation]:
    """All of them, the newest first."""
    found = [one.operation for one in service.corrections.list("staff", limit=5_000)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def assert_groups_are_whole(service: Service) -> None:
    found = service.sightings.list("staff", SightingFilter(), limit=10_000).items
    members = Counter(one.group_id for one in found if one.group_id is not None)
    listed = {one.group.id: one.group.size for one in GroupPages(service.storage).page("staff")}
    assert listed == members
