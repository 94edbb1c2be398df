"""The bounded door: full means refused, places come back, and nobody waits for ever."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from app.api.executor import BoundedExecutor
from app.domain.deadlines import check_deadline, current_deadline
from app.domain.errors.trouble import AbandonedRequestError, DeadlineExceededError, OverloadedError

Scenario = Callable[[], Awaitable[None]]


def play(scenario: Scenario) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


async def asked() -> None:
    """Let the calls that were made ask for their places, in the order they were made in."""
    await asyncio.sleep(0)


async def until(true: Callable[[], bool]) -> None:
    """Wait until something that a thread does has happened."""
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        await asyncio.sleep(0.001)


def test_what_exceeds_workers_and_queue_is_refused_at_once() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=1)
        release = threading.Event()
        running = [asyncio.ensure_future(pool.run(lambda: release.wait(5))) for _ in range(2)]
        await asked()
        with pytest.raises(OverloadedError):
            await pool.run(lambda: release.wait(5))
        release.set()
        assert await asyncio.gather(*running) == [True, True]
        assert await pool.run(lambda: "free again") == "free again"
        pool.close()

    play(scenario)


def test_an_error_of_the_call_reaches_the_caller_and_frees_the_place() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 / 0)
        pool.close()

    play(scenario)


def test_who_waits_and_goes_away_gives_the_place_back_at_once() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=1)
        release, gone = threading.Event(), asyncio.get_running_loop().create_future()
        order: list[str] = []

        def work() -> None:
            assert release.wait(5)
            order.append("first")

        first = asyncio.ensure_future(pool.run(work))
        waiting = asyncio.ensure_future(pool.run(lambda: order.append("never"), gone=gone))
        await asked()
        gone.set_result(None)
        with pytest.raises(AbandonedRequestError):
            await waiting
        second = asyncio.ensure_future(pool.run(lambda: order.append("in its place")))
        await asked()
        release.set()
        await asyncio.gather(first, second)
        assert order == ["first", "in its place"]
        pool.close()

    play(scenario)


def test_work_whose_client_goes_away_stops_at_its_next_step() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=0)
        gone = asyncio.get_running_loop().create_future()
        steps = []

        def work() -> None:
            for step in range(1000):
                check_deadline()
                steps.append(step)
                time.sleep(0.005)

        call = asyncio.ensure_future(pool.run(work, gone=gone))
        await until(lambda: bool(steps))
        gone.set_result(None)
        with pytest.raises(AbandonedRequestError):
            await call
        await until(lambda: pool._small.running == 0)
        assert len(steps) < 1000
        assert await pool.run(lambda: "free again") == "free again"
        pool.close()

    play(scenario)


@pytest.mark.parametrize("waits", [False, True])
def test_the_answer_comes_before_the_deadline_whatever_the_work_does(waits: bool) -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=1, seconds=0.1)
        release = threading.Event()
        start = time.monotonic()
        calls = [pool.run(lambda: release.wait(5)) for _ in range(1 + waits)]
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(outcome, DeadlineExceededError)
        assert 0.08 < time.monotonic() - start < 4
        release.set()
        pool.close()

    play(scenario)


def test_what_is_about_to_be_stored_is_finished_after_the_deadline() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=0, seconds=0.1)

        def store() -> str:
            current_deadline().seal()
            time.sleep(0.2)
            check_deadline()
            return "stored"

        assert await pool.run(store) == "stored"
        pool.close()

    play(scenario)


def test_heavy_requests_leave_workers_and_queue_to_small_ones() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=2, queue=4)  # one heavy at once, one waiting
        release = threading.Event()
        heavy = [
            asyncio.ensure_future(pool.run(lambda: release.wait(5), heavy=True)) for _ in range(2)
        ]
        await asked()
        with pytest.raises(OverloadedError):
            await pool.run(lambda: None, heavy=True)
        small = await asyncio.wait_for(
            asyncio.gather(*(pool.run(lambda: "done") for _ in range(3))), 1
        )
        assert small == ["done"] * 3
        assert not any(call.done() for call in heavy)
        release.set()
        assert await asyncio.gather(*heavy) == [True, True]
        pool.close()

    play(scenario)


def test_calls_start_in_the_order_of_their_arrival() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=8)
        order: list[int] = []
        calls = [
            pool.run(partial(order.append, number), heavy=number % 3 == 0) for number in range(5)
        ]
        await asyncio.gather(*calls)
        assert order == sorted(order)
        pool.close()

    play(scenario)


def test_keys_take_turns_however_many_requests_one_of_them_has() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=16)
        order: list[str] = []
        release = threading.Event()
        first = asyncio.ensure_future(pool.run(lambda: release.wait(5), key="a"))
        calls = [
            asyncio.ensure_future(pool.run(partial(order.append, key), key=key))
            for key in "aaaaaabbc"
        ]
        await asked()
        release.set()
        await asyncio.gather(first, *calls)
        assert order == list("abcabaaaa")
        pool.close()

    play(scenario)


def test_the_second_step_of_a_request_is_not_refused_and_goes_first() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=2)
        order: list[str] = []
        arrival = pool.arrival()
        assert await pool.run(lambda: "read", arrival=arrival) == "read"
        release = threading.Event()
        held = asyncio.ensure_future(pool.run(lambda: release.wait(5)))
        later = [asyncio.ensure_future(pool.run(partial(order.append, one))) for one in "ab"]
        await asked()
        with pytest.raises(OverloadedError):
            await pool.run(lambda: order.append("newcomer"))
        second = asyncio.ensure_future(pool.run(lambda: order.append("second"), arrival=arrival))
        await asked()
        release.set()
        await asyncio.gather(held, *later, second)
        assert order == ["second", "a", "b"]
        pool.close()

    play(scenario)


def test_a_request_that_turns_out_heavy_is_refused_like_any_heavy_one() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=2, queue=4)  # one heavy at once, one waiting
        arrival = pool.arrival()
        await pool.run(lambda: None, arrival=arrival)
        release = threading.Event()
        heavy = [
            asyncio.ensure_future(pool.run(lambda: release.wait(5), heavy=True)) for _ in range(2)
        ]
        await asked()
        with pytest.raises(OverloadedError):
            await pool.run(lambda: None, heavy=True, arrival=arrival)
        release.set()
        await asyncio.gather(*heavy)
        pool.close()

    play(scenario)


def test_a_key_with_a_share_leaves_the_other_workers_and_the_queue_to_others() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=3, queue=8)
        release = threading.Event()
        at_work: list[int] = []

        def work() -> bool:
            at_work.append(1)
            return release.wait(5)

        own = [asyncio.ensure_future(pool.run(work, key="a", share=1)) for _ in range(3)]
        await asked()
        with pytest.raises(OverloadedError):  # one runs, two wait: a quarter of the queue
            await pool.run(work, key="a", share=1)
        others = [pool.run(lambda: "done", key=key) for key in "bcbc"]
        assert await asyncio.wait_for(asyncio.gather(*others), 5) == ["done"] * 4
        assert len(at_work) == 1 and not any(call.done() for call in own)
        release.set()
        assert await asyncio.gather(*own) == [True] * 3
        assert not pool._at_work
        pool.close()

    play(scenario)


def test_a_share_is_given_back_by_those_who_go_away() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=2, queue=8)
        gone = asyncio.get_running_loop().create_future()
        release = threading.Event()
        held = asyncio.ensure_future(pool.run(lambda: release.wait(5), key="a", share=1))
        waiting = asyncio.ensure_future(pool.run(lambda: None, key="a", share=1, gone=gone))
        await asked()
        gone.set_result(None)
        with pytest.raises(AbandonedRequestError):
            await waiting
        release.set()
        assert await held
        assert await pool.run(lambda: "next", key="a", share=1) == "next"
        pool.close()

    play(scenario)
