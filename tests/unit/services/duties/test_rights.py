"""Rights of subjects hold in every path: nobody restricted is matched, enrolled into or erased."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.auditing.entries import AuditEntry
from app.domain.errors.gallery import ConsentRequiredError, SubjectRestrictedError
from app.domain.errors.requests import InvalidRequestError
from app.domain.people.sightings import SightingFilter
from app.services.deciding.verification import VerificationOptions
from app.services.gallery.corrections import Corrections
from app.services.keys import LOCAL
from tests.fakes.analyser import picture
from tests.fakes.service import Service

ADA, BOB = "Ada Lovelace", "Bob"
CONSENT = {"basis": "consent", "reference": "form 7"}


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    """A collection `staff` with Ada and Bob."""
    service = Service(sqlite_database)
    service.collections.create("staff")
    service.enrol(ADA, picture(ADA))
    service.enrol(BOB, picture(BOB))
    yield service
    service.close()


def change(service: Service, name: str = ADA, **changes: Any) -> str:
    found = service.subjects.get_or_create("staff", name)
    service.rights.change("staff", found.id, changes)
    return found.id


def ended() -> dict[str, Any]:
    now = datetime.now(UTC)
    return {**CONSENT, "given_at": now - timedelta(days=2), "expires_at": now - timedelta(days=1)}


BARRED: list[dict[str, Any]] = [{"restricted": True}, {"consent": ended()}]


@pytest.mark.parametrize("changes", BARRED)
def test_whoever_is_barred_is_in_no_search_claim_or_warning(
    service: Service, changes: dict[str, Any]
) -> None:
    assert service.recognized(picture(ADA, BOB, take=3)) == [ADA, BOB]
    ada = change(service, **changes)
    assert service.recognized(picture(ADA, BOB, take=3)) == [None, BOB]
    assert service.recognized(picture(ADA, take=3), subjects=(ada,)) == [None]
    assert service.recognized(picture(ADA, take=3), similarity_threshold=-1.0) != [ADA]
    (other,) = service.enrol("Somebody", picture(ADA, take=4), duplicates="reject")
    assert other.error is None
    with pytest.raises(SubjectRestrictedError):
        service.verifier.claim("staff", ada, picture(ADA, take=3), VerificationOptions())
    with service.storage.read() as uow:
        (face,) = uow.faces.ids_of_subjects([ada])
    with pytest.raises(SubjectRestrictedError):
        service.verifier.claim_face("staff", face, picture(ADA, take=3), VerificationOptions())
    with pytest.raises(SubjectRestrictedError):
        service.enrol(ADA, picture(ADA, take=5))


def test_a_restriction_is_lifted_and_a_consent_renewed(service: Service) -> None:
    change(service, restricted=True)
    change(service, restricted=False, consent=ended())
    assert service.recognized(picture(ADA, take=3)) == [None]
    ada = change(service, consent=CONSENT)
    assert service.recognized(picture(ADA, take=3)) == [ADA]
    consent = service.rights.get("staff", ada).consent
    assert consent is not None and (consent.recorded_by, consent.reference) == ("local", "form 7")
    change(service, consent=None)
    assert service.recognized(picture(ADA, take=3)) == [None]


@pytest.mark.parametrize(
    "act",
    [
        lambda one, ada, bob, face: one.move_faces("staff", [face], bob),
        lambda one, ada, bob, face: one.split("staff", [face], "Nobody else"),
        lambda one, ada, bob, face: one.merge("staff", bob, ada),
    ],
)
def test_faces_of_somebody_restricted_stay_theirs(
    service: Service, act: Callable[[Corrections, str, str, int], object]
) -> None:
    ada, bob = change(service, restricted=True), service.subjects.get_or_create("staff", BOB).id
    with service.storage.read() as uow:
        (face,) = uow.faces.ids_of_subjects([ada])
    with pytest.raises(SubjectRestrictedError):
        act(service.corrections, ada, bob, face)


def test_a_merge_that_is_undone_brings_the_rights_back(service: Service) -> None:
    ada = change(service, consent=CONSENT)
    bob = service.subjects.get_or_create("staff", BOB).id
    merged = service.corrections.merge("staff", bob, ada).operation
    assert merged is not None
    service.corrections.undo("staff", merged.id)
    assert service.rights.get("staff", ada).consent is not None


def test_a_collection_may_ask_for_consent(service: Service) -> None:
    service.collections.update("staff", {"policy": {"require_consent": True}})
    with pytest.raises(ConsentRequiredError):
        service.enrol(ADA, picture(ADA, take=2))
    with pytest.raises(InvalidRequestError):
        service.collections.update("staff", {"policy": {"remember": "all"}})
    change(service, consent=CONSENT)
    assert service.enrol(ADA, picture(ADA, take=2))[0].face is not None
    change(service, consent=ended())
    with pytest.raises(SubjectRestrictedError):
        service.enrol(ADA, picture(ADA, take=3))


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": {"basis": "because", "reference": "x"}},
        {"consent": {"basis": "consent", "reference": " "}},
        {"consent": {**CONSENT, "expires_at": datetime(2030, 1, 1)}},
        {"consent": {**CONSENT, "given_at": datetime(2200, 1, 1, tzinfo=UTC)}},
        {"keep_days": 0.0},
        {"keep_days": 1.0, "keep_until": datetime(2030, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_cannot_be_recorded_is_told(service: Service, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        change(service, **changes)


def test_whose_time_is_over_goes_with_a_receipt(service: Service) -> None:
    ada = change(service, consent=ended())
    bob = change(service, BOB, keep_until=datetime.now(UTC) - timedelta(hours=1))
    held = change(service, "Cy", restricted=True, keep_until=datetime(2020, 1, 1, tzinfo=UTC))
    change(service, "Dee", keep_days=1.0)
    planned = service.retention.run("staff", dry_run=True)
    assert {one.due.subject_id: one.due.reason for one in planned} == {
        ada: "consent-ended",
        bob: "keep-until",
    }
    assert service.subjects.find("staff", ADA) is not None
    service.retention.enforce()
    assert [one for one in map(service.subjects.find, ["staff"] * 2, (ADA, BOB)) if one] == []
    assert service.subjects.get("staff", held).subject.name == "Cy"
    reasons = {json.loads(one.content)["reason"] for one in service.receipts.list(LOCAL)}
    assert reasons == {"consent-ended", "keep-until"}
    with service.storage.read() as uow:
        assert uow.rights.get(ada).consent is None
        assert uow.ledger.erased_subjects([ada, bob, held]) == {ada, bob}


def test_a_collection_keeps_nobody_longer_than_its_policy_says(service: Service) -> None:
    service.collections.update("staff", {"policy": {"keep_days": 1e-9}})
    assert {one.due.reason for one in service.retention.run("staff")} == {"retention"}
    assert service.subjects.list("staff") == []
    with pytest.raises(InvalidRequestError):
        service.collections.update("staff", {"policy": {"keep_days": 0.0}})


def test_a_subject_gets_everything_that_is_kept_of_them(service: Service) -> None:
    ada = change(service, consent=CONSENT)
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        (face,) = uow.faces.ids_of_subjects([ada])
    now = datetime.now(UTC)
    about: dict[str, Any] = {"collection_id": gallery.id}
    with service.storage.append_audit() as audit:
        audit.append(
            [
                AuditEntry(now, "get-subject", "done", subject_id=ada, **about),
                AuditEntry(now, "get-picture", "done", face_ids=(face,), **about),
                AuditEntry(now, "merge", "done", details={"absorbed": ada}, **about),
                AuditEntry(now, "list-faces", "done", **about),
            ]
        )
    service.collections.update("staff", {"policy": {"remember": "all"}})
    service.recognized(picture(ADA, BOB, take=2), source="door-1")
    assert service.recorder.flush(10)
    seen = service.sightings.list("staff", SightingFilter(subject_id=ada, decision="known")).items
    content = b"".join(service.subject_exporter.export("staff", ada))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.testzip() is None
        assert made.namelist() == [
            "data.json",
            f"pictures/{face}.jpg",
            f"sightings/{seen[0].id}.jpg",
            "audit.jsonl",
        ]
        data = json.loads(made.read("data.json"))
        lines = [json.loads(line) for line in made.read("audit.jsonl").splitlines()]
    assert data["subject"]["name"] == ADA
    assert data["rights"]["consent"]["reference"] == "form 7"
    assert [one["source"] for one in data["sightings"]] == ["door-1"]
    assert [one["action"] for one in lines] == ["get-subject", "get-picture", "merge"]
