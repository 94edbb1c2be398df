"""The process of a job, from its worker's side."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.domain.jobs import MAX_PREVIEW_BYTES, MAX_PROGRESS_BYTES, Failure, JobFile
from app.jobs.messages import Ended, Reported
from app.jobs.orders import Order, counted
from app.jobs.processes import JobProcess
from tests.job_kinds import PREVIEW, open_handler, open_nothing, open_talker


@contextmanager
def process(
    open_with: Any = open_handler, content: bytes = b"drawer", **parameters: Any
) -> Iterator[JobProcess]:
    inputs = {"content": JobFile("text/plain", content)}
    started = JobProcess(open_with, Order("job", parameters, inputs))
    try:
        yield started
    finally:
        started.kill()


def messages(started: JobProcess) -> list[Reported | Ended]:
    said: list[Reported | Ended] = []
    while not (said and isinstance(said[-1], Ended)):
        message = started.next(20)
        assert message is not None, "the process says nothing"
        said.append(message)
    return said


def ending(started: JobProcess) -> Ended:
    last = messages(started)[-1]
    assert isinstance(last, Ended)
    return last


def test_progress_then_the_result() -> None:
    with process(ticks=2) as started:
        first, second, last = messages(started)
    assert isinstance(first, Reported) and isinstance(second, Reported) and isinstance(last, Ended)
    assert (first.progress.message, first.progress.data) == ("tick 0", {"loss": 1.0})
    assert (first.preview, second.preview) == (PREVIEW, None)
    assert last.outcome == JobFile("text/plain", b"reward")


def test_inputs_larger_than_a_pipe_arrive_whole() -> None:
    content = os.urandom(5_000_000)
    with process(content=content) as started:
        outcome = ending(started).outcome
    assert isinstance(outcome, JobFile) and outcome.content == content[::-1]


def test_fractions_stay_between_nothing_and_all() -> None:
    with process(open_talker) as started:
        *reports, _ = messages(started)
    assert [one.progress.fraction for one in reports if isinstance(one, Reported)] == [
        0.0,
        1.0,
        0.5,
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        {"preview": MAX_PREVIEW_BYTES + 1},
        {"data": {"curve": "x" * MAX_PROGRESS_BYTES}},
        {"data": {"loss": float("nan")}},
    ],
    ids=["preview", "data", "nan"],
)
def test_a_kind_that_tells_too_much_is_a_bug(parameters: Any) -> None:
    with process(open_talker, **parameters) as started:
        ended = ending(started)
    assert isinstance(ended.outcome, Failure) and ended.outcome.slug == "internal-error"
    assert "ValueError" in ended.trace


def test_what_goes_wrong_while_opening_is_a_failure_as_well() -> None:
    with process(open_nothing) as started:
        ended = ending(started)
    assert isinstance(ended.outcome, Failure) and ended.outcome.slug == "internal-error"
    assert "weights" in ended.trace and "weights" not in ended.outcome.message


def test_a_process_that_dies_is_noticed() -> None:
    with process(end="crash") as started:
        with pytest.raises(EOFError):
            started.next(20)
        assert started.exit_code() == -9


def test_killing_takes_no_time() -> None:
    with process(ticks=1000) as started:
        assert isinstance(started.next(20), Reported)
        begun = time.monotonic()
        started.kill()
        assert time.monotonic() - begun < 5
        assert started.exit_code() == -9


def test_counted_work_is_reported_in_numbers_and_in_words() -> None:
    reports: list[Any] = []
    show = counted(lambda *words, **data: reports.append((*words, data)), "faces are compared")
    show(3, 4)
    show(0, 0)
    assert reports == [
        (0.75, "3 of 4 faces are compared", {"done": 3, "total": 4}),
        (1.0, "0 of 0 faces are compared", {"done": 0, "total": 0}),
    ]
