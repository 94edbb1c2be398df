"""Encoder and decoder with attention: sequences of numbers in, short sequences out."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

Cell = Literal["lstm", "gru"]
State = tuple[Tensor, ...]
"""State of the decoder: (h, c) of an LSTM or (h,) of a GRU, each (N, decoder)."""


class Encoded(NamedTuple):
    """N texts as the decoder needs to know them."""

    memory: Tensor
    keys: Tensor
    """The memory, projected for the attention."""
    mask: Tensor
    state: State
    """State that the decoder starts with."""

    def rows(self, index: Tensor) -> "Encoded":
        """Select some of the texts, or one of them several times."""
        state = tuple(part[index] for part in self.state)
        return Encoded(self.memory[index], self.keys[index], self.mask[index], state)


class AdditiveAttention(nn.Module):
    """Bahdanau et al., "Neural machine translation by jointly learning to align" (2015).

    The score of position i is v · tanh(W q + U h_i), for the decoder's state q.
    """

    def __init__(self, query: int, memory: int, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(query, width)
        self.keys = nn.Linear(memory, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, query: Tensor, keys: Tensor, memory: Tensor, mask: Tensor) -> State:
        """Query (N, query), keys (N, T, width), memory (N, T, memory), mask (N, T) of what counts.

        Returns the context (N, memory) and the weights (N, T), which sum to 1 over the mask.
        """
        scores = self.score(torch.tanh(self.query(query).unsqueeze(1) + keys)).squeeze(-1)
        weights = scores.masked_fill(~mask, float("-inf")).softmax(-1)
        return torch.bmm(weights.unsqueeze(1), memory).squeeze(1), weights


class Memory(nn.Module):
    """(N, T) numbers → what the decoder attends to, by a bidirectional recurrent layer."""

    def __init__(self, inputs: int, embedding: int, width: int, cell: Cell, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(inputs, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        layer = nn.LSTM if cell == "lstm" else nn.GRU
        self.recurrent = layer(embedding, width, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, lengths: Tensor) -> State:
        """Memory (N, T, 2·width), and the last states of both directions (N, 2·width)."""
        embedded = self.dropout(self.embedding(x))
        packed = pack_padded_sequence(
            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        out, state = self.recurrent(packed)
        memory, _ = pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])
        last = state[0] if isinstance(state, tuple) else state
        return self.dropout(memory), torch.cat((last[0], last[1]), dim=-1)


class AttentionSeq2Seq(nn.Module):
    """A bidirectional encoder, additive attention, and a decoder that is fed its own output.

    `inputs` and `outputs` are numbers of tokens. Token 0 of the input is padding; one more
    output token, numbered `outputs`, starts the decoder.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        embedding: int = 64,
        encoder: int = 128,
        decoder: int = 192,
        attention: int = 96,
        cell: Cell = "lstm",
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.start = outputs
        self.memory = Memory(inputs, embedding, encoder, cell, dropout)
        self.attention = AdditiveAttention(decoder, 2 * encoder, attention)
        self.embedding = nn.Embedding(outputs + 1, embedding)
        self.bridge = nn.Linear(2 * encoder, decoder)
        recurrent = nn.LSTMCell if cell == "lstm" else nn.GRUCell
        self.cell = recurrent(embedding + 2 * encoder, decoder)
        self.head = nn.Sequential(
            nn.Linear(decoder + 2 * encoder, decoder),
            nn.Tanh(),
            nn.Dropout(dropout),
            nn.Linear(decoder, outputs),
        )

    def encode(self, x: Tensor) -> Encoded:
        """(N, T) of input tokens, padded with 0 at the end; every text has one token at least."""
        mask = x != 0
        memory, last = self.memory(x, mask.sum(1))
        h = torch.tanh(self.bridge(last))
        state = (h, torch.zeros_like(h)) if isinstance(self.cell, nn.LSTMCell) else (h,)
        return Encoded(memory, self.attention.keys(memory), mask, state)

    def step(
        self, previous: Tensor, state: State, encoded: Encoded
    ) -> tuple[Tensor, State, Tensor]:
        """Advance by one output token.

        `previous` (N,) are the tokens before it. Returns logits (N, outputs), the new state and
        the attention weights (N, T).
        """
        context, weights = self.attention(state[0], encoded.keys, encoded.memory, encoded.mask)
        fed = torch.cat((self.embedding(previous), context), dim=-1)
        if isinstance(self.cell, nn.LSTMCell):
            state = self.cell(fed, state)
        else:
            state = (self.cell(fed, state[0]),)
        logits: Tensor = self.head(torch.cat((state[0], context), dim=-1))
        return logits, state, weights

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Teacher forcing: (N, T) input and (N, L) right output tokens → logits (N, L, outputs)."""
        encoded = self.encode(x)
        state = encoded.state
        fed = F.pad(y[:, :-1], (1, 0), value=self.start)
        logits = []
        for position in range(y.shape[1]):
            step, state, _ = self.step(fed[:, position], state, encoded)
            logits.append(step)
        return torch.stack(logits, dim=1)

    @torch.no_grad()
    def greedy(self, x: Tensor, length: int) -> Tensor:
        """(N, T) input → (N, length) output tokens, at each step the likeliest."""
        encoded = self.encode(x)
        state, previous = encoded.state, x.new_full((len(x),), self.start)
        found = []
        for _ in range(length):
            logits, state, _ = self.step(previous, state, encoded)
            previous = logits.argmax(-1)
            found.append(previous)
        return torch.stack(found, dim=1)
