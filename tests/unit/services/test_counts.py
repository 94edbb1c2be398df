"""Counting subjects for a threshold: never far out, and seldom."""

from types import SimpleNamespace
from typing import cast

from app.domain.gallery import Collection
from app.services.deciding.counts import SubjectCounts
from app.services.ports import UnitOfWork

STAFF = cast(Collection, SimpleNamespace(id="staff"))


class Rows:
    """A collection that tells how often it was counted."""

    def __init__(self, count: int) -> None:
        self.count, self.head, self.asked = count, 7, 0
        self.erasures = 0
        self.subjects = SimpleNamespace(count=self._count)
        self.changes = SimpleNamespace(head=lambda: self.head, erasures=lambda: self.erasures)

    def _count(self, collection: str, *, with_faces: bool) -> int:
        assert (collection, with_faces) == ("staff", True)
        self.asked += 1
        return self.count

    def grow(self, by: int) -> None:
        self.count += by
        self.head += by

    def seen(self, counts: SubjectCounts) -> int:
        return counts.of(cast(UnitOfWork, self), STAFF, None)


def test_a_small_collection_is_counted_after_every_change() -> None:
    rows, counts = Rows(3), SubjectCounts()
    assert [rows.seen(counts), rows.seen(counts)] == [3, 3]
    assert rows.asked == 1
    for _ in range(20):
        rows.grow(1)
        assert rows.seen(counts) == rows.count


def test_a_big_one_is_a_thousandth_out_at_most_and_seldom_counted() -> None:
    rows, counts = Rows(50_000), SubjectCounts()
    for _ in range(5_000):
        rows.grow(1)
        assert 0 <= rows.count - rows.seen(counts) <= rows.count / 1000
    assert rows.asked <= 5_000 / 50 + 1


def test_a_log_that_went_back_is_another_database() -> None:
    rows, counts = Rows(50_000), SubjectCounts()
    rows.seen(counts)
    rows.head, rows.count = 5, 2
    assert rows.seen(counts) == 2


def test_a_move_that_empties_a_subject_is_seen_without_a_line_in_the_log() -> None:
    rows, counts = Rows(3), SubjectCounts()
    rows.seen(counts)
    rows.count, rows.erasures = 2, 1
    assert rows.seen(counts) == 2
