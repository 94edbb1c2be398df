"""Manifests of readers of dates."""

from typing import ClassVar, Literal

from pydantic import Field

from models.registry.manifests.base import Manifest
from models.registry.origins import Part


class Text(Part):
    """Knowledge of a reader of texts, and when it answers."""

    characters: str = Field(min_length=1)
    """Characters of normalized texts, in the order that the network numbers them."""
    locales: dict[str, Literal["DMY", "MDY", "YMD"]] = Field(min_length=1)
    """The order of day, month and year in each, and they in the network's order."""
    months: tuple[tuple[str, ...], ...] = Field(min_length=12, max_length=12)
    """Normalized names of each month in all languages; an answer needs one, or digits."""
    refused_from: float = Field(gt=0, le=1)
    """Probability of "nothing to be found" from which on that is the answer."""
    least_probability: float = Field(ge=0, lt=1)
    """Probability that an answer needs."""


class DateReaderManifest(Manifest):
    """A reader of dates: characters to days."""

    trial: ClassVar[str] = "models.pipelines.dates.trial:try_reader"

    task: Literal["read-dates"] = "read-dates"
    text: Text
    """Characters, locales and months that it knows, and when it answers."""

    def described_input(self) -> str:
        """Locales of the texts."""
        return f"texts of {len(self.text.locales)} locales"

    def described_output(self) -> str:
        """Days, or none."""
        return "ISO dates with their places, or none"
