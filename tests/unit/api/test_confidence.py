"""The map of DeepStack's confidences: monotone, with the cut at the rate that is decided at."""

import pytest

from app.api.deepstack.confidence import CUT, confidence, rate
from app.domain.deciding.identification import DEFAULT_FPIR, rate_among, rate_of_one

RATES = [10 ** (-power / 4) for power in range(0, 80)]


@pytest.mark.parametrize("subjects", [1, 2, 10, 1_000, 1_000_000])
def test_it_is_monotone_and_meets_the_cut(subjects: int) -> None:
    operating = rate_of_one(DEFAULT_FPIR, subjects)
    values = [confidence(one, operating) for one in RATES]
    assert values == sorted(values)
    assert all(0 <= value <= 1 for value in values)
    assert confidence(operating, operating) == pytest.approx(CUT)
    for one in RATES:
        assert (confidence(one, operating) >= CUT) == (one <= operating)


@pytest.mark.parametrize("subjects", [2, 10, 1_000, 1_000_000])
def test_one_stranger_in_a_hundred_is_below_04(subjects: int) -> None:
    assert confidence(1e-2, rate_of_one(DEFAULT_FPIR, subjects)) < 0.4


@pytest.mark.parametrize("wanted", [0.41, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
@pytest.mark.parametrize("subjects", [2, 100, 100_000])
def test_thresholds_are_mapped_back(wanted: float, subjects: int) -> None:
    operating = rate_of_one(DEFAULT_FPIR, subjects)
    assert confidence(rate(wanted, operating), operating) == pytest.approx(wanted)


def test_thresholds_below_the_strangers_ask_for_no_less() -> None:
    assert rate(0.0, 1e-4) == rate(0.39, 1e-4) == pytest.approx(1e-2)
    assert rate(0.1, 1e-2) == pytest.approx(1e-2)
    assert 0 < rate(1.0, 1e-2) < 1e-20


def test_rates_among_many_come_back() -> None:
    assert rate_of_one(rate_among(1e-4, 50), 50) == pytest.approx(1e-4)
    assert 0 < rate_among(1e-2, 10**7) < 1
