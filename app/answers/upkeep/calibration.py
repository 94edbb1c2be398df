"""Calibrations of a gallery as clients see them."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.curves import calibration as domain
from app.services.people.calibrating import Calibrated


class CalibratedPoint(BaseModel):
    """Rates of one similarity, side by side."""

    similarity: float
    general: float = Field(description="False-match rate by the encoder's curve.")
    fmr: float = Field(description="By the collection's own.")
    low: float = Field(description="Of the collection's own, with a confidence of 95 %.")
    high: float


class Calibration(BaseModel):
    """A collection's own curve, beside its encoder's."""

    id: str
    encoder: str
    made_at: datetime
    subjects: int = Field(description="With faces, when it was made.")
    compared_subjects: int = Field(description="Of them those compared; fewer are a sample.")
    comparisons: int = Field(description="Of faces with other subjects.")
    dependence: float = Field(
        description="How many comparisons say as much as one independent one."
    )
    tail_from: float = Field(description="The similarity beyond which rates are fitted.")
    power: float = Field(description="Of the encoder's rate that they follow there.")
    fpir: float = Field(description="The rate at which the collection operates.")
    threshold: float = Field(description="The similarity that it needs by this curve.")
    general_threshold: float = Field(description="By the encoder's curve.")
    supported_fmr: float = Field(
        description="The smallest rate that the comparisons behind this curve support."
    )
    general_supported_fmr: float = Field(description="Of the encoder's curve.")
    points: list[CalibratedPoint]

    @classmethod
    def of(cls, made: domain.Calibration, shown: Calibrated) -> Self:
        operating = shown.operating(made)
        return cls(
            id=made.id,
            encoder=made.encoder,
            made_at=made.made_at,
            subjects=made.subjects,
            compared_subjects=made.compared_subjects,
            comparisons=made.comparisons,
            dependence=round(made.dependence, 2),
            tail_from=made.tail_from,
            power=round(made.power, 3),
            fpir=operating.fpir,
            threshold=round(operating.own, 4),
            general_threshold=round(operating.general, 4),
            supported_fmr=made.curve_beside(shown.general).supported,
            general_supported_fmr=shown.general.supported,
            points=[
                CalibratedPoint(
                    similarity=one.similarity,
                    general=_rate(one.general),
                    fmr=_rate(one.fmr),
                    low=_rate(one.low),
                    high=_rate(one.high),
                )
                for one in made.points
            ],
        )


_EXAMPLE: dict[str, Any] = {
    "id": "019a0c0f5b7c0123456789abcdef0123",
    "encoder": "embed-faces/facet-encoder@4",
    "made_at": "2026-01-31T12:00:00Z",
    "subjects": 412,
    "compared_subjects": 412,
    "comparisons": 402000,
    "dependence": 8.2,
    "tail_from": 0.41,
    "power": 0.83,
    "fpir": 0.01,
    "threshold": 0.52,
    "general_threshold": 0.46,
    "supported_fmr": 2e-05,
    "general_supported_fmr": 4e-06,
    "points": [
        {
            "similarity": 0.46,
            "general": 2.4e-05,
            "fmr": 9.1e-05,
            "low": 3.5e-05,
            "high": 0.00023,
        }
    ],
}


class Calibrations(BaseModel):
    """The calibrations of a collection."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "collection": "staff",
                    "encoder": "embed-faces/facet-encoder@4",
                    "subjects": 412,
                    "in_force": _EXAMPLE | {"id": "019a0bf0a11c0123456789abcdef0123"},
                    "stale": False,
                    "proposed": _EXAMPLE,
                }
            ]
        }
    )

    collection: str
    encoder: str
    subjects: int = Field(description="With faces, now.")
    in_force: Calibration | None = Field(
        description="By which the collection decides; null: by its encoder's curve."
    )
    stale: bool = Field(
        description="Whether the collection has half as many subjects again, or a third fewer, "
        "since the one in force was made: then calibrate anew."
    )
    proposed: Calibration | None = Field(description="Which waits to be accepted.")

    @classmethod
    def of(cls, shown: Calibrated) -> Self:
        own, proposed = shown.in_force, shown.proposed
        return cls(
            collection=shown.collection.name,
            encoder=shown.collection.encoder,
            subjects=shown.subjects,
            in_force=None if own is None else Calibration.of(own, shown),
            stale=shown.stale,
            proposed=None if proposed is None else Calibration.of(proposed, shown),
        )


def _rate(rate: float) -> float:
    return float(f"{rate:.3g}")
