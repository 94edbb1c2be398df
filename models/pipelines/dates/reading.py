"""Reading the date in a text: network, beam search, and rules that refuse made-up dates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import torch
from torch import Tensor

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.answers import (
    DateAttention,
    DateCandidate,
    DateReading,
    FoundDate,
    RefusedDate,
)
from models.pipelines.dates.beam_search import Allowed, Hypothesis, beam_search
from models.pipelines.dates.places import DatePlace, places_in
from models.pipelines.dates.text.forms import (
    Order,
    in_order,
    next_digits,
    other_readings,
    supports,
)
from models.pipelines.dates.text.normalization import Vocabulary, known_locale, placed
from models.registry.manifests.dates import DateReaderManifest
from models.registry.registry import Registry

END = 10
"""The output token after a date's eight digits, and the only one where there is no date."""
LENGTH = 9
"""Tokens of a date with its end."""
BEAM_WIDTH = 5
LENGTH_PENALTY = 0.6
_LEARNED_LENGTH = 200
"""Characters of the longest texts that a network reads as a whole."""
_LONGEST = 1000
"""Characters that a network is given where there is no place for a date."""
_UNLIKELY = "The network takes this place for no date, or is not sure enough which."


def date_reader(registry: Registry, key: str | None = None) -> "DateReader":
    """The reader with this key, or the default one. Raises what `Registry.load` raises."""
    manifest = registry.manifest(key or registry.default("read-dates"), DateReaderManifest)
    return DateReader(cast(AttentionSeq2Seq, registry.load(manifest.key)), manifest)


class DateReader:
    """Reads dates of the years 1900 to 2099 in the locales of its manifest. Thread-safe."""

    def __init__(self, network: AttentionSeq2Seq, manifest: DateReaderManifest) -> None:
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
        """The dates in a text. Raises UnknownLocaleError.

        Rules find the places where a date can stand, and convert dates of other calendars; the
        network reads the others, each by itself, and a short text with one place as a whole.
        `length_penalty` is the alpha of `beam_search`, where only possible dates are searched.
        A date is answered when the network holds "no date" for unlikely enough, the date for
        likely enough, and its place supports it. A locale settles what ambiguous digits mean.
        """
        known = None if locale is None else known_locale(locale, tuple(self._settings.locales))
        source = placed(text)
        order = None if known is None else self._settings.locales[known]
        places = places_in(source, self._settings.months, order)
        search = _Search(beam_width, length_penalty, known, order)
        dates: list[FoundDate] = []
        refused: list[RefusedDate] = []
        first: _Read | None = None
        for place in places:
            read = None
            if not place.reason and not place.day:
                alone = len(places) == 1 and place.as_written
                whole = alone and len(source.text) <= _LEARNED_LENGTH
                read = self._read(source.text if whole else place.text, place.text, search)
                first = first if first and first.answer else read
            outcome = _outcome(place, source.place(place.start, place.end), read)
            if isinstance(outcome, FoundDate):
                dates.append(outcome)
            else:
                refused.append(outcome)
        by_rules = bool(dates) and dates[0].chosen is None
        if first is None and not by_rules:
            first = self._read(source.text[:_LONGEST], "", search)
        return DateReading(
            text=source.text,
            locale=known,
            dates=tuple(dates),
            refused=tuple(refused),
            no_date=0.0 if first is None else first.no_date,
            attention=None if first is None or by_rules else first.attention,
        )

    def _read(self, text: str, place: str, search: "_Search") -> "_Read":
        """Read a text in which a date stands at a place, or nowhere."""
        x = torch.tensor([self._vocabulary.encoded(text, search.locale)])
        found = self._search(x, allowed_tokens, search)
        dated = [h for h in found if len(h.tokens) == LENGTH][: search.width]
        candidates = [self._candidate(h, place) for h in dated]
        no_date = sum(math.exp(h.log_probability) for h in found if len(h.tokens) == 1)
        chosen = self._chosen(candidates, no_date)
        best = found[0] if chosen is None else dated[chosen]
        answer = None if chosen is None else candidates[chosen]
        if answer is not None and search.order is not None:
            day = in_order(place, answer.date, search.order)
            if day != answer.date:
                best = self._search(x, _exactly(day), replace(search, width=1))[0]
                answer = self._candidate(best, place)
        seen = _attention(best, text, search.locale)
        return _Read(answer, tuple(candidates), no_date, seen)

    def _search(self, x: Tensor, allowed: Allowed, search: "_Search") -> list[Hypothesis]:
        return beam_search(
            self._network, x, allowed, end=END, longest=LENGTH, width=search.width,
            alpha=search.length_penalty,
        )  # fmt: skip

    def _chosen(self, candidates: Sequence[DateCandidate], no_date: float) -> int | None:
        if no_date >= self._settings.refused_from:
            return None
        good = (
            i
            for i, candidate in enumerate(candidates)
            if candidate.supported and candidate.probability >= self._settings.least_probability
        )
        return next(good, None)

    def _candidate(self, hypothesis: Hypothesis, place: str) -> DateCandidate:
        day = date.fromisoformat("".join(map(str, hypothesis.tokens[:-1])))
        return DateCandidate(
            day,
            hypothesis.score,
            math.exp(hypothesis.log_probability),
            supports(place, day, self._settings.months),
        )


@dataclass(frozen=True, slots=True)
class _Search:
    """Settings of the search, and what the caller said of the text."""

    width: int
    length_penalty: float
    locale: str | None
    order: Order | None


@dataclass(frozen=True, slots=True)
class _Read:
    """One text as the network read it."""

    answer: DateCandidate | None
    candidates: tuple[DateCandidate, ...]
    no_date: float
    attention: DateAttention


def _outcome(
    place: DatePlace, hull: tuple[int, int], read: _Read | None
) -> FoundDate | RefusedDate:
    """The date at a place, by rules alone or as the network read it, or the reason why none."""
    if place.reason:
        return RefusedDate(*hull, place.calendar, place.reason, place.detail or "")
    if place.day:
        return FoundDate(place.day, *hull, place.calendar, place.other_days)
    if read is None or read.answer is None:
        return RefusedDate(*hull, place.calendar, "unlikely", _UNLIKELY)
    others = other_readings(place.text, read.answer.date)
    return FoundDate(read.answer.date, *hull, place.calendar, others, read.candidates, read.answer)


def allowed_tokens(prefix: tuple[int, ...]) -> Sequence[int]:
    """Tokens that may follow: digits of a possible date, the end after eight of them or at once."""
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
