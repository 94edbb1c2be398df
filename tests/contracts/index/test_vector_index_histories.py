"""What every vector index has to do over time: long histories, searches beside changes, growth."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.domain.gallery import Partition
from app.services.ports import VectorIndex
from tests.contracts.engines import EmptyIndex, examples, ids, in_process, unit

HERE = Partition("collection", "encoder@1")
ELSEWHERE = Partition("collection", "encoder@2")


POOL = unit(6, 4)  # few vectors, so that ties are common
PARTITIONS = st.sampled_from([HERE, ELSEWHERE])
NUMBERS = st.lists(st.integers(1, 12), min_size=1, max_size=6)


class History(RuleBasedStateMachine):
    """Changes and searches of an index, and a dictionary that has to agree with it."""

    def __init__(self, empty_index: EmptyIndex) -> None:
        super().__init__()
        self.index = empty_index()
        self.model: dict[Partition, dict[int, int]] = {HERE: {}, ELSEWHERE: {}}
        self.seq = 0

    @rule(partition=PARTITIONS, numbers=NUMBERS, choice=st.randoms(use_true_random=False))
    def add(self, partition: Partition, numbers: list[int], choice: Any) -> None:
        chosen = [choice.randrange(len(POOL)) for _ in numbers]
        self.seq += 1
        self.index.add(partition, ids(*numbers), POOL[chosen], seq=self.seq)
        self.model[partition].update(zip(numbers, chosen, strict=True))

    @rule(partition=PARTITIONS, numbers=NUMBERS)
    def remove(self, partition: Partition, numbers: list[int]) -> None:
        self.seq += 1
        self.index.remove(partition, ids(*numbers), seq=self.seq)
        for number in numbers:
            self.model[partition].pop(number, None)

    @rule(partition=PARTITIONS)
    def drop(self, partition: Partition) -> None:
        self.seq += 1
        self.index.remove(partition, None, seq=self.seq)
        self.model[partition].clear()

    @rule(partition=PARTITIONS, probe=st.integers(0, 5), k=st.integers(1, 14))
    def search(self, partition: Partition, probe: int, k: int) -> None:
        similarities, found = self.index.search(partition, POOL[probe : probe + 1], k)
        wanted = sorted(
            (-round(float(POOL[probe] @ POOL[row]), 4), number)
            for number, row in self.model[partition].items()
        )[:k]
        assert found[0].tolist() == [number for _, number in wanted]
        np.testing.assert_allclose(similarities[0], [-s for s, _ in wanted], atol=1e-3)

    @invariant()
    def counts(self) -> None:
        for partition, vectors in self.model.items():
            assert self.index.count(partition) == len(vectors)
        assert self.index.watermark() == self.seq


def test_any_history_agrees_with_a_dictionary(empty_index: EmptyIndex) -> None:
    class HistoryOfTheEngine(History):
        def __init__(self) -> None:
            super().__init__(empty_index)

    run_state_machine_as_test(
        HistoryOfTheEngine,
        settings=settings(
            max_examples=examples(empty_index()),
            stateful_step_count=25,
            deadline=None,
            database=None,
        ),
    )


def search_whole_pairs(index: VectorIndex, fixed: Any, done: threading.Event) -> None:
    """Search until it is done: every search sees each change whole."""
    while not done.is_set():
        similarities, found = index.search(HERE, fixed[:2], 10_000)
        numbers = found[0].tolist()
        assert len(set(numbers)) == len(numbers)
        assert set(range(1, 51)) <= set(numbers)
        assert (len(numbers) - 50) % 2 == 0
        assert found[:, 0].tolist() == [1, 2]
        assert np.all(similarities <= 1.001)


def change_pairs(index: VectorIndex, steps: int, done: threading.Event) -> None:
    """Add so many pairs, and remove every third again."""
    try:
        for step in range(steps):
            pair = ids(1000 + 2 * step, 1001 + 2 * step)
            index.add(HERE, pair, unit(2, 32, seed=step + 10), seq=2 * step + 2)
            if step % 3 == 0:
                index.remove(HERE, pair, seq=2 * step + 3)
    finally:
        done.set()


def test_searches_beside_changes(index: VectorIndex) -> None:
    fixed = unit(50, 32)
    steps = 150 if in_process(index) else 30
    index.add(HERE, np.arange(1, 51), fixed, seq=1)
    done = threading.Event()
    with ThreadPoolExecutor(5) as pool:
        work = [pool.submit(search_whole_pairs, index, fixed, done) for _ in range(4)]
        work.append(pool.submit(change_pairs, index, steps, done))
        for one in work:
            one.result(timeout=300)
    assert index.count(HERE) == 50 + 2 * (steps - steps // 3)


def test_adding_one_by_one_costs_no_copy_of_everything(index: VectorIndex) -> None:
    """Growth by doubling: a thousand single additions to a big partition stay quick."""
    there, additions = (40_000, 1000) if in_process(index) else (4_000, 50)
    index.add(HERE, np.arange(1, there + 1), unit(there, 128), seq=1)
    one = unit(1, 128)
    start = time.thread_time()
    for number in range(additions):
        index.add(HERE, ids(50_000 + number), one, seq=2 + number)
    # Copying 20 MB each time would take several seconds.
    assert time.thread_time() - start < 2.0
