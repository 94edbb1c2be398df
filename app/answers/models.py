"""Models of the registry as clients see them."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.services.models.pulling import Pulled, Terms
from models.errors import ReportedError
from models.registry.errors import EncoderNotReadyError
from models.registry.manifests.base import Manifest
from models.registry.manifests.embeddings import EmbeddingManifest
from models.registry.origins import shown_address
from models.registry.readiness import Obstacle
from models.registry.registry import Registry
from models.registry.sources import source_files

_MENDED = ("weights-missing", "checksum-mismatch")
"""Obstacles that fetching weights anew removes."""


class ModelProblem(BaseModel):
    """An obstacle that keeps a model from serving, and what to do about it."""

    code: str
    detail: str
    hint: str

    @classmethod
    def of(cls, obstacle: Obstacle) -> Self:
        return cls(code=obstacle.reason, detail=obstacle.message, hint=obstacle.hint)

    @classmethod
    def of_error(cls, error: EncoderNotReadyError) -> Self:
        """The obstacle that an error tells of."""
        return cls(code=str(error.data["reason"]), detail=error.message, hint=error.hint)


_TERMS: dict[str, Any] = {
    "model": "sface@1",
    "licence": "Apache-2.0",
    "licence_url": "https://www.apache.org/licenses/LICENSE-2.0",
    "commercial_use": True,
    "restricts": [],
    "provenance_doubt": "",
    "addresses": ["https://models.example/sface.onnx"],
    "bytes": 38696353,
}


class ModelTerms(BaseModel):
    """Terms under which files of a model are fetched."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TERMS]})

    model: str = Field(description="The model, or a part of it.")
    licence: str
    licence_url: str
    commercial_use: bool
    restricts: list[str] = Field(description="Uses that the licence does not allow.")
    provenance_doubt: str = Field(
        "", description="Doubt whether its training data allowed what the licence allows."
    )
    addresses: list[str] = Field(description="Of its files.")
    bytes: int | None = Field(description="Of all of them, where the manifest states them.")

    @classmethod
    def of(cls, terms: Terms) -> Self:
        return cls(
            model=terms.model,
            licence=terms.licence,
            licence_url=terms.licence_url,
            commercial_use=terms.commercial_use,
            restricts=list(terms.restricts),
            provenance_doubt=terms.provenance_doubt,
            addresses=list(terms.addresses),
            bytes=terms.size,
        )


class PulledModel(BaseModel):
    """Weights that were fetched."""

    model: str
    fetched_bytes: int
    ready: bool
    problem: ModelProblem | None = Field(description="What still keeps it from serving.")
    pinned_sha256: str | None = Field(
        description="Checksum of a file for which nobody has published one: it counts from now on."
    )

    @classmethod
    def of(cls, pulled: Pulled) -> Self:
        obstacle = pulled.obstacle
        return cls(
            model=pulled.model,
            fetched_bytes=pulled.fetched,
            ready=obstacle is None,
            problem=None if obstacle is None else ModelProblem.of(obstacle),
            pinned_sha256=pulled.pinned_sha256,
        )


_SUMMARY: dict[str, Any] = {
    "key": "facenet-resnet29@1",
    "task": "encode-faces",
    "default": True,
    "description": "ResNet-29, 128-d",
    "licence": "CC0-1.0",
    "commercial_use": True,
    "provenance_doubt": "",
    "ready": True,
    "downloadable": False,
    "problem": None,
}


