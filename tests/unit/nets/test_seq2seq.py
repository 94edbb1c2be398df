"""The encoder-decoder: its formulas against naive loops, and whether it can learn at all."""

import math

import pytest
import torch
from torch import Tensor

from models.nets.seq2seq import AdditiveAttention, AttentionSeq2Seq, Cell

CELLS: tuple[Cell, ...] = ("lstm", "gru")


def network(cell: Cell, **sizes: int) -> AttentionSeq2Seq:
    torch.manual_seed(3)
    given = {"embedding": 6, "encoder": 5, "decoder": 7, "attention": 4} | sizes
    return AttentionSeq2Seq(12, 5, cell=cell, dropout=0.0, **given).eval()


def test_attention_is_the_papers_formula() -> None:
    torch.manual_seed(0)
    attention = AdditiveAttention(query=3, memory=4, width=5)
    query, memory = torch.randn(2, 3), torch.randn(2, 6, 4)
    mask = torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    with torch.no_grad():
        context, weights = attention(query, attention.keys(memory), memory, mask)
    w, b, u, v = (
        p.detach().tolist()
        for p in (
            attention.query.weight,
            attention.query.bias,
            attention.keys.weight,
            attention.score.weight[0],
        )
    )
    for n in range(2):
        scores = []
        for i in range(6):
            if not mask[n, i]:
                continue
            score = 0.0
            for k in range(5):
                inside = b[k]
                inside += sum(w[k][j] * float(query[n, j]) for j in range(3))
                inside += sum(u[k][j] * float(memory[n, i, j]) for j in range(4))
                score += v[k] * math.tanh(inside)
            scores.append(score)
        total = sum(math.exp(score) for score in scores)
        expected = [math.exp(score) / total for score in scores] + [0.0] * (6 - len(scores))
        assert weights[n].tolist() == pytest.approx(expected, abs=1e-6)
        for j in range(4):
            mean = sum(expected[i] * float(memory[n, i, j]) for i in range(6))
            assert float(context[n, j]) == pytest.approx(mean, abs=1e-6)


def test_an_lstm_step_is_the_textbooks() -> None:
    """Gates i, f, g, o; the state before attention is asked, and what the head sees after."""
    net = network("lstm")
    encoded = net.encode(torch.tensor([[3, 4, 5]]))
    with torch.no_grad():
        logits, (h, c), weights = net.step(torch.tensor([2]), encoded.state, encoded)
        context = (weights[0].unsqueeze(1) * encoded.memory[0]).sum(0)
        fed = torch.cat((net.embedding.weight[2], context))
        cell = net.cell
        assert isinstance(cell, torch.nn.LSTMCell)
        gates = cell.weight_ih @ fed + cell.bias_ih
        gates += cell.weight_hh @ encoded.state[0][0] + cell.bias_hh
        i, f, g, o = gates.chunk(4)
        new_c = torch.sigmoid(f) * encoded.state[1][0] + torch.sigmoid(i) * torch.tanh(g)
        new_h = torch.sigmoid(o) * torch.tanh(new_c)
        expected = net.head(torch.cat((new_h, context)))
    assert torch.allclose(c[0], new_c, atol=1e-6)
    assert torch.allclose(h[0], new_h, atol=1e-6)
    assert torch.allclose(logits[0], expected, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_padding_changes_nothing(cell: Cell) -> None:
    net = network(cell)
    short, long = torch.tensor([[3, 4, 5]]), torch.tensor([[6, 7, 8, 9, 10, 11]])
    both = torch.zeros(2, 6, dtype=torch.long)
    both[0, :3], both[1] = short, long
    y = torch.tensor([[1, 2, 4], [0, 3, 4]])
    with torch.no_grad():
        together = net(both, y)
        assert torch.allclose(together[:1], net(short, y[:1]), atol=1e-6)
        assert torch.allclose(together[1:], net(long, y[1:]), atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_teacher_forcing_equals_single_steps(cell: Cell) -> None:
    net = network(cell)
    x, y = torch.tensor([[3, 4, 5, 2], [9, 8, 0, 0]]), torch.tensor([[1, 2, 4], [0, 3, 4]])
    with torch.no_grad():
        forced = net(x, y)
        encoded = net.encode(x)
        state, previous = encoded.state, torch.full((2,), net.start)
        for position in range(3):
            logits, state, weights = net.step(previous, state, encoded)
            assert torch.allclose(forced[:, position], logits, atol=1e-6)
            assert torch.allclose(weights.sum(-1), torch.ones(2), atol=1e-6)
            assert weights[1, 2:].eq(0).all()  # padding
            previous = y[:, position]


def test_greedy_takes_the_likeliest_token_each_time() -> None:
    net = network("gru")
    x = torch.tensor([[3, 4, 5, 2]])
    found = net.greedy(x, 4)
    tokens: list[int] = []
    for _ in range(4):
        with torch.no_grad():
            logits = net(x, torch.tensor([[*tokens, 0]]))
        tokens.append(int(logits[0, -1].argmax()))
    assert found[0].tolist() == tokens


@pytest.mark.parametrize("cell", CELLS)
def test_one_batch_is_learnt_by_heart(cell: Cell) -> None:
    torch.manual_seed(1)
    net = AttentionSeq2Seq(12, 5, 8, 12, 16, 8, cell, dropout=0.0)
    x: Tensor = torch.randint(1, 12, (6, 5))
    y: Tensor = torch.randint(0, 5, (6, 3))
    optimiser = torch.optim.Adam(net.parameters(), 0.03)
    for _ in range(80):
        loss = torch.nn.functional.cross_entropy(net(x, y).flatten(0, 1), y.flatten())
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    assert float(loss.detach()) < 0.05
    assert torch.equal(net.eval().greedy(x, 3), y)
