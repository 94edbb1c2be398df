"""A collection with people, groups and jobs, for calls of every action."""

import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from PIL import Image

from app.domain.jobs import JobFile, JobKind
from app.domain.notifying.events import Event
from app.domain.people.sightings import SightingFilter
from app.domain.portable import PortableFace
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportItem
from app.services.enrolling.pictures import PictureOptions
from app.services.keys import LOCAL, Principal
from app.services.moving.reencoding import ReencodingPlan
from app.services.people.unnamed import UnnamedPicture
from app.services.use_cases import UseCases
from app.storage.unit_of_work import SqlStorage
from tests.fakes.analyser import picture

EMPTY_JOB = JobKind("made-up", 60)
STRANGERS = EnrolmentOptions(duplicates="ignore")


@dataclass
class World:
    """The use cases, and a collection with Ada, who has two faces, and Bob, who has one."""

    cases: UseCases
    storage: SqlStorage
    place: str
    ids: dict[str, str] = field(default_factory=dict)
    faces: list[int] = field(default_factory=list)
    sealed: bool = False

    def __post_init__(self) -> None:
        self.cases.collections.create(self.place, keep_images=False, sealed=self.sealed)
        self.enroll("Ada", 2)
        self.enroll("Bob", 1)

    @property
    def ada(self) -> str:
        return self.ids["Ada"]

    @property
    def bob(self) -> str:
        return self.ids["Bob"]

    def enroll(self, name: str, takes: int) -> None:
        self.ids[name] = self.cases.subjects.create(self.place, name).subject.id
        shown = [picture(name, take=take + 1) for take in range(takes)]
        done = self.cases.enroller.enrol(self.place, self.ids[name], shown, STRANGERS)
        self.faces += [one.face.id for one in done.results if one.face]

    def import_unnamed(self, name: str, *takes: int) -> list[Any]:
        shown = [picture(name, take=take) for take in takes]
        items = [UnnamedPicture(f"{name} {n}", lambda p=p: p) for n, p in enumerate(shown)]  # type: ignore[misc]
        return list(self.cases.unnamed_importer.run(self.place, items, workers=1))

    def import_named(self) -> list[Any]:
        item = ImportItem("carol.jpg", "Carol", lambda: picture("Carol"))
        run = self.cases.importer.run
        return list(run(self.place, [item], EnrolmentOptions(), workers=1))

    def group(self, name: str = "Eve") -> str:
        """The id of a group of two faces without a name."""
        self.import_unnamed(name, 7, 8)
        self.cases.groups.refresh(self.place)
        return self.cases.groups.list(self.place).groups[0].id

    def groups(self) -> list[str]:
        """The ids of two groups."""
        self.group("Eve")
        self.group("Zoe")
        return [one.id for one in self.cases.groups.list(self.place).groups]

    def group_and_members(self) -> tuple[str, list[int]]:
        return self.group(), self.members()

    def members(self) -> list[int]:
        return [one.id for one in self.cases.sightings.list(self.place, SightingFilter()).items]

    def suggestion(self) -> str:
        """The id of one that says that a group is Ada."""
        self.group("Ada")
        self.cases.suggestions.find(self.place)
        return self.cases.reviews.list(self.place)[0].stored.id

    def negative(self) -> str:
        self.cases.negatives.deny(self.place, self.ada, face_ids=[self.faces[2]])
        return self.cases.negatives.list(self.place, self.ada)[0].id

    def corrected(self) -> str:
        """The id of an operation that can be undone."""
        done = self.cases.corrections.move_faces(self.place, self.faces[:1], self.bob)
        assert done.operation is not None
        return done.operation.id

    def calibration(self) -> str:
        for number in range(10):
            self.enroll(f"Person {number}", 1)
        proposed = self.cases.calibrations.propose(self.place).proposed
        assert proposed is not None
        return proposed.id

    def exported(self) -> PortableFace:
        """A face that is not here: Ada's, as if it were another's."""
        pages = self.cases.exporter.pages(self.cases.collections.get(self.place))
        one = next(iter(pages))[0]
        subject = replace(one.subject, id="0" * 32, name="Carol")
        return replace(one, subject=subject)

    def key(self) -> str:
        return self.cases.keys.create("made", scopes=["read"])[0].id

    def token(self) -> str:
        """Of a key that has just been used, so that its next use is not noted."""
        token = self.cases.keys.create("browser", scopes=["read"])[1]
        self.cases.keys.authenticate(token)
        return token

    def job(self) -> str:
        return self.cases.jobs.submit(EMPTY_JOB, LOCAL, parameters={}).id

    def result(self) -> str:
        """The id of a job with a result."""
        now, job = datetime.now(UTC), self.job()
        with self.storage.write() as uow:
            while claimed := uow.jobs.claim([EMPTY_JOB.name], "worker", now):
                result = JobFile("application/json", b"{}")
                uow.jobs.succeed(claimed, result, now, now + timedelta(days=1))
        return job

    def webhook(self, *, dead: bool = False) -> str:
        hook = self.cases.webhooks.add("https://1.1.1.1/hook")[0].webhook.id
        if dead:
            now = datetime.now(UTC)
            event = Event(1, now, "erased", "c", self.place, {})
            with self.storage.write() as uow:
                uow.webhooks.queue(uow.webhooks.get(hook), [event], 1, lost=False)
                for one in uow.webhooks.claim(now, now, 9):
                    uow.webhooks.postpone(replace(one, dead=True))
        return hook

    def user(self) -> str:
        self.cases.users.create(self.place, "user")
        return "user"

    def staged(self) -> ReencodingPlan:
        """A plan of which some templates are ready."""
        plan = ReencodingPlan(self.cases.collections.get(self.place), "other@1", 3, 3)
        with self.storage.write() as uow:
            uow.staged.put(plan.stored_as, self.faces, np.ones((3, 4), np.float32))
        return plan

    def plain_picture(self) -> None:
        """A picture as from before pictures were encrypted."""
        self.cases.collections.update(self.place, {"keep_images": True})
        self.enroll("Kim", 1)
        plain = self.cases.protector._files.put(self.place.encode())
        with self.storage.write() as uow:
            digest = uow.faces.by_ids(self.faces)[self.faces[-1]].image_digest
            assert digest is not None
            uow.images.add(plain, media_type="image/jpeg", size=1)
            uow.protection.rename_image(self.ids["Kim"], digest, plain)
            uow.images.release([digest])

    def dead(self) -> str:
        """The id of a webhook with a delivery that was given up."""
        return self.webhook(dead=True)

    def session(self) -> Principal:
        begun = self.cases.sessions.begin(self.token()).session
        return Principal(begun.key_id, ("read",), session_id=begun.id)

    def expire(self) -> None:
        """Have Ada's time end a moment after it has begun."""
        self.cases.subject_rights.change(self.place, self.ada, {"keep_days": 1e-9})

    def user_and_face(self) -> tuple[str, int]:
        user = self.user()
        options = PictureOptions(external_id=user)
        taken = self.cases.picture_enroller.enroll(self.place, picture("Zoe"), options).taken
        return user, taken[0].enrolled.face.id

    def tag(self) -> None:
        self.cases.tags.put(self.place, {"a": "b"})

    def style(self) -> str:
        self.cases.styles.create(f"style-{self.place}", jpeg())
        return f"style-{self.place}"


def jpeg() -> bytes:
    """A small picture of nothing."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (90, 60, 30)).save(file, "JPEG")
    return file.getvalue()
