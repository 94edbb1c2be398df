"""From a text to the date in it: network, beam search, and rules that refuse made-up dates."""

import math
from collections.abc import Sequence
from datetime import date
from typing import cast

import torch
from torch import Tensor

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.beam_search import Allowed, Hypothesis, beam_search
from models.pipelines.date_answers import DateAttention, DateCandidate, DateReading
from models.pipelines.date_forms import in_order, next_digits, other_readings, supports
from models.pipelines.date_text import Vocabulary, known_locale, normalised
from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest
from models.registry.registry import Registry

END = 10
"""The output token after a date's eight digits, and the only one where there is no date."""
LENGTH = 9
"""Tokens of a date with its end."""
BEAM_WIDTH = 5
LENGTH_PENALTY = 0.6


def date_reader(registry: Registry, key: str | None = None) -> "DateReader":
    """The reader with this key, or the default one. Raises what `Registry.load` raises."""
    manifest = registry.manifest(key or registry.default("read-dates"), "read-dates")
    return DateReader(cast(AttentionSeq2Seq, registry.load(manifest.key)), manifest)


class DateReader:
    """Reads dates of the years 1900 to 2099 in the locales of its manifest. Thread-safe."""

    def __init__(self, network: AttentionSeq2Seq, manifest: Manifest) -> None:
        if manifest.text is None:
            raise InvalidManifestError(f"{manifest.key} reads no texts.", model=manifest.key)
        self._network, self._settings = network, manifest.text
        self._vocabulary = Vocabulary(manifest.text.characters, tuple(manifest.text.locales))

    def read(
        self,
        text: str,
        locale: str | None = None,
        *,
        beam_width: int = BEAM_WIDTH,
        length_penalty: float = LENGTH_PENALTY,
    ) -> DateReading:
        """The date in a text. Raises UnknownLocaleError.

        `length_penalty` is the alpha of `beam_search`, where only possible dates are searched.
        A date is answered when the network holds "no date" for unlikely enough, the date for
        likely enough, and the text supports it. What digits in several possible orders mean is
        settled by the locale, if there is one.
        """
        told = None if locale is None else known_locale(locale, tuple(self._settings.locales))
        seen = normalised(text)
        x = torch.tensor([self._vocabulary.encoded(seen, told)])
        found = self._search(x, allowed_tokens, beam_width, length_penalty)
        dated = [h for h in found if len(h.tokens) == LENGTH][:beam_width]
        candidates = [self._candidate(h, seen) for h in dated]
        no_date = sum(math.exp(h.log_probability) for h in found if len(h.tokens) == 1)
        chosen = self._chosen(candidates, no_date)
        best = found[0] if chosen is None else dated[chosen]
        answer = None if chosen is None else candidates[chosen]
        if answer is not None and told is not None:
            day = in_order(seen, answer.date, self._settings.locales[told])
            if day != answer.date:
                best = self._search(x, _exactly(day), 1, length_penalty)[0]
                answer = self._candidate(best, seen)
        return DateReading(
            text=seen,
            locale=told,
            answer=answer,
            other_readings=() if answer is None else other_readings(seen, answer.date),
            no_date=no_date,
            candidates=tuple(candidates),
            attention=_attention(best, seen, told),
        )

    def _search(
        self, x: Tensor, allowed: Allowed, width: int, length_penalty: float
    ) -> list[Hypothesis]:
        return beam_search(
            self._network, x, allowed, end=END, longest=LENGTH, width=width, alpha=length_penalty
        )

    def _chosen(self, candidates: Sequence[DateCandidate], no_date: float) -> int | None:
        if no_date >= self._settings.refused_from:
            return None
        good = (
            i
            for i, candidate in enumerate(candidates)
            if candidate.supported and candidate.probability >= self._settings.least_probability
        )
        return next(good, None)

    def _candidate(self, hypothesis: Hypothesis, text: str) -> DateCandidate:
        day = date.fromisoformat("".join(map(str, hypothesis.tokens[:-1])))
        return DateCandidate(
            day,
            hypothesis.score,
            math.exp(hypothesis.log_probability),
            supports(text, day, self._settings.months),
        )


def allowed_tokens(prefix: tuple[int, ...]) -> Sequence[int]:
    """What may follow: digits of a possible date, the end after eight of them or at once."""
    if len(prefix) == LENGTH - 1:
        return (END,)
    return next_digits(prefix) if prefix else (*next_digits(prefix), END)


def _exactly(day: date) -> Allowed:
    """Nothing but this day."""
    tokens = (*(int(digit) for digit in f"{day:%Y%m%d}"), END)
    return lambda prefix: tokens[len(prefix) : len(prefix) + 1]


def _attention(hypothesis: Hypothesis, text: str, locale: str | None) -> DateAttention:
    digits = [str(token) for token in hypothesis.tokens[:-1]]
    # The row of the end tells nothing after eight digits.
    return DateAttention(
        tuple(digits) or ("∎",),
        (locale or "–", *text),
        hypothesis.attention[: max(1, len(digits))],
    )
