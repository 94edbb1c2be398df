"""How many numbers of a subject a key is given."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from app.domain.deciding.disclosure import is_standard, stricter_standard
from app.domain.deciding.identification import Candidate, Threshold
from app.domain.deciding.terms import SearchTerms
from app.domain.errors.trouble import DatabaseLockedError
from app.domain.gallery import Collection, Subject
from app.services.deciding.allowances import Allowance, Allowances
from app.services.deciding.disclosure import Disclosure
from app.services.keys import LOCAL, Keys, Principal, ask_as
from app.storage.unit_of_work import SqlStorage
from models.registry.curve import ThresholdCurve

NOW = datetime.now(UTC)
CURVE = ThresholdCurve.of([(0.5, 1.0), (0.8, 1e-2), (0.9, 1e-4)])
DAY = 86_400.0


@pytest.fixture
def storage(database: str) -> Iterator[SqlStorage]:
    """With two subjects and a key, which asks."""
    storage = SqlStorage.open(database)
    with storage.write() as uow:
        uow.collections.add(Collection("c", "staff", "e@1", False, {}, NOW))
        for name in ("ann", "bob"):
            uow.subjects.add(Subject(name, "c", name, None, {}, NOW, NOW))
    key = Keys(storage).create("door", scopes=["read"])[0]
    ask_as(Principal(key.id, ("read",)))
    yield storage
    ask_as(LOCAL)
    storage.close()


@pytest.fixture
def process(storage: SqlStorage) -> Callable[..., Allowances]:
    """A process of the server, with twelve numbers in thirty days."""

    def made(day: float = 0.0) -> Allowances:
        return Allowances(storage, Allowance(12, timedelta(days=30)), lambda: day * DAY)

    return made


def granted(allowances: Allowances, subject: str = "ann") -> int:
    """How many numbers are given until there are no more."""
    number = 0
    while not allowances.take({subject: 1}).subjects:
        number += 1
        assert number < 100
    return number


def test_numbers_end_and_come_back_with_the_next_period(
    process: Callable[..., Allowances],
) -> None:
    allowances = process(day=31)
    assert granted(allowances) == 12
    withheld = allowances.take({"ann": 1, "bob": 1})
    assert withheld.subjects == {"ann"}
    assert withheld.until == datetime.fromtimestamp(60 * DAY, UTC)
    assert granted(process(day=60)) == 12


def test_processes_together_give_no_more_than_one(process: Callable[..., Allowances]) -> None:
    given = sum(not process().take({"ann": 1}).subjects for _ in range(20))
    assert 0 < given <= 3  # each reserved a block, and ended
    one, other = process(), process()
    assert granted(one, "bob") + granted(other, "bob") == 12


def test_one_who_is_used_up_is_withheld_whether_alike_or_not(
    process: Callable[..., Allowances],
) -> None:
    allowances = process()
    assert not allowances.take({"ann": 0}).subjects
    granted(allowances)
    assert allowances.take({"ann": 0}).subjects == {"ann"}


def test_whoever_is_on_the_machine_is_not_counted(
    storage: SqlStorage, process: Callable[..., Allowances]
) -> None:
    ask_as(LOCAL)
    assert not any(process().take({"ann": 1}).subjects for _ in range(50))


def test_where_it_cannot_be_counted_nothing_is_given(
    storage: SqlStorage, process: Callable[..., Allowances], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: bool) -> None:
        raise DatabaseLockedError("The database is locked.")

    monkeypatch.setattr(storage, "write", locked)
    assert process().take({"ann": 1}).subjects == {"ann"}


def counted(database: str) -> list[tuple[str, int]]:
    engine = create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT subject_id, numbers FROM allowances ORDER BY 1"))
        found = [(row[0], row[1]) for row in rows]
    engine.dispose()
    return found


def test_counts_go_with_subject_key_and_period(
    storage: SqlStorage, process: Callable[..., Allowances], database: str
) -> None:
    process().take({"ann": 1, "bob": 1})
    assert counted(database) == [("ann", 5), ("bob", 5)]
    with storage.write() as uow:
        uow.subjects.remove("ann")
    assert counted(database) == [("bob", 5)]
    process(day=30).take({"ann": 1})  # whom there is not any more
    assert counted(database) == []
    process(day=30).take({"bob": 1})
    keys = Keys(storage)
    keys.revoke(keys.list()[0].id)
    assert counted(database) == []


def test_a_merged_subject_brings_its_counts(
    storage: SqlStorage, process: Callable[..., Allowances]
) -> None:
    granted(process(), "ann")
    with storage.write() as uow:
        uow.allowances.move("ann", "bob")
        uow.subjects.remove("ann")
    assert process().take({"bob": 1}).subjects == {"bob"}


@pytest.mark.parametrize(
    ("fmr", "standard", "stricter"),
    [(1e-3, True, 1e-3), (2e-3, False, 1e-3), (0.3, False, 1e-2), (1e-2, True, 1e-2)],
)
def test_own_thresholds_move_to_the_next_stricter_power_of_ten(
    fmr: float, standard: bool, stricter: float
) -> None:
    threshold = Threshold(CURVE.similarity(fmr), fmr)
    assert is_standard(threshold) is standard
    moved = stricter_standard(threshold, CURVE)
    assert moved.fmr == pytest.approx(stricter)
    assert moved.similarity >= threshold.similarity - 1e-9


def test_without_a_curve_a_threshold_moves_to_the_next_twentieth() -> None:
    assert stricter_standard(Threshold(0.62, None), None) == Threshold(0.65, None)
    assert stricter_standard(Threshold(0.99, None), None) == Threshold(1.0, None)


def test_a_search_decides_as_ever_when_numbers_are_used_up(
    process: Callable[..., Allowances],
) -> None:
    disclosure = Disclosure(process())
    ranked = [[Candidate("ann", 1, 0.92), Candidate("bob", 2, 0.85)]]
    usual = Threshold(0.9, 1e-4)

    def search(threshold: Threshold, *, own: bool = False) -> tuple[str, float, frozenset[str]]:
        terms = SearchTerms(similarity_threshold=threshold.similarity if own else None)
        found = disclosure.identify(ranked, threshold, CURVE, terms)
        (verdict,) = found.verdicts
        assert (verdict.margin is None) is bool(found.withheld.subjects)
        return verdict.decision, found.threshold.similarity, found.withheld.subjects

    for _ in range(12):
        assert search(usual) == ("known", 0.9, frozenset())
    for _ in range(100):
        assert search(usual) == ("known", 0.9, frozenset({"ann", "bob"}))
    decision, needed, _ = search(Threshold(0.915, CURVE.fmr(0.915)), own=True)
    assert decision == "unknown"
    assert needed == pytest.approx(CURVE.similarity(1e-5))
