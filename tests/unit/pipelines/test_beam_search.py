"""Beam search against trying out every output there is."""

import itertools
from collections.abc import Sequence

import pytest
import torch

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.beam_search import beam_search

END, LONGEST = 3, 4
X = torch.tensor([[5, 2, 7]])


def network(seed: int = 0) -> AttentionSeq2Seq:
    torch.manual_seed(seed)
    net = AttentionSeq2Seq(9, 4, 6, 5, 6, 4, dropout=0.0).eval()
    last = net.head[-1]
    assert isinstance(last, torch.nn.Linear)
    last.weight.data *= 6  # outputs that differ
    return net


def anything(prefix: tuple[int, ...]) -> Sequence[int]:
    return range(4)


def every_output(net: AttentionSeq2Seq, alpha: float) -> dict[tuple[int, ...], tuple[float, float]]:
    """Log-probability and score of each output of up to LONGEST tokens, by the definition."""
    found = {}
    for length in range(LONGEST):
        for body in itertools.product(range(3), repeat=length):
            tokens = (*body, END)
            with torch.no_grad():
                logs = net(X, torch.tensor([tokens]))[0].log_softmax(-1)
            total = sum(float(logs[i, token]) for i, token in enumerate(tokens))
            found[tokens] = (total, total / len(tokens) ** alpha)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0])
def test_a_wide_beam_finds_what_exhaustive_search_finds(seed: int, alpha: float) -> None:
    net = network(seed)
    truth = every_output(net, alpha)
    found = beam_search(net, X, anything, end=END, longest=LONGEST, width=27, alpha=alpha)
    assert {h.tokens for h in found} == set(truth)
    for hypothesis in found:
        total, score = truth[hypothesis.tokens]
        assert hypothesis.log_probability == pytest.approx(total, abs=1e-4)
        assert hypothesis.score == pytest.approx(score, abs=1e-4)
    assert found[0].tokens == max(truth, key=lambda tokens: truth[tokens][1])
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


def test_a_penalty_can_make_the_longer_output_win() -> None:
    winners = set()
    for alpha in (0.0, 2.0):
        best = beam_search(network(1), X, anything, end=END, longest=LONGEST, width=9, alpha=alpha)
        winners.add(len(best[0].tokens))
    assert len(winners) == 2


def test_width_one_follows_the_likeliest_token() -> None:
    net = network(2)
    found = beam_search(net, X, anything, end=END, longest=LONGEST, width=1, alpha=0.0)
    longest = max(found, key=lambda h: len(h.tokens))
    tokens: list[int] = []
    while len(tokens) < len(longest.tokens) - 1:
        with torch.no_grad():
            logits = net(X, torch.tensor([[*tokens, 0]]))[0, -1]
        logits[END] = float("-inf")  # it takes no place in the beam
        tokens.append(int(logits.argmax()))
    assert list(longest.tokens[:-1]) == tokens


def test_only_what_is_allowed_is_found() -> None:
    def descending(prefix: tuple[int, ...]) -> Sequence[int]:
        return (END,) if len(prefix) == 2 else [t for t in range(3) if not prefix or t < prefix[-1]]

    found = beam_search(network(), X, descending, end=END, longest=3, width=9, alpha=0.6)
    assert {h.tokens for h in found} == {(1, 0, END), (2, 0, END), (2, 1, END)}


def test_attention_has_a_row_per_token() -> None:
    net = network()
    best = beam_search(net, X, anything, end=END, longest=LONGEST, width=3, alpha=0.6)[0]
    assert best.attention.shape == (len(best.tokens), X.shape[1])
    assert best.attention.sum(axis=1) == pytest.approx([1.0] * len(best.tokens), abs=1e-5)


def test_nothing_comes_back_when_nothing_ends() -> None:
    assert not beam_search(network(), X, lambda _: (0,), end=END, longest=3, width=2, alpha=0.0)
