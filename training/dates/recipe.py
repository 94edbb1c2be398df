"""Recipes of `dates`: their tables, checked before the first step."""

from pydantic import Field

from models.nets.seq2seq import Cell
from training.kit.recipe import AverageConfig, OptimiserConfig, Part, ScheduleConfig, Share


class NetworkConfig(Part):
    """Sizes of the encoder-decoder."""

    cell: Cell = "lstm"
    embedding: int = Field(default=48, ge=1)
    encoder: int = Field(default=96, ge=1)
    """Per direction."""
    decoder: int = Field(default=128, ge=1)
    attention: int = Field(default=64, ge=1)
    dropout: Share = 0.1


class TextsConfig(Part):
    """Texts that are written, and their batches."""

    batch: int = Field(default=128, ge=1)
    pool: int = Field(default=32, ge=1)
    """Batches that are drawn together and then made of texts of like length."""
    without_date: Share = 0.3
    """Of the texts."""


class MeasuringConfig(Part):
    """Times when the network is measured on days it does not train on."""

    every: int = Field(default=500, ge=1)
    """Steps."""
    texts: int = Field(default=2000, ge=1)


class DatesConfig(Part):
    """A whole recipe."""

    seed: int = 1
    network: NetworkConfig = NetworkConfig()
    texts: TextsConfig = TextsConfig()
    optimiser: OptimiserConfig = OptimiserConfig()
    schedule: ScheduleConfig
    average: AverageConfig = AverageConfig()
    measuring: MeasuringConfig = MeasuringConfig()
