"""Texts and dates as tensors, in batches of like length."""

import random
import string
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from models.pipelines.dates.reading import END, LENGTH
from models.pipelines.dates.text.normalization import Vocabulary, normalized
from training.dates.recipe import TextsConfig
from training.dates.texts.generator import Example, examples
from training.dates.texts.locales import ORDERS, all_locales
from training.dates.texts.words import label_texts

IGNORED = -100
"""Target of positions after the end."""


class Batch(NamedTuple):
    """Input (N, T) and target (N, 9) tokens; targets beyond the end are IGNORED."""

    x: Tensor
    y: Tensor


@cache
def vocabulary() -> Vocabulary:
    """Every character that dates and what stands around them are written with, and ASCII."""
    found = set(normalized(label_texts())) | set(string.ascii_lowercase + string.digits)
    found |= set(string.punctuation + " ")
    for locale in all_locales():
        tables: list[Any] = [*locale.months.values(), *locale.days.values()]
        forms = (form for table in tables for forms in table for form in forms)
        found |= set(normalized("".join((*forms, *locale.patterns))))
    return Vocabulary("".join(sorted(found)), tuple(ORDERS))


def batch_of(texts: Sequence[Example]) -> Batch:
    """Padded to the longest."""
    known = vocabulary()
    rows = [known.encoded(t.text, t.known_locale) for t in texts]
    x = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    y = torch.full((len(rows), LENGTH), IGNORED)
    for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
        x[i, : len(row)] = torch.tensor(row)
        digits = [int(digit) for digit in (text.date or "").replace("-", "")]
        y[i, : len(digits) + 1] = torch.tensor([*digits, END])
    return Batch(x, y)


def stream(config: TextsConfig, seed: int, start: int) -> Iterator[Batch]:
    """Batches from step `start` on, without end, the same for the same seed."""
    pool, skipped = divmod(start, config.pool)
    while True:
        drawn = examples((seed, pool), config.batch * config.pool, none_share=config.without_date)
        drawn.sort(key=lambda example: len(example.text))
        order = list(range(config.pool))
        random.Random(f"{seed} {pool}").shuffle(order)  # noqa: S311
        for i in order[skipped:]:
            yield batch_of(drawn[i * config.batch : (i + 1) * config.batch])
        pool, skipped = pool + 1, 0
