"""Nearness of a written sequence to the right one."""

import math
from collections import Counter
from collections.abc import Sequence

_ORDER = 4


def character_accuracy(found: Sequence[str], right: Sequence[str]) -> float:
    """Share of the right texts' characters that stand in the same place of the found ones."""
    hits = sum(
        a == b
        for mine, theirs in zip(found, right, strict=True)
        for a, b in zip(mine, theirs, strict=False)
    )
    return hits / max(1, sum(map(len, right)))


def bleu(found: Sequence[str], right: Sequence[str]) -> float:
    """Corpus BLEU over characters, 0 to 1, with n-grams of one to four.

    Papineni et al., "BLEU: a method for automatic evaluation of machine translation" (2002):
    the geometric mean of clipped precisions, times exp(1 - right/found) where what was found is
    shorter than what is right. 0 when any precision is 0.
    """
    matches, totals = [0] * _ORDER, [0] * _ORDER
    for mine, theirs in zip(found, right, strict=True):
        for n in range(_ORDER):
            ours, wanted = _grams(mine, n + 1), _grams(theirs, n + 1)
            matches[n] += (ours & wanted).total()
            totals[n] += ours.total()
    if not all(matches):
        return 0.0
    mean = sum(math.log(m / t) for m, t in zip(matches, totals, strict=True)) / _ORDER
    length, reference = sum(map(len, found)), sum(map(len, right))
    return math.exp(mean + min(0.0, 1 - reference / length))


def _grams(text: str, n: int) -> Counter[str]:
    return Counter(text[i : i + n] for i in range(len(text) - n + 1))
