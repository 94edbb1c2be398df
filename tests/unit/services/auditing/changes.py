"""One call of every action that changes the database, each on a collection of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from app.domain.gallery import NewFace
from app.domain.jobs import JobFile, JobKind
from app.domain.notifying.events import NewEvent
from app.domain.notifying.webhooks import Delivery
from app.domain.people.sightings import SightingFilter
from app.domain.portable import PortableFace
from app.domain.styles import PreparedPicture
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportItem
from app.services.enrolling.pictures import PictureOptions
from app.services.keys import LOCAL
from app.services.people.unnamed import UnnamedPicture
from app.services.use_cases import UseCases
from app.storage.unit_of_work import SqlStorage
from tests.fakes.analyser import picture

EMPTY_JOB = JobKind("made-up", 60)


@dataclass
class World:
    """The use cases, and a collection with Ada, who has two faces, and Bob, who has one."""

    cases: UseCases
    storage: SqlStorage
    place: str
    ids: dict[str, str] = field(default_factory=dict)
    faces: list[int] = field(default_factory=list)

    def filled(self) -> "World":
        self.cases.collections.create(self.place, keep_images=False)
        for name, takes in (("Ada", 2), ("Bob", 1)):
            self.ids[name] = self.cases.subjects.create(self.place, name).subject.id
            pictures = [picture(name, take=take) for take in range(1, takes + 1)]
            done = self.cases.enroller.enrol(
                self.place, self.ids[name], pictures, EnrolmentOptions()
            )
            self.faces += [one.face.id for one in done.results if one.face]
        return self

    def grouped(self) -> str:
        """The id of a group of two faces without a name."""
        self.filled()
        self.unnamed("Eve", 1, 2)
        self.cases.groups.refresh(self.place)
        return str(self.cases.groups.list(self.place).groups[0].id)

    def unnamed(self, name: str, *takes: int) -> None:
        items = [UnnamedPicture(f"{name} {n}", lambda n=n: picture(name, take=n)) for n in takes]  # type: ignore[misc]
        list(self.cases.unnamed_importer.run(self.place, items, workers=1))

    def members(self) -> list[int]:
        found = self.cases.sightings.list(self.place, SightingFilter())
        return [one.id for one in found.sightings]

    def suggested(self) -> str:
        """A suggestion that a group is Ada."""
        self.filled()
        self.unnamed("Ada", 8, 9)
        self.cases.groups.refresh(self.place)
        self.cases.suggestions.find(self.place)
        return self.cases.reviews.list(self.place)[0].stored.suggestion.id

    def portable(self, page: int = 1) -> PortableFace:
        other = replace(self, place=f"{self.place}-out", ids={}, faces=[]).filled()
        pages = list(self.cases.exporter.pages(self.cases.collections.get(other.place)))
        subject = replace(pages[0][0].subject, name="Carol", external_id=None)
        face: NewFace | None = pages[0][0].face
        assert face is not None
        return PortableFace(replace(subject, id=f"{page:032x}"), face, None)

    def key(self) -> str:
        return self.cases.keys.create("made", scopes=["read"])[0].id

    def token(self) -> str:
        return self.cases.keys.create("browser", scopes=["read"])[1]

    def job(self) -> str:
        return self.cases.jobs.submit(EMPTY_JOB, LOCAL, parameters={}).id

    def user(self, name: str = "user") -> str:
        self.filled()
        self.cases.users.create(self.place, name)
        return name


Case = Callable[[World], Callable[[], Any]]
"""Prepares, and gives the call."""


def _corrected(world: World) -> str:
    w = world.filled()
    operation = w.cases.corrections.move_faces(w.place, w.faces[:1], w.ids["Bob"]).operation
    assert operation is not None
    return operation.id


def _result(w: World) -> str:
    job = w.job()
    with w.storage.write() as uow:
        claimed = uow.jobs.claim("worker", [EMPTY_JOB.name], datetime.now(UTC))
        assert claimed is not None
        uow.jobs.succeed(claimed.id, JobFile(b"{}", "application/json"), datetime.now(UTC))
    return job


def _dead(w: World) -> str:
    hook = w.cases.webhooks.add("https://example.org/hook")[0].webhook.id
    now = datetime.now(UTC)
    with w.storage.write() as uow:
        uow.events.add([NewEvent("erased", "c", "c", {})])
    with w.storage.write() as uow:
        event = uow.events.bounds()[1]
        uow.webhooks.queue(hook, [event], now, position=event)
        for one in uow.webhooks.due(now, limit=9):
            dead = Delivery(one.id, one.webhook_id, one.event, 9, now, True, "refused")
            uow.webhooks.postpone(dead)
    return hook


def _waiting(w: World) -> Any:
    plan = w.cases.renewer.plan(w.filled().place)
    with w.storage.write() as uow:
        uow.staged.put("other@1", w.faces, np.ones((3, 4), np.float32))
    return replace(_reencoding(w), encoder="other@1", collection=plan.collection)


def _reencoding(w: World) -> Any:
    from app.services.moving.reencoding import ReencodingPlan

    return ReencodingPlan(w.cases.collections.get(w.place), "other@1", 3, 3)


def _calibrated(w: World) -> str:
    w.filled()
    for number in range(10):
        subject = w.cases.subjects.create(w.place, f"Person {number}").subject.id
        shown = picture(f"Person {number}")
        w.cases.enroller.enrol(w.place, subject, [shown], EnrolmentOptions(duplicates="ignore"))
    proposed = w.cases.calibrations.propose(w.place).proposed
    assert proposed is not None
    return proposed.id


def style(w: World, name: str) -> Any:
    with w.storage.write() as uow:
        pass
    return PreparedPicture(name.encode(), "image/jpeg", 1, 1)
