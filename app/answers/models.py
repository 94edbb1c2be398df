"""Models of the registry as clients see them."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from models.registry.manifests.base import Manifest
from models.registry.readiness import Obstacle
from models.registry.registry import Registry


class ModelProblem(BaseModel):
    """An obstacle that keeps a model from serving, and what to do about it."""

    code: str
    detail: str
    hint: str

    @classmethod
    def of(cls, obstacle: Obstacle) -> Self:
        return cls(code=obstacle.reason, detail=obstacle.message, hint=obstacle.hint)


_SUMMARY: dict[str, Any] = {
    "key": "facenet-resnet29@1",
    "task": "encode-faces",
    "default": True,
    "description": "ResNet-29, 128-d",
    "licence": "CC0-1.0",
    "commercial_use": True,
    "provenance_doubt": "",
    "ready": True,
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
                    "metrics": {},
                    "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
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
    metrics: dict[str, Any]
    licence_url: str

    @classmethod
    def of(cls, manifest: Manifest, registry: Registry) -> Self:
        card = manifest.model_dump(mode="json")
        fields = ("limits", "training_data", "architecture", "source", "input", "metrics")
        of_some_tasks = ("output", "encoder", "curve")
        return cls(
            **cls._summary(manifest, registry),
            **{field: card[field] for field in fields},
            **{field: card.get(field) for field in of_some_tasks},
            licence_url=manifest.licence.url,
        )


class Models(BaseModel):
    """The registry."""

    models: list[ModelSummary]
