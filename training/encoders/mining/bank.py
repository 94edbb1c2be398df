"""Embeddings of the whole training set, and who in it is hard to tell from whom."""

from collections.abc import Callable

import faiss
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Encode = Callable[[], NDArray[np.float32]]
"""(N, dimension) embeddings of the clean chips of the training set, as the network is now."""


class EmbeddingBank:
    """Embeddings that stay as they are until they are computed anew every n steps."""

    def __init__(self, embeddings: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        self.labels = torch.from_numpy(labels)
        """(N,) people."""
        order = np.argsort(labels, kind="stable")
        self._members = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
        self._most = max(len(m) for m in self._members)
        self.replace(embeddings)

    def replace(self, embeddings: NDArray[np.float32]) -> None:
        """Take (N, dimension) L2-normalised embeddings in place of the old ones."""
        self.embeddings = torch.from_numpy(np.ascontiguousarray(embeddings))
        self._index = faiss.IndexFlatIP(embeddings.shape[1])
        self._index.add(self.embeddings.numpy())

    def positives(self, rows: Tensor, other: float, rng: np.random.Generator) -> Tensor:
        """(n,) rows of the same people: with probability `other` any of theirs, else itself."""
        chosen = rows.clone()
        people = self.labels[rows].tolist()
        for i, person in enumerate(people):
            if rng.random() < other:
                chosen[i] = int(rng.choice(self._members[person]))
        return chosen

    def hardest(self, embeddings: Tensor, people: Tensor, count: int) -> Tensor:
        """(n, count) rows of other people whose embeddings are nearest to (n, dimension)."""
        reach = min(count + self._most, len(self.labels))
        _, found = self._index.search(embeddings.detach().float().cpu().numpy(), reach)
        rows = torch.from_numpy(found)
        same = self.labels[rows] == people.cpu()[:, None]
        # A stable sort moves a person's own pictures to the end and leaves the rest in order.
        order = torch.argsort(same.int(), dim=1, stable=True)
        return torch.gather(rows, 1, order)[:, :count]
