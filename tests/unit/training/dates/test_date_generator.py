"""Texts that date readers are trained on."""

import random
from datetime import date

import pytest
import torch

from models.pipelines.dates.text.forms import numeric_readings, supports
from models.pipelines.dates.text.normalization import normalized
from training.dates.batches import IGNORED, batch_of, stream, vocabulary
from training.dates.recipe import TextsConfig
from training.dates.texts.generator import LONGEST, examples, is_held_out_day
from training.dates.texts.locales import ORDERS, all_locales, date_locale, held_out, month_names
from training.dates.texts.rendering import rendered


def test_there_are_locales_of_many_scripts_and_every_order() -> None:
    assert len(ORDERS) >= 20
    assert set(ORDERS.values()) == {"DMY", "MDY", "YMD"}
    assert all(len(locale.unseen) >= 5 for locale in all_locales())


def test_held_out_patterns_are_trained_on_nowhere() -> None:
    trained = {pattern for locale in all_locales() for pattern in locale.trained}
    for locale in all_locales():
        assert not trained & set(locale.unseen)
        assert locale.standard <= set(locale.trained)
        assert all(held_out(pattern) for pattern in locale.unseen)


@pytest.mark.parametrize("unseen", [False, True])
def test_every_date_stands_in_its_text(unseen: bool) -> None:
    months = month_names()
    drawn = examples((1,), 1500, unseen=unseen)
    for example in drawn:
        assert example.date is not None
        day = date.fromisoformat(example.date)
        assert supports(example.text, day, months), example
        assert is_held_out_day(day) is unseen
        assert 1900 <= day.year <= 2099
        assert example.text == normalized(example.text)
        assert 0 < len(example.text) <= LONGEST
    assert {example.locale for example in drawn} == set(ORDERS)
    assert {example.known_locale is None for example in drawn} == {True, False}


def test_the_order_of_a_locale_is_kept() -> None:
    rng = random.Random(0)
    shown = {
        key: rendered(rng, date_locale(key), "d/M/y" if key == "fr" else "M/d/y", 3, 4, 2005, 6)
        for key in ("fr", "en_US")
    }
    assert shown == {"fr": "3/4/2005", "en_US": "4/3/2005"}
    assert rendered(rng, date_locale("ja"), "y年M月d日", 3, 4, 2005, 6) == "2005年4月3日"
    assert rendered(rng, date_locale("de"), "EEEE, 'den' dd.MM.yy", 3, 4, 2005, 6) in (
        "Sonntag, den 03.04.05"
    )


def test_an_ordinal_day_is_never_padded() -> None:
    rng = random.Random(0)
    shown = {
        key: {rendered(rng, date_locale(key), "ddd M y", 1, 9, 1991, 6), two}
        for key in ("fr", "en_US", "uk", "de")
        for two in [rendered(rng, date_locale(key), "ddd M y", 12, 9, 1991, 3)]
    }
    assert shown == {
        "fr": {"1er 9 1991", "12 9 1991"},
        "en_US": {"1st 9 1991", "12th 9 1991"},
        "uk": {"1 9 1991", "12 9 1991"},
        "de": {"1 9 1991", "12 9 1991"},
    }


def test_other_texts_that_could_be_dates_come_with_their_locale() -> None:
    others = examples((2,), 1500, none_share=1.0)
    assert all(example.date is None for example in others)
    open_ = [e for e in others if numeric_readings(e.text) and e.known_locale is None]
    # Only what stands around a text can make one of it.
    assert len(open_) <= 0.01 * len(others)
    assert len({e.text for e in others}) > 1400


def test_the_same_seed_writes_the_same_texts() -> None:
    assert examples((3, 1), 50, none_share=0.3) == examples((3, 1), 50, none_share=0.3)
    assert examples((3, 1), 50) != examples((3, 2), 50)


def test_targets_are_eight_digits_and_an_end() -> None:
    drawn = examples((4,), 40, none_share=0.5)
    batch = batch_of(drawn)
    for row, example in enumerate(drawn):
        target = [int(t) for t in batch.y[row] if t != IGNORED]
        digits = [int(digit) for digit in (example.date or "").replace("-", "")]
        assert target == [*digits, 10]
        length = int((batch.x[row] != 0).sum())
        assert length == len(example.text) + 1
    assert int(batch.x.max()) < len(vocabulary())


def test_a_stream_goes_on_where_it_was_left() -> None:
    config = TextsConfig(batch=8, pool=3)
    whole = stream(config, 1, 0)
    batches = [next(whole) for _ in range(7)]
    later = stream(config, 1, 5)
    for batch in batches[5:]:
        again = next(later)
        assert torch.equal(batch.x, again.x)
        assert torch.equal(batch.y, again.y)
