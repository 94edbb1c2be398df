"""Forward passes that threads share: everybody gets their own rows, whatever happens to others."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from app.domain.deadlines import Deadline, working_under
from app.domain.errors.trouble import AbandonedRequestError, DeadlineExceededError
from app.vision.running import batching
from app.vision.running.batching import SharedForward
from models.nets.parts import Part


class Pass:
    """A forward pass that can be held up, and remembers what it was given."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, ...]] = []
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self.batches.append(tuple(x.shape))
        self.hold.wait(5)
        if (x < 0).any():
            raise ValueError("negative")
        return x.flatten(1).sum(1), 2 * x


def pictures(value: float, rows: int = 1, side: int = 2) -> Tensor:
    return torch.full((rows, 3, side, side), value)


def check(outputs: Tensor | tuple[Tensor, ...], x: Tensor) -> None:
    sums, doubled = outputs
    assert torch.equal(sums, x.flatten(1).sum(1))
    assert torch.equal(doubled, 2 * x)


def held(
    shared: SharedForward, forward: Pass, pool: ThreadPoolExecutor, calls: list[Tensor]
) -> list[Future[Tensor | tuple[Tensor, ...]]]:
    """One pass under way, and the calls waiting for the next."""
    forward.hold.clear()
    first = pool.submit(shared, pictures(0))
    wait_for(lambda: len(forward.batches) == 1)
    futures = [pool.submit(shared, x) for x in calls]
    wait_for(lambda: len(shared._waiting) == len(calls))
    return [first, *futures]


def wait_for(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.001)


def test_calls_that_come_during_a_pass_share_the_next_one() -> None:
    forward = Pass()
    shared = SharedForward(forward, lanes=1)
    calls = [pictures(i, rows=i) for i in (1, 2, 3)]
    with ThreadPoolExecutor(8) as pool:
        first, *others = held(shared, forward, pool, calls)
        forward.hold.set()
        check(first.result(5), pictures(0))
        for future, x in zip(others, calls, strict=True):
            check(future.result(5), x)
    assert forward.batches == [(1, 3, 2, 2), (6, 3, 2, 2)]


def test_pictures_of_other_sizes_and_too_many_run_apart() -> None:
    forward = Pass()
    shared = SharedForward(forward, lanes=1)
    calls = [pictures(1), pictures(2, side=4), *[pictures(3, rows=4, side=150)] * 3]
    with ThreadPoolExecutor(8) as pool:
        _, *others = held(shared, forward, pool, calls)
        forward.hold.set()
        for future, x in zip(others, calls, strict=True):
            check(future.result(5), x)
    assert sorted(forward.batches[1:]) == sorted(
        [(1, 3, 2, 2), (1, 3, 4, 4), (8, 3, 150, 150), (4, 3, 150, 150)]
    )


def test_many_rows_run_in_few_sizes() -> None:
    forward = Pass()
    forward.hold.set()
    shared = SharedForward(forward, lanes=1)
    for rows in range(1, 200):
        x = torch.rand(rows, 3, 2, 2)
        check(shared(x), x)
    sizes = [batch[0] for batch in forward.batches]
    assert sizes[:16] == list(range(1, 17))
    assert len(set(sizes)) == 16 + 15
    assert all(size < 1.25 * rows for rows, size in enumerate(sizes, 1))


def test_only_parts_that_take_any_number_of_pictures_of_one_size_are_shared() -> None:
    def is_shared(part: Part) -> bool:
        alone = Pass()
        around = batching.shared(
            alone, part, lanes=1, max_wait=0, expected=lambda: 0, observer=lambda rows: None
        )
        return around is not alone

    assert is_shared(Part((None, 3, 8, 8)))
    assert not is_shared(Part((None, 3, 8, 8), rows=4))
    assert not is_shared(Part((2, 3, 8, 8)))
    assert not is_shared(Part((None, 3, None, None)))


def test_an_error_reaches_its_own_caller_alone() -> None:
    forward = Pass()
    shared = SharedForward(forward, lanes=1)
    calls = [pictures(1), pictures(-1), pictures(2)]
    with ThreadPoolExecutor(8) as pool:
        _, good, bad, fine = held(shared, forward, pool, calls)
        forward.hold.set()
        check(good.result(5), calls[0])
        check(fine.result(5), calls[2])
        with pytest.raises(ValueError, match="negative"):
            bad.result(5)


def test_a_lone_call_waits_for_nobody_and_an_expected_one_is_awaited() -> None:
    forward, coming = Pass(), [1]
    shared = SharedForward(forward, lanes=1, max_wait=30.0, expected=lambda: coming[0])
    start = time.monotonic()
    shared(pictures(1))
    assert time.monotonic() - start < 10
    coming[0] = 2
    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(shared, pictures(1))
        wait_for(lambda: len(shared._waiting) == 1)
        check(shared(pictures(2)), pictures(2))
        check(early.result(5), pictures(1))
    assert time.monotonic() - start < 20
    assert forward.batches == [(1, 3, 2, 2), (2, 3, 2, 2)]


def test_the_wait_ends() -> None:
    forward = Pass()
    shared = SharedForward(forward, lanes=1, max_wait=0.05, expected=lambda: 9)
    start = time.monotonic()
    check(shared(pictures(1)), pictures(1))
    assert 0.04 < time.monotonic() - start < 10


def test_two_lanes_run_side_by_side() -> None:
    forward = Pass()
    forward.hold.clear()
    shared = SharedForward(forward, lanes=2)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(shared, pictures(i)) for i in range(2)]
        wait_for(lambda: len(forward.batches) == 2)
        forward.hold.set()
        for future in futures:
            future.result(5)


@pytest.mark.parametrize("abandoned", [False, True])
def test_a_waiting_call_ends_with_its_request(abandoned: bool) -> None:
    forward = Pass()
    shared = SharedForward(forward, lanes=1)
    deadline = Deadline(None if abandoned else 0.1)

    def call() -> object:
        with working_under(deadline):
            return shared(pictures(1))

    with ThreadPoolExecutor(2) as pool:
        (first,) = held(shared, forward, pool, [])
        late = pool.submit(call)
        wait_for(lambda: len(shared._waiting) == 1)
        if abandoned:
            assert deadline.abandon()
        with pytest.raises(AbandonedRequestError if abandoned else DeadlineExceededError):
            late.result(5)
        assert not shared._waiting
        forward.hold.set()
        check(first.result(5), pictures(0))
    assert len(forward.batches) == 1


def test_many_threads_get_their_own_rows() -> None:
    forward, rows = Pass(), list[int]()
    shared = SharedForward(
        forward, lanes=2, max_wait=0.001, expected=lambda: 8, observer=rows.append
    )

    def caller(number: int) -> None:
        for i in range(20):
            x = pictures(100 * number + i, rows=1 + i % 3)
            check(shared(x), x)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(caller, number) for number in range(8)]:
            future.result(20)
    assert sum(rows) == 8 * sum(1 + i % 3 for i in range(20))
    assert len(rows) == len(forward.batches) < 160
