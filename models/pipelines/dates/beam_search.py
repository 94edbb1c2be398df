"""Beam search over an encoder-decoder; of width 1 it is greedy decoding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.nets.seq2seq import AttentionSeq2Seq, State

Allowed = Callable[[tuple[int, ...]], Sequence[int]]
"""Function from the tokens so far to those that may follow, the end included."""


@dataclass(frozen=True, slots=True, eq=False)
class Hypothesis:
    """A finished output."""

    tokens: tuple[int, ...]
    """The last is the end."""
    log_probability: float
    """Sum over the tokens, in nats."""
    score: float
    """log_probability / T^alpha, where T counts the tokens."""
    attention: NDArray[np.float32]
    """(T, input length); each row sums to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Beam:
    """Unfinished outputs of one length, likeliest first."""

    tokens: list[tuple[int, ...]]
    log_probabilities: Tensor
    """(width,)"""
    state: State
    attention: Tensor
    """(width, length so far, input length)"""


@torch.inference_mode()
def beam_search(
    network: AttentionSeq2Seq,
    x: Tensor,
    allowed: Allowed,
    *,
    end: int,
    longest: int,
    width: int,
    alpha: float,
) -> list[Hypothesis]:
    """Finished outputs of up to `longest` tokens for one input (1, T), best score first.

    Unfinished ones compete by the sum of their log-probabilities, finished ones by that sum over
    T^alpha (Wu et al., "Google's neural machine translation system", 2016): alpha 0 prefers short
    outputs, 1 looks at the mean per token. Tokens that are not allowed are passed over; the
    probabilities of the others stay what the network says. The end takes no place in the beam,
    so every finished output comes back; none when nothing that is allowed ends in time.
    """
    source = network.encode(x)
    beam = _Beam([()], torch.zeros(1), source.state, torch.zeros(1, 0, x.shape[1]))
    finished: list[Hypothesis] = []
    for _ in range(longest):
        rows = torch.zeros(len(beam.tokens), dtype=torch.long)
        last = [tokens[-1] if tokens else network.start for tokens in beam.tokens]
        logits, state, weights = network.step(torch.tensor(last), beam.state, source.rows(rows))
        sums = beam.log_probabilities.unsqueeze(1) + logits.log_softmax(-1)
        attention = torch.cat((beam.attention, weights.unsqueeze(1)), dim=1)
        options = [
            (float(sums[row, token]), row, token)
            for row, tokens in enumerate(beam.tokens)
            for token in allowed(tokens)
        ]
        options.sort(reverse=True)
        finished += [
            _finished((*beam.tokens[row], end), total, attention[row], alpha)
            for total, row, token in options
            if token == end
        ]
        going_on = [option for option in options if option[2] != end][:width]
        if not going_on:
            break
        index = torch.tensor([row for _, row, _ in going_on])
        beam = _Beam(
            [(*beam.tokens[row], token) for _, row, token in going_on],
            torch.tensor([total for total, _, _ in going_on]),
            tuple(part[index] for part in state),
            attention[index],
        )
    return sorted(finished, key=lambda h: -h.score)


def _finished(tokens: tuple[int, ...], total: float, attention: Tensor, alpha: float) -> Hypothesis:
    return Hypothesis(tokens, total, total / len(tokens) ** alpha, attention.numpy().copy())
