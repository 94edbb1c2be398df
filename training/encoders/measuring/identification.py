"""Figures of 1:N search: who is this (closed set), and is this anybody (open set)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.measure.errors import EvaluationError
from training.measure.gallery import Gallery

RANKS = (1, 2, 3, 5, 10, 20, 50, 100)
FPIRS = {"1e-2": 1e-2, "1e-3": 1e-3}


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Probes compared with a gallery of one picture per person."""

    scores: NDArray[np.float32]
    """(P, G) cosines; -1 where no face was found in the probe."""
    truth: NDArray[np.intp]
    """(P,) column of the probe's own person; -1 for those who are not in the gallery."""

    def ranks(self) -> NDArray[np.intp]:
        """(mated probes,) rank of the right person, from 1; ties count against the encoder."""
        mated = self.truth >= 0
        own = self.scores[mated, self.truth[mated]]
        return np.asarray((self.scores[mated] >= own[:, None]).sum(axis=1))


def cumulative_match(ranks: NDArray[np.intp], upto: int) -> NDArray[np.float64]:
    """(upto,) share of probes whose person is among the first 1, 2, … (CMC)."""
    return np.array([np.mean(ranks <= rank) for rank in range(1, upto + 1)])


def detection_identification_rate(
    search: Search, fpirs: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """(rates, thresholds) by FPIR: the share of mated probes found first and above threshold.

    The threshold is the lowest at which no more than that share of the unmated probes finds
    anybody. DIR at rank 1 after Grother, Phillips, "Models of large population recognition
    performance" (2004).
    """
    mated = search.truth >= 0
    best_unmated = np.sort(search.scores[~mated].max(axis=1))[::-1]
    own = search.scores[mated, search.truth[mated]]
    first = search.ranks() == 1
    rates, thresholds = {}, {}
    for key, fpir in fpirs.items():
        allowed = int(np.floor(fpir * len(best_unmated) + 1e-9))
        # Just above the first score that must not be accepted; nobody scores above 1.
        limit = best_unmated[allowed] if allowed < len(best_unmated) else np.float32(-1)
        rates[key] = float(np.mean(first & (own > limit)))
        thresholds[key] = float(np.nextafter(limit, np.float32(2)))
    return rates, thresholds


def identification_report(
    gallery: Gallery, gallery_size: int | None, seed: int
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Figures for JSON, and the (G,) closed-set CMC.

    A person's first picture by name is enrolled, the others are probes. Closed set: everybody
    with two pictures or more is in the gallery. Open set: `gallery_size` of them, drawn by
    `seed` (half of them when None); the pictures of all other people are unmated probes.
    Raises EvaluationError.
    """
    rows = _rows_by_person(gallery)
    several = sorted(name for name, own in rows.items() if len(own) > 1)
    if len(several) < 2:
        raise EvaluationError("Identification needs two people or more with two pictures each.")
    closed = _search(gallery, rows, several, several)
    cmc = cumulative_match(closed.ranks(), len(several))
    enrolled = _drawn(several, len(rows), gallery_size, seed)
    opened = _search(gallery, rows, enrolled, list(rows))
    rates, thresholds = detection_identification_rate(opened, FPIRS)
    mated = int((opened.truth >= 0).sum())
    return {
        "closed_set": {
            "gallery": len(several),
            "probes": len(closed.truth),
            "cmc": {str(rank): float(cmc[rank - 1]) for rank in RANKS if rank <= len(cmc)},
        },
        "open_set": {
            "gallery": len(enrolled),
            "mated_probes": mated,
            "unmated_probes": len(opened.truth) - mated,
            "dir": rates,
            "thresholds": thresholds,
            "seed": seed,
        },
        "images": len(gallery.names),
        "undetected": int((~gallery.detected).sum()),
    }, cmc


def _drawn(several: Sequence[str], people: int, size: int | None, seed: int) -> list[str]:
    size = len(several) // 2 if size is None else size
    if not 1 <= size <= len(several) or size == people:
        raise EvaluationError(
            f"An open-set gallery of {size} is not possible: {len(several)} people have two "
            "pictures or more, and somebody has to stay outside."
        )
    return sorted(np.random.default_rng(seed).permutation(several)[:size].tolist())


def _rows_by_person(gallery: Gallery) -> dict[str, list[int]]:
    """Rows of everybody, those with a face first, so that what is enrolled has one."""
    rows: dict[str, list[int]] = {}
    for i in sorted(
        range(len(gallery.names)), key=lambda i: (not gallery.detected[i], gallery.names[i])
    ):
        rows.setdefault(gallery.identities[i], []).append(i)
    return {name: own for name, own in rows.items() if gallery.detected[own[0]]}


def _search(
    gallery: Gallery, rows: dict[str, list[int]], enrolled: Sequence[str], people: Sequence[str]
) -> Search:
    column = {name: i for i, name in enumerate(enrolled)}
    references = [rows[name][0] for name in enrolled]
    probes = [
        (row, column.get(name, -1))
        for name in people
        for row in rows[name][name in column :]  # an enrolled person's first picture is taken
    ]
    index = np.array([row for row, _ in probes], dtype=np.intp)
    scores = gallery.embeddings[index] @ gallery.embeddings[references].T
    scores[~gallery.detected[index]] = -1
    return Search(scores, np.array([truth for _, truth in probes], dtype=np.intp))
