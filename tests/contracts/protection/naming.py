"""A gallery that names a person in every place where one can be named, and a search for that."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from app.domain.foreign.labels import FaceLabel
from app.domain.notifying.events import EventFilter, NewEvent
from app.domain.notifying.webhooks import Webhook
from app.domain.people.corrections import Operation
from app.domain.people.rights import Consent, Rights
from app.storage.base import Base
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import NOON, Samples
from tests.contracts.protection.test_protected_templates import sighting

NAMES = {
    "name": "Grace-Zbrojovka",
    "external_id": "ext-Quizzaciously",
    "key": "favourite-Syzygy",
    "value": "Vexillology-1906",
    "nested": "Floccinaucinihil",
    "reference": "folder-Xylophagous",
    "label": "label-Kakorrhaphio",
    "source": "door-Jentacular",
    "event": "yard-Pauciloquent",
    "answer": "answer-Tittynope",
    "absorbed": "absorbed-Gongoozler",
    "enrolled": "hall-Borborygmus",
}
"""Words that no other bytes hold, by the place that they stand in."""
SUBJECT = "sub-" + "1" * 32


def fill(storage: SqlStorage, samples: Samples, *, sealed: bool) -> None:
    """The collection `staff`, with each of the words somewhere."""
    metadata = {NAMES["key"]: NAMES["value"], "more": {"deep": [NAMES["nested"]]}, "floor": 3}
    person = {"id": SUBJECT, "external_id": NAMES["external_id"], "metadata": metadata}
    with storage.write() as uow:
        uow.collections.add(samples.collection(sealed=sealed, metadata={}))
        uow.subjects.add(samples.subject(NAMES["name"], **person))
        face = uow.faces.add(samples.face(SUBJECT))
        uow.labels.add(face.id, FaceLabel(10, 10, NAMES["label"]))
        consent = Consent("consent", NAMES["reference"], NOON, None, None, NOON, "local")
        uow.rights.put("col-staff", SUBJECT, Rights(consent=consent))
        answer = {"status": 201, "body": {"name": NAMES["answer"]}}
        uow.idempotency.add(samples.record(subject_id=SUBJECT, response=answer))
        gone = samples.subject(NAMES["absorbed"], id="sub-gone")
        merged = Operation("op-1", "col-staff", "merge", NOON, "local", SUBJECT, False, gone)
        was = {"id": 7, "source": NAMES["enrolled"]}
        uow.operations.add(merged, {face.id: "sub-gone"}, {face.id: was})
        uow.sightings.add(sighting(samples, 1, source=NAMES["source"]))
        seen = {"source": NAMES["event"], "sighting_id": 1}
        uow.events.add([NewEvent("sighted", "col-staff", "staff", seen)])
        webhook = Webhook("hook-1", "https://example.org", EventFilter(), NOON, 0)
        uow.webhooks.add(webhook)
        uow.webhooks.queue(webhook, uow.events.after(0, EventFilter(), limit=9), 1, lost=False)


def named_in_rows(storage: SqlStorage) -> set[str]:
    """Places whose words stand in some row of some table of the database."""
    found: set[str] = set()
    with storage.read() as uow:
        for table in Base.metadata.sorted_tables:
            for row in uow.subjects._connection.execute(select(table)):
                found |= _named(repr(tuple(row)).encode())
    return found


def named_in_files(places: Iterable[Path]) -> set[str]:
    """Places whose words stand in some file."""
    files = [one for place in places for one in (place, *place.rglob("*")) if one.is_file()]
    return {word for path in files for word in _named(path.read_bytes())}


def _named(content: bytes) -> set[str]:
    return {place for place, word in NAMES.items() if word.encode() in content}
