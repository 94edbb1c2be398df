"""Who is listed of a collection, in every database, open and sealed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.people.listing import SubjectFilter
from app.domain.people.rights import Consent, Rights
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
NAMES = ("ada", "bob", "cy", "dee", "eve")
WANTED: dict[str, tuple[SubjectFilter, tuple[str, ...]]] = {
    "everybody": (SubjectFilter(), NAMES),
    "without faces": (SubjectFilter(max_faces=0), ("dee", "eve")),
    "few faces": (SubjectFilter(max_faces=1), ("bob", "cy", "dee", "eve")),
    "some face": (SubjectFilter(min_faces=1), ("ada", "bob", "cy")),
    "faces from 0": (SubjectFilter(min_faces=0), NAMES),
    "exactly two": (SubjectFilter(min_faces=2, max_faces=2), ("ada",)),
    "metadata": (SubjectFilter(where={"team": "engines"}), ("ada", "cy", "eve")),
    "metadata and faces": (SubjectFilter(where={"team": "engines"}, max_faces=1), ("cy", "eve")),
    "restricted": (SubjectFilter(restricted=True), ("bob",)),
    "not restricted": (SubjectFilter(restricted=False), ("ada", "cy", "dee", "eve")),
    "no consent": (SubjectFilter(consent="none"), ("bob", "eve")),
    "consent holds": (SubjectFilter(consent="valid"), ("ada", "dee")),
    "consent ended": (SubjectFilter(consent="ended"), ("cy",)),
    "since": (SubjectFilter(since=NOW + 2 * HOUR), ("cy", "dee", "eve")),
    "until": (SubjectFilter(until=NOW + 2 * HOUR), ("ada", "bob")),
}


def consent(expires_at: datetime | None) -> Consent:
    return Consent("consent", "form 7", NOW - HOUR, expires_at, None, NOW, "local")


RIGHTS = {
    "ada": Rights(consent=consent(NOW + HOUR)),
    "bob": Rights(restricted_at=NOW),
    "cy": Rights(consent=consent(NOW - timedelta(minutes=1))),
    "dee": Rights(consent=consent(None)),
}


@pytest.fixture(params=[False, True], ids=["open", "sealed"])
def people(storage: SqlStorage, samples: Samples, request: pytest.FixtureRequest) -> SqlStorage:
    """Five people, made an hour after each other, and one of another collection."""
    key = MasterKey([bytes(32)])
    storage.seal_with(key, None, CollectionKeys(key))
    with storage.write() as work:
        work.collections.add(samples.collection(sealed=request.param))
        work.collections.add(samples.collection("other"))
        work.subjects.add(samples.subject("zoe", collection_id="col-other"))
        for number, name in enumerate(NAMES):
            team = "engines" if number % 2 == 0 else "brakes"
            made = NOW + number * HOUR
            work.subjects.add(
                samples.subject(name, metadata={"team": team}, created_at=made, updated_at=made)
            )
            work.rights.put("col-staff", f"sub-{name}", RIGHTS.get(name, Rights()))
        for seed, name in enumerate(("ada", "ada", "bob", "cy")):
            work.faces.add(samples.face(f"sub-{name}", seed=seed))
    return storage


def test_those_who_meet_all_conditions_are_listed(people: SqlStorage) -> None:
    with people.read() as work:
        found = {
            title: tuple(
                one.name for one in work.subjects.list("col-staff", wanted, after=None, limit=9)
            )
            for title, (wanted, _) in WANTED.items()
        }
    assert found == {title: expected for title, (_, expected) in WANTED.items()}


def test_the_newest_first_go_over_pages_too(people: SqlStorage) -> None:
    seen: list[str] = []
    last = None

    def page() -> Sequence[str]:
        return [
            one.id
            for one in work.subjects.list(
                "col-staff", SubjectFilter(max_faces=1), after=last, limit=3, newest_first=True
            )
        ]

    with people.read() as work:
        while ids := page():
            seen += ids
            last = ids[-1]
    assert seen == ["sub-eve", "sub-dee", "sub-cy", "sub-bob"]
