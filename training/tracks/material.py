"""Filmed people: who trains, who validates, who is only measured on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.data.chips import ChipSet, prepare_chips
from training.data.splits import identities_in_folds, split_identities
from training.tracks.clips import ClipConfig, Clips, filmed_rows, prepare_clean, prepare_clips
from training.tracks.composing import Composer
from training.tracks.measuring import Enrolled
from training.tracks.recipe import CompositionConfig

_HELD_OUT = 0.2
"""Share of the people, where no table of pairs says whom to hold out."""
People = NDArray[np.int64]
"""Labels of the chip set."""


@dataclass(frozen=True, slots=True, eq=False)
class Filmed:
    """Photographs, their clean embeddings, and the clips that were filmed of them."""

    chips: ChipSet
    clips: Clips
    rows: NDArray[np.int64]
    """(M,) of the chip set, that are filmed: so many of one person at most."""
    clean: NDArray[np.float32]
    """(M, dimension)."""

    def composer(self, people: People, config: CompositionConfig) -> Composer:
        """Tracks of these people: those with another photograph to be compared with."""
        labels, counts = np.unique(self.chips.labels, return_counts=True)
        several = labels[counts > 1]
        return Composer(self.clips, self.chips.labels, np.intersect1d(people, several), config)

    def enrolled(self, people: People) -> Enrolled:
        """Photographs of these people, no more of one than are filmed."""
        labels = self.chips.labels[self.rows]
        wanted = np.isin(labels, people)
        return Enrolled(self.clean[wanted], self.rows[wanted], labels[wanted])

    def people_of(self, names: Collection[str]) -> People:
        """Labels of the names that are there."""
        return np.flatnonzero(np.isin(self.chips.identities, list(names))).astype(np.int64)


def film_people(
    sources: Sequence[Path],
    registry: Registry,
    encoder: str,
    *,
    pad: float,
    ignore: Collection[str] = (),
) -> Filmed:
    """Chips, clean embeddings and clips of all pictures, from the cache if made before."""
    cache = registry.cache_dir
    chips = prepare_chips(sources, registry, encoder, cache / "chips", pad=pad, ignore=ignore)
    key, config = registry.manifest(encoder, EncoderManifest).key, ClipConfig(pad=pad)
    return Filmed(
        chips,
        prepare_clips(chips, registry, key, cache / "clips", config),
        filmed_rows(chips.labels, config.photographs),
        prepare_clean(chips, registry, key, cache / "clips", config),
    )


def split_people(
    filmed: Filmed, pairs: Path | None, folds: Sequence[int], share: float, seed: int
) -> tuple[People, People, People]:
    """(training, validation, held out): everybody in the folds of the pairs is held out.

    Without pairs, a fifth of the people are.
    """
    if pairs is not None:
        held = identities_in_folds(filmed.chips, pairs, folds)
    else:
        held = set(split_identities(filmed.chips.identities, _HELD_OUT, seed + 1)[1])
    others = [name for name in filmed.chips.identities if name not in held]
    train, validation = split_identities(others, share, seed)
    return filmed.people_of(train), filmed.people_of(validation), filmed.people_of(held)
