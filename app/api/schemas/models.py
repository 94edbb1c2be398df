"""Models of the registry as clients see them."""

from typing import Any, Self

from pydantic import BaseModel

from models.registry.manifest import Manifest


class ModelSummary(BaseModel):
    """One line of the registry."""

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

    limits: str
    training_data: str
    architecture: dict[str, Any]
    source: dict[str, Any]
    input: dict[str, Any]
    output: dict[str, Any] | None
    curve: dict[str, Any] | None
    metrics: dict[str, Any]
    licence_url: str

    @classmethod
    def of(cls, manifest: Manifest, *, default: bool) -> Self:
        card = manifest.model_dump(mode="json")
        summary = ModelSummary.of(manifest, default=default).model_dump()
        fields = ("limits", "training_data", "architecture", "source", "input", "output")
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
