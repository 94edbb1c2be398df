"""Measures a reader of dates: per locale, on texts without a date, and its beam search."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.beam_search import beam_search
from models.pipelines.dates.reading import (
    BEAM_WIDTH,
    END,
    LENGTH,
    LENGTH_PENALTY,
    DateReader,
    allowed_tokens,
)
from models.pipelines.dates.text.forms import numeric_readings
from models.pipelines.dates.text.normalization import Vocabulary
from training.dates.measuring.metrics import bleu, character_accuracy
from training.dates.texts.generator import Example

_LISTED = 5


def dated(reader: DateReader, texts: Sequence[Example], *, with_locale: bool) -> dict[str, Any]:
    """Figures of texts that all hold a date, told their locale or nothing; some mistakes.

    Without a locale, texts whose digits have several readings have no one right answer: they are
    left out of the exact match, and counted for whether they are flagged.
    """
    readings = [reader.read(t.text, t.locale if with_locale else None) for t in texts]
    answers = [r.answer.date.isoformat() if r.answer else "" for r in readings]
    several = [len(numeric_readings(t.text)) > 1 for t in texts]
    counted = [i for i in range(len(texts)) if with_locale or not several[i]]
    found = [answers[i] for i in counted]
    right = [texts[i].date or "" for i in counted]
    wrong = [i for i in counted if answers[i] != texts[i].date]
    size = max(1, len(counted))
    return {
        "texts": len(counted),
        "exact_match": 1 - len(wrong) / size,
        "character_accuracy": character_accuracy(found, right),
        "bleu": bleu(found, right),
        "refused": _mean([not answer for answer in found]),
        "wrong_date": sum(bool(answers[i]) for i in wrong) / size,
        "ambiguous": sum(several),
        "ambiguous_flagged": _mean(
            [readings[i].ambiguous for i in range(len(texts)) if several[i] and answers[i]]
        ),
        "mistakes": [[texts[i].text, texts[i].date, answers[i]] for i in wrong[:_LISTED]],
    }


def undated(reader: DateReader, texts: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
    """Share of texts without a date that are refused, and the answers to the others.

    Each comes with the locale that the reader is told, or None.
    """
    readings = [reader.read(text, locale) for text, locale in texts]
    made_up = [
        (text, str(r.answer.date)) for (text, _), r in zip(texts, readings, strict=True) if r.answer
    ]
    return {
        "texts": len(texts),
        "refused": 1 - len(made_up) / len(texts),
        "refused_by_network": _mean([r.no_date >= 0.5 for r in readings]),
        "made_up": [list(pair) for pair in made_up[:20]],
    }


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """One beam width over many texts, by the network alone: no rule refuses anything here."""

    width: int
    exact_match: float
    milliseconds: float
    """Per text, processor time."""
    search_at_fault: int
    """Errors where P(y*|x) > P(ŷ|x): the search missed what the network prefers."""
    model_at_fault: int
    """Errors where P(y*|x) <= P(ŷ|x): the network prefers what is wrong."""


def beam_figures(
    network: AttentionSeq2Seq,
    vocabulary: Vocabulary,
    texts: Sequence[Example],
    width: int,
    alpha: float = LENGTH_PENALTY,
) -> SearchFigures:
    """Search with this width, and lay each error to the search or to the model."""
    right, search, model, seconds = 0, 0, 0, 0.0
    for text in texts:
        x = torch.tensor([vocabulary.encoded(text.text, text.locale)])
        wanted = (*(int(digit) for digit in (text.date or "").replace("-", "")), END)
        began = time.process_time()
        best = beam_search(
            network, x, allowed_tokens, end=END, longest=LENGTH, width=width, alpha=alpha
        )[0]
        seconds += time.process_time() - began
        if best.tokens == wanted:
            right += 1
        elif log_likelihood(network, x, wanted) > best.log_probability:
            search += 1
        else:
            model += 1
    return SearchFigures(width, right / len(texts), 1000 * seconds / len(texts), search, model)


@torch.inference_mode()
def log_likelihood(network: AttentionSeq2Seq, x: torch.Tensor, tokens: Sequence[int]) -> float:
    """ln P(tokens | x) for one input (1, T)."""
    y = torch.tensor([tokens])
    logs = network(x, y).log_softmax(-1)
    return float(logs.gather(-1, y.unsqueeze(-1)).sum())


def settings() -> dict[str, Any]:
    """Arguments of `DateReader.read` here."""
    return {"beam_width": BEAM_WIDTH, "length_penalty": LENGTH_PENALTY}


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0
