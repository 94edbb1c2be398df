"""A gallery that names a person in every place where one can be named, and a search for that."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from secrets import token_hex

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
from tests.contracts.protection.traces import contents, has_word

NAMES = {
    "name": "Grace-Zbrojóvka",
    "external_id": "ext-Quizzaciously",
    "key": "favourite-Syzygy",
    "value": "Vexillölogy-1906",
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


def fresh() -> dict[str, str]:
    """Such words, which nobody has written before."""
    return {place: f"{word}-{token_hex(6)}" for place, word in NAMES.items()}


def fill(
    storage: SqlStorage, samples: Samples, *, sealed: bool, words: Mapping[str, str] = NAMES
) -> None:
    """The collection `staff`, with each of the words somewhere."""
    metadata = {words["key"]: words["value"], "more": {"deep": [words["nested"]]}, "floor": 3}
    person = {"id": SUBJECT, "external_id": words["external_id"], "metadata": metadata}
    with storage.write() as uow:
        uow.collections.add(samples.collection(sealed=sealed, metadata={}))
        uow.subjects.add(samples.subject(words["name"], **person))
        face = uow.faces.add(samples.face(SUBJECT))
        uow.labels.add(face.id, FaceLabel(10, 10, words["label"]))
        consent = Consent("consent", words["reference"], NOON, None, None, NOON, "local")
        uow.rights.put("col-staff", SUBJECT, Rights(consent=consent))
        answer = {"status": 201, "body": {"name": words["answer"]}}
        uow.idempotency.add(samples.record(subject_id=SUBJECT, response=answer))
        gone = samples.subject(words["absorbed"], id="sub-gone")
        merged = Operation("op-1", "col-staff", "merge", NOON, "local", SUBJECT, False, gone)
        was = {"id": 7, "source": words["enrolled"]}
        uow.operations.add(merged, {face.id: "sub-gone"}, {face.id: was})
        uow.sightings.add(sighting(samples, 1, source=words["source"]))
        seen = {"source": words["event"], "sighting_id": 1}
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
                found |= has_word(repr(tuple(row)).encode(), NAMES)
    return found


def named_in_files(places: Iterable[Path]) -> set[str]:
    """Places whose words stand in some file."""
    return {word for _, content in contents(list(places)) for word in has_word(content, NAMES)}
