"""Models of the registry as clients see them."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from models.registry.manifest import Manifest


class ModelSummary(BaseModel):
    """One line of the registry."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "facenet-resnet29@1",
                    "task": "encode-faces",
                    "default": True,
                    "description": "ResNet-29, 128-d",
                    "licence": "CC0-1.0",
                    "commercial_use": True,
                }
            ]
        }
    )

    key: str
    task: str
    default: bool
    description: str
    licence: str
    commercial_use: bool

    @classmethod
    def of(cls, manifest: Manifest, *, default: bool) -> Self:
        return cls(
            key=manifest.key,
            task=manifest.task,
            default=default,
            description=manifest.description,
            licence=manifest.licence.name,
            commercial_use=manifest.licence.commercial,
        )


class ModelCard(ModelSummary):
    """A model's card and figures."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "facenet-resnet29@1",
                    "task": "encode-faces",
                    "default": True,
                    "description": "ResNet-29, 128-d",
                    "licence": "CC0-1.0",
                    "commercial_use": True,
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
    def of(cls, manifest: Manifest, *, default: bool) -> Self:
        card = manifest.model_dump(mode="json")
        summary = ModelSummary.of(manifest, default=default).model_dump()
        fields = ("limits", "training_data", "architecture", "source", "input", "output", "encoder")
        return cls(
            **summary,
            **{field: card[field] for field in fields},
            curve=card["curve"],
            metrics=card["metrics"],
            licence_url=manifest.licence.url,
        )


class Models(BaseModel):
    """The registry."""

    models: list[ModelSummary]
