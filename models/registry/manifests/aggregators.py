"""Manifests of aggregators: the frames of a track to one template."""

from typing import ClassVar, Literal

from models.registry.manifests.embeddings import Curve, EmbeddingManifest


class AggregatorManifest(EmbeddingManifest):
    """An aggregator: embeddings of one encoder, and their qualities, to one template."""

    trial: ClassVar[str] = "models.pipelines.tracks.trial:try_aggregator"

    task: Literal["aggregate-tracks"] = "aggregate-tracks"
    encoder: str
    """Key of the encoder whose embeddings it weighs."""
    curve: Curve
    """Curve of a track's template against single faces."""

    def described_input(self) -> str:
        """The encoder whose embeddings it takes."""
        return f"embeddings of {self.encoder} in order of time, with their qualities"

    def described_output(self) -> str:
        """Weights and template."""
        return "a weight per frame, one template"
