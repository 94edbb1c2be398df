"""The states of jobs: where they may go, and who may see them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.jobs import Job, JobState, Visibility, is_settled, sources
from app.services.jobs.queue import visibility
from app.services.keys import LOCAL, Principal

JOB = Job(
    id="job",
    kind="test",
    key_id="mine",
    collection_id="staff",
    parameters={},
    timeout=1,
    max_attempts=2,
    created_at=datetime(2024, 5, 1, tzinfo=UTC),
)


def test_where_states_come_from() -> None:
    assert sources("queued") == {"running"}
    assert sources("running") == {"queued"}
    assert sources("succeeded") == {"running"}
    assert sources("failed") == sources("cancelled") == {"queued", "running"}


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled"])
def test_nothing_leaves_a_settled_state(state: JobState) -> None:
    assert is_settled(state)
    states: tuple[JobState, ...] = ("queued", "running", "succeeded", "failed", "cancelled")
    assert not any(state in sources(other) for other in states)


def test_queued_and_running_are_not_settled() -> None:
    assert not is_settled("queued")
    assert not is_settled("running")


def test_attempts_run_out() -> None:
    assert [replace(JOB, attempts=done).may_run_again for done in (1, 2, 3)] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("caller", "seen"),
    [
        (Principal("mine", ("read",)), True),
        (Principal("other", ("read",)), False),
        (Principal("other", ("write",)), False),
        (Principal("other", ("write",), "staff"), False),
        (Principal("other", ("admin",)), True),
        (Principal("other", ("admin",), "staff"), True),
        (Principal("other", ("admin",), "guests"), False),
        (LOCAL, True),
    ],
)
def test_who_sees_a_job(caller: Principal, seen: bool) -> None:
    assert visibility(caller).covers(JOB) is seen


def test_a_job_without_a_collection_is_its_keys_own() -> None:
    assert not Visibility("other", "staff").covers(replace(JOB, collection_id=None))
