"""A client that enrols and erases without a pause, and keeps a ledger of what was promised."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.portraits import eileen, encoded, grace

MAX_SUBJECTS = 45
"""One recognition names at most 50 subjects, and the audit wants to see all of them at once."""


@dataclass
class Face:
    """An acknowledged face, and the very picture it was enrolled with."""

    id: int
    picture: bytes


@dataclass
class Enrolment:
    """One request: its faces come together or not at all."""

    name: str
    pictures: list[bytes]
    subject: str | None = None
    faces: list[Face] = field(default_factory=list)
    acknowledged: bool = False


@dataclass
class Ledger:
    """What one client was promised about its own collection."""

    collection: str
    created: bool = False
    enrolments: list[Enrolment] = field(default_factory=list)
    erased_subjects: set[str] = field(default_factory=set)
    erased_faces: set[int] = field(default_factory=set)
    erasing: str | None = None
    """The path of the erasure that was under way when the server died."""

    def living(self) -> Iterator[tuple[str, Face]]:
        """Every face that was acknowledged and not erased, with its subject."""
        for enrolment in self.enrolments:
            if enrolment.subject is not None and enrolment.subject not in self.erased_subjects:
                for face in enrolment.faces:
                    if face.id not in self.erased_faces:
                        yield enrolment.subject, face

    def acknowledged(self) -> int:
        """Enrolments and erasures that were answered."""
        enrolled = sum(enrolment.acknowledged for enrolment in self.enrolments)
        return enrolled + len(self.erased_subjects) + len(self.erased_faces)

    def subjects(self) -> set[str]:
        """Subjects that have faces."""
        return {subject for subject, _ in self.living()}


class Worker:
    """Enrols new subjects, erases some of them, and stops when the server is gone."""

    def __init__(self, client: httpx.Client, ledger: Ledger, seed: int) -> None:
        self._client = client
        self._ledger = ledger
        self._random = random.Random(seed)

    def run(self) -> None:
        try:
            self._post("/v1/collections", json={"name": self._ledger.collection})
            self._ledger.created = True
            for number in range(MAX_SUBJECTS):
                self._enrol(number)
                if self._random.random() < 0.4 or number == 1:
                    self._erase()
        except httpx.TransportError:
            return

    def _enrol(self, number: int) -> None:
        pictures = [altered(self._random) for _ in range(self._random.randint(1, 3))]
        enrolment = Enrolment(f"{self._ledger.collection} {number}", pictures)
        self._ledger.enrolments.append(enrolment)
        path = f"/v1/collections/{self._ledger.collection}/subjects"
        enrolment.subject = self._post(path, json={"name": enrolment.name})["id"]
        send(self._client, self._ledger, enrolment)

    def _erase(self) -> None:
        living = list(self._ledger.living())
        if not living:
            return
        subject, face = self._random.choice(living)
        whole = self._random.random() < 0.5
        what = f"subjects/{subject}" if whole else f"faces/{face.id}"
        self._ledger.erasing = f"/v1/collections/{self._ledger.collection}/{what}"
        answer = self._client.delete(self._ledger.erasing)
        assert answer.status_code == 200, answer.text
        settle_erasure(self._ledger)

    def _post(self, path: str, **body: Any) -> dict[str, str]:
        answer = self._client.post(path, **body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def send(client: httpx.Client, ledger: Ledger, enrolment: Enrolment) -> None:
    """Send the enrolment, under one Idempotency-Key however often, and note what was answered."""
    answer = client.post(
        f"/v1/collections/{ledger.collection}/subjects/{enrolment.subject}/faces",
        files=[("images", picture) for picture in enrolment.pictures],
        data={"duplicates": "ignore", "min_quality": "0", "allow_repeats": "true"},
        headers={"Idempotency-Key": enrolment.name.replace(" ", "-")},
    )
    assert answer.status_code == 201 and not answer.json()["rejected"], answer.text
    results = zip(answer.json()["results"], enrolment.pictures, strict=True)
    enrolment.faces = [Face(result["face"]["id"], picture) for result, picture in results]
    enrolment.acknowledged = True


def settle_erasure(ledger: Ledger) -> None:
    """Write down that the erasure under way is done."""
    assert ledger.erasing is not None
    kind, _, name = ledger.erasing.rpartition("/")
    if kind.endswith("/subjects"):
        ledger.erased_subjects.add(name)
    else:
        ledger.erased_faces.add(int(name))
    ledger.erasing = None


def altered(chance: random.Random) -> bytes:
    """A small picture of one of the two portraits like no other: cropped, tilted, recompressed."""
    portrait = chance.choice([grace().crop((120, 20, 400, 330)), eileen().crop((140, 0, 320, 200))])
    tilted = portrait.rotate(chance.uniform(-12, 12), fillcolor=(128, 128, 128))
    small = tilted.resize((chance.randint(110, 140), chance.randint(124, 150)))
    return encoded(small, quality=chance.randint(60, 95))
