"""Counts of people and pictures that a run really works with."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from rich.console import Console

from training.encoders.batches import TrainingSet
from training.encoders.mining.samplers import drawable
from training.encoders.recipe import TrainConfig
from training.encoders.validation import Validation

FEW_PAIRS = 100
"""Pairs below which an error rate of validation says little."""
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of what is drawn, of what never is, and of what is measured."""

    people: int
    pictures: int
    single_views: int
    """Of these people, those with one picture, drawn as several augmented views of it."""
    never_drawn: int
    """People with one picture who only would come as views, and do not."""
    validation_people: int
    validation_pictures: int
    validation_pairs: int

    @classmethod
    def of(cls, config: TrainConfig, data: TrainingSet, validation: Validation) -> Self:
        """Count what a run with this recipe draws from the data."""
        singles = int((np.bincount(data.labels) == 1).sum())
        drawn = drawable(data.labels, single_views=config.single_views)
        by_person = config.batches.draws_people
        left_out = singles if by_person and not config.single_views else 0
        # The stream takes its negatives from everybody.
        pictures = sum(map(len, drawn)) if by_person and not config.batches.triplets else len(data)
        return cls(
            people=data.people - left_out,
            pictures=pictures,
            single_views=singles if by_person and config.single_views else 0,
            never_drawn=left_out,
            validation_people=len(set(validation.identities)),
            validation_pictures=len(validation.identities),
            validation_pairs=len(validation.pairs),
        )

    def tell(self) -> None:
        """Say it on standard error, with what is doubtful about it."""
        _console.print(
            f"Training on {self.pictures:,} pictures of {self.people:,} people; validating on "
            f"{self.validation_pairs:,} pairs among {self.validation_pictures:,} pictures of "
            f"{self.validation_people:,} others."
        )
        if self.single_views:
            _console.print(
                f"{self.single_views:,} of the people have one picture, and are drawn as several "
                "augmented views of it (batches.single_views = false leaves them out)."
            )
        if self.never_drawn:
            _console.print(
                f"[yellow]{self.never_drawn:,} people have one picture and are never drawn as "
                "anybody's match[/]: set batches.single_views = true, with an \\[augment] table."
            )
        if self.validation_pairs < FEW_PAIRS:
            _console.print(
                f"[yellow]{self.validation_pairs} validation pairs are few[/]: their error rates "
                f"say little below {FEW_PAIRS}. Raise data.validation, or add pictures."
            )
