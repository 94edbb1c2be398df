"""Attention over the frames of a track, by a recurrent network.

The weights look at every frame in the light of the others: how good it is, and how far it
agrees with the rest. The template is a weighted mean of the encoder's own embeddings, as
in Yang et al., "Neural aggregation network for video face recognition" (2017); in place of
its order-free attention blocks, a GRU (Cho et al., 2014) or an LSTM (Hochreiter and
Schmidhuber, 1997) reads the frames in order of time. A restoring network then moves the mean
from where poor frames lie towards where clear photographs of the same person do.
"""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

Cell = Literal["gru", "lstm"]
_CELLS = {"gru": nn.GRU, "lstm": nn.LSTM}
_LEAST = 1e-3
"""Quality score that a face without any is treated as having."""
_AGREEMENTS = 4
_CENTER, _SCALE = 0.9, 8.0
"""Similarities of one person's frames lie around 0.9; these bring them to order one."""


class TrackAggregator(nn.Module):
    """Weights of frames, and the template they make.

    A fresh one weighs in proportion to the quality score, and restores nothing.
    """

    def __init__(
        self,
        dimension: int = 128,
        qualities: int = 7,
        reduced: int = 24,
        hidden: int = 48,
        cell: Cell = "gru",
        bidirectional: bool = False,
        restoring: bool = False,
    ) -> None:
        super().__init__()
        self.reduce = nn.Linear(dimension, reduced)
        self.inputs = nn.Linear(reduced + qualities + _AGREEMENTS, hidden)
        self.recurrent = _CELLS[cell](hidden, hidden, batch_first=True, bidirectional=bidirectional)
        states = hidden * (2 if bidirectional else 1)
        self.score = nn.Linear(states, 1)
        self.power = nn.Parameter(torch.ones(()))
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)
        self.restore = nn.Linear(states + dimension, dimension) if restoring else None
        if self.restore is not None:
            nn.init.zeros_(self.restore.weight)
            nn.init.zeros_(self.restore.bias)

    def forward(
        self, embeddings: Tensor, qualities: Tensor, lengths: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(B, T) weights that sum to 1 over each track's first `lengths` frames, and
        (B, dimension) L2-normalized templates.

        `embeddings` (B, T, dimension) are L2-normalized, `qualities` (B, T, Q) are those of
        `models.pipelines.tracks.aggregation.quality_row`, score first; `lengths` (B,) are
        1 or more.
        """
        frames = torch.arange(embeddings.shape[1], device=embeddings.device)
        real = frames[None, :] < lengths[:, None]
        quality = qualities[..., 0].clamp(min=_LEAST)
        seen = torch.cat(
            [self.reduce(embeddings), qualities, _agreements(embeddings, quality, real)], dim=-1
        )
        hidden = torch.relu(self.inputs(seen))
        packed = pack_padded_sequence(hidden, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(
            self.recurrent(packed)[0], batch_first=True, total_length=embeddings.shape[1]
        )
        logits = self.power * quality.log() + self.score(states).squeeze(-1)
        weights = torch.softmax(logits.masked_fill(~real, -torch.inf), dim=1)
        mean = _weighted(weights, embeddings)
        if self.restore is not None:
            mean = mean + self.restore(torch.cat([_weighted(weights, states), mean], dim=-1))
        return weights, nn.functional.normalize(mean, dim=-1)


def _weighted(weights: Tensor, rows: Tensor) -> Tensor:
    """(B, T), (B, T, D) → (B, D)."""
    return (weights[..., None] * rows).sum(1)


def _agreements(embeddings: Tensor, quality: Tensor, real: Tensor) -> Tensor:
    """(B, T, 4): similarity to the mean of the other frames, weighted by quality; to the most
    alike and to the median one of them; and the logarithm of the number of frames.

    Frames alone in their track are in full agreement.
    """
    weights = quality * real
    total = _weighted(weights, embeddings)[:, None]
    others = total - weights[..., None] * embeddings
    alone = real.sum(1, keepdim=True) < 2
    to_mean = (embeddings * nn.functional.normalize(others, dim=-1)).sum(-1)
    to_mean = to_mean.masked_fill(alone, 1.0)
    likeness = embeddings @ embeddings.transpose(1, 2)
    apart = real[:, :, None] & real[:, None, :]
    apart = apart & ~torch.eye(real.shape[1], dtype=torch.bool, device=real.device)
    nearest = likeness.masked_fill(~apart, -1.0).amax(-1).masked_fill(alone, 1.0)
    ranked = likeness.masked_fill(~apart, torch.inf).sort(-1).values
    middle = ((real.sum(1) - 2).clamp(min=0) // 2)[:, None, None].expand(-1, real.shape[1], 1)
    median = ranked.gather(-1, middle).squeeze(-1).masked_fill(alone, 1.0)
    median = torch.where(real, median, torch.zeros_like(median))
    count = real.sum(1, keepdim=True).float().log().expand(-1, real.shape[1])
    scaled = [(s - _CENTER) * _SCALE for s in (to_mean, nearest, median)]
    return torch.stack([*scaled, count], dim=-1) * real[..., None]
