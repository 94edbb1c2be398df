"""Requests that come twice: what makes two the same, and what becomes of older servers' answers."""

from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.errors.requests import IdempotencyConflictError
from app.domain.faces import AnalysisOptions
from app.domain.gallery import IdempotencyRecord
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.gallery.idempotency import Asked, Idempotency, StoredAnswer, options_of

OPTIONS = EnrolmentOptions(min_quality=0.5, analysis=AnalysisOptions(max_faces=3))
ASKED = Asked({"enrolment": {"subject": "s"}, "options": options_of(OPTIONS)}, [b"picture"])


@dataclass
class Records:
    """A unit of work that has idempotency records alone."""

    stored: dict[tuple[str, str], IdempotencyRecord] = field(default_factory=dict)

    @property
    def idempotency(self) -> "Records":
        return self

    def get(self, key_id: str, idempotency_key: str) -> IdempotencyRecord | None:
        return self.stored.get((key_id, idempotency_key))

    def add(self, record: IdempotencyRecord) -> None:
        self.stored[record.key_id, record.idempotency_key] = record

    def remove_older_than(self, at: datetime) -> int:
        return 0


def repeatable(wire_format: str = "native", status: int = 200) -> Idempotency[Any]:
    return Idempotency("key", "once", wire_format, lambda body: StoredAnswer(status, body))


def test_the_first_status_is_replayed_with_the_first_answer() -> None:
    records: Any = Records()
    request = repeatable()
    fingerprint = request.fingerprint(ASKED)
    request.remember(records, fingerprint, "s", {"enrolled": 0})
    assert request.replay(records, fingerprint) == StoredAnswer(200, {"enrolled": 0})


def test_options_count_by_name_where_they_differ_from_their_defaults() -> None:
    assert options_of(OPTIONS) == {"min_quality": 0.5, "analysis": {"max_faces": 3}}
    older = make_dataclass("Options", [("rate", float, 1.0), ("frames", int, 3)])
    newer = make_dataclass(
        "Options", [("frames", int, 3), ("added", bool, False), ("rate", float, 1.0)]
    )
    assert options_of(older(rate=2.0)) == options_of(newer(rate=2.0)) == {"rate": 2.0}


def test_pictures_options_and_wire_format_make_another_request() -> None:
    others = [
        Asked(ASKED.named, [b"picture", b"picture"]),
        Asked(ASKED.named, [b"another"]),
        Asked({**ASKED.named, "options": {}}, ASKED.media),
    ]
    made = {repeatable().fingerprint(one) for one in (ASKED, *others)}
    made.add(repeatable("another").fingerprint(ASKED))
    assert len(made) == 5
    reordered = Asked(dict(reversed([*ASKED.named.items()])), ASKED.media)
    assert repeatable().fingerprint(reordered) == repeatable().fingerprint(ASKED)


@pytest.mark.parametrize("fingerprint", ["0" * 64, "1:" + "0" * 64, "3:" + "0" * 64, ""])
def test_an_answer_that_another_version_stored_is_a_conflict(fingerprint: str) -> None:
    records: Any = Records()
    records.add(
        IdempotencyRecord("key", "once", fingerprint, "s", {"enrolled": 1}, datetime.now(UTC))
    )
    with pytest.raises(IdempotencyConflictError, match="another version"):
        repeatable().replay(records, repeatable().fingerprint(ASKED))
