"""Settings of objectives, as they stand in a TOML file under `[[objectives]]`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]
Distance = Literal["squared", "euclidean", "cosine"]
Mining = Literal["all", "hard", "semi-hard", "distance-weighted", "random"]
"""Within a batch; see `mining.triplets`."""


class _Objective(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: Positive = 1.0


class DistillationConfig(_Objective):
    """Distance to the teacher's embedding of the unchanged chip."""

    kind: Literal["distillation"]
    distance: Distance = "squared"
    """Squared, far faces pull more than near ones; euclidean, all alike, and clear ones stay."""


class RankingConfig(_Objective):
    """Own person before everybody else of the whole training set (see `ranking`)."""

    kind: Literal["ranking"]
    scale: Positive = 48.0
    margin: float = Field(default=0.03, ge=0)
    """Cosine."""
    other_picture: float = Field(default=0.5, ge=0, le=1)
    """How often the positive is another picture of the person, where there is one."""
    share: float = Field(default=3e-3, gt=0, le=1)
    """Share of all comparisons of the batch with the set that count as hard."""


class BankTripletConfig(_Objective):
    """Triplets whose negatives are mined across the whole training set with FAISS."""

    kind: Literal["bank-triplet"]
    margin: Positive = 0.12
    negatives: int = Field(default=5, ge=1)
    """Hardest other people per anchor."""
    other_picture: float = Field(default=0.5, ge=0, le=1)


class TripletConfig(_Objective):
    """Triplets within the batch."""

    kind: Literal["triplet"]
    distance: Distance = "squared"
    margin: Positive = 0.2
    mining: Mining | Literal["stream"] = "semi-hard"
    """`stream`: the batch comes as triplets already (`batches.triplets`)."""


class ContrastiveConfig(_Objective):
    """Pairs within the batch: same people close, others beyond the margin."""

    kind: Literal["contrastive"]
    margin: Positive = 1.0
    """Euclidean distance."""


class ClassificationConfig(_Objective):
    """A class per person of the training set; ArcFace and CosFace add a margin."""

    kind: Literal["softmax", "arcface", "cosface"]
    scale: Positive = 32.0
    margin: float = Field(default=0.35, ge=0)
    """ArcFace: radians; CosFace: cosine; softmax has none."""


class VerificationConfig(_Objective):
    """The Siamese head: logistic regression on two embeddings (see `verification`)."""

    kind: Literal["verification"]
    features: Literal["absolute", "squared", "concatenated"] = "absolute"


ObjectiveConfig = Annotated[
    DistillationConfig
    | RankingConfig
    | BankTripletConfig
    | TripletConfig
    | ContrastiveConfig
    | ClassificationConfig
    | VerificationConfig,
    Field(discriminator="kind"),
]