class ModelSummary(BaseModel):
    """One line of the registry."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUMMARY]})

    key: str
    task: str
    default: bool
    description: str
    licence: str
    commercial_use: bool
    provenance_doubt: str = Field(
        "", description="Doubt whether its training data allowed what the licence allows."
    )
    ready: bool = Field(description="Whether collections and requests can use it right now.")
    downloadable: bool = Field(
        False, description="Whether its weights are missing here, and can be fetched by `…/pull`."
    )
    problem: ModelProblem | None = Field(None, description="Why it is not ready.")

    @classmethod
    def of(cls, manifest: Manifest, registry: Registry) -> Self:
        return cls(**cls._summary(manifest, registry))

    @staticmethod
    def _summary(manifest: Manifest, registry: Registry) -> dict[str, Any]:
        obstacle = registry.obstacle(manifest.key)
        return {
            "key": manifest.key,
            "task": manifest.task,
            "default": registry.is_default(manifest),
            "description": manifest.description,
            "licence": manifest.licence.name,
            "commercial_use": manifest.licence.commercial,
            "provenance_doubt": manifest.provenance_doubt,
            "ready": obstacle is None,
            "downloadable": obstacle is not None
            and obstacle.reason in _MENDED
            and registry.has_address(manifest.key),
            "problem": None if obstacle is None else ModelProblem.of(obstacle),
        }


class ModelCard(ModelSummary):
    """A model's card and figures."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_SUMMARY,
                    "limits": "Children, profiles, masks.",
                    "training_data": "About 3 million faces.",
                    "architecture": {"name": "resnet29", "arguments": {}},
                    "source": {"kind": "package"},
                    "input": {"size": [150, 150]},
                    "output": {"dimension": 128, "normalised": True},
                    "curve": {"points": [[0.931, 0.001], [0.944, 0.0001]]},
                    "supported_fmr": 2e-07,
                    "metrics": {},
                    "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
                    "bytes": 21428389,
                    "terms": [],
                }
            ]
        }
    )

    limits: str
    training_data: str
    architecture: dict[str, Any]
    source: dict[str, Any]
    input: dict[str, Any]
    output: dict[str, Any] | None
    encoder: str | None = Field(None, description="Whose embeddings an aggregator weighs.")
    curve: dict[str, Any] | None
    supported_fmr: float | None = Field(
        description="The smallest false-match rate that the comparisons behind the curve support."
    )
    metrics: dict[str, Any]
    licence_url: str
    bytes: int | None = Field(description="Of its files, here or where they are fetched from.")
    terms: list[ModelTerms] = Field(description="Of what would be fetched; none where all is here.")

    @classmethod
    def of(cls, manifest: Manifest, registry: Registry, terms: Sequence[Terms] = ()) -> Self:
        card = manifest.model_dump(mode="json")
        card["source"] = _shown(card["source"])
        sizes = [one.size for one in terms]
        fetched = None if None in sizes else sum(size for size in sizes if size is not None)
        fields = ("limits", "training_data", "architecture", "source", "input", "metrics")
        of_some_tasks = ("output", "encoder", "curve")
        return cls(
            **cls._summary(manifest, registry),
            **{field: card[field] for field in fields},
            **{field: card.get(field) for field in of_some_tasks},
            supported_fmr=_supported_fmr(manifest),
            licence_url=manifest.licence.url,
            bytes=fetched if terms else _bytes_here(manifest, registry),
            terms=[ModelTerms.of(one) for one in terms],
        )


def _supported_fmr(manifest: Manifest) -> float | None:
    if isinstance(manifest, EmbeddingManifest) and manifest.calibrated:
        return manifest.threshold_curve.supported
    return None


def _shown(source: dict[str, Any]) -> dict[str, Any]:
    """The source without what is secret in addresses."""
    shown = dict(source)
    if "url" in shown:
        shown["url"] = shown_address(shown["url"])
    if "files" in shown:
        shown["files"] = [_shown(file) for file in shown["files"]]
    return shown


def _bytes_here(manifest: Manifest, registry: Registry) -> int | None:
    """None where some are missing, or there are none."""
    every = (manifest, *map(registry.manifest, manifest.needs))
    try:
        files = [file for one in every for file, _ in source_files(one, registry.cache_dir)]
        return sum(file.stat().st_size for file in files) if files else None
    except (ReportedError, OSError):
        return None


class Models(BaseModel):
    """The registry."""

    models: list[ModelSummary]
