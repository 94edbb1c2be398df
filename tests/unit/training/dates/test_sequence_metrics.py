"""BLEU and character accuracy from their definitions."""

import math

import pytest

from training.dates.measuring.metrics import bleu, character_accuracy


def test_character_accuracy_counts_places() -> None:
    assert character_accuracy(["1999-12-31", ""], ["1999-12-30", "2001-01-01"]) == 9 / 20
    assert character_accuracy(["abc"], ["abc"]) == 1.0


def naive_bleu(found: list[str], right: list[str]) -> float:
    logs = 0.0
    for n in (1, 2, 3, 4):
        matched = total = 0
        for mine, theirs in zip(found, right, strict=True):
            grams = [mine[i : i + n] for i in range(len(mine) - n + 1)]
            left = [theirs[i : i + n] for i in range(len(theirs) - n + 1)]
            total += len(grams)
            for gram in grams:
                if gram in left:
                    left.remove(gram)
                    matched += 1
        logs += math.log(matched / total) / 4
    mine_length, length = sum(map(len, found)), sum(map(len, right))
    penalty = 1.0 if mine_length >= length else math.exp(1 - length / mine_length)
    return penalty * math.exp(logs)


@pytest.mark.parametrize(
    "found",
    [["1999-12-31", "2004-02-29"], ["1999-12-13", "2004-02-28"], ["1999-12-31", ""],
     ["1911-11-11", "2004-02-29"]],
)  # fmt: skip
def test_bleu_is_the_papers(found: list[str]) -> None:
    right = ["1999-12-31", "2004-02-29"]
    assert bleu(found, right) == pytest.approx(naive_bleu(found, right))


def test_bleu_ends_at_nothing_and_at_one() -> None:
    assert bleu(["xyz"], ["1999-12-31"]) == 0.0
    assert bleu(["1999-12-31"], ["1999-12-31"]) == pytest.approx(1.0)
