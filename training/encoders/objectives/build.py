"""Objectives by configuration."""

from collections.abc import Sequence

from torch import nn

from training.encoders.objective_recipe import (
    BankTripletConfig,
    ClassificationConfig,
    ContrastiveConfig,
    DistillationConfig,
    ObjectiveConfig,
    RankingConfig,
    TripletConfig,
    VerificationConfig,
)
from training.encoders.objectives import bank_losses, classification, in_batch
from training.encoders.objectives.verification import VerificationHead


def build(config: ObjectiveConfig, people: int, dimension: int) -> nn.Module:
    """An objective for embeddings of that length of so many people."""
    match config:
        case DistillationConfig():
            return bank_losses.Distillation(config)
        case RankingConfig():
            return bank_losses.Ranking(config)
        case BankTripletConfig():
            return bank_losses.BankTriplets(config)
        case TripletConfig():
            return in_batch.TripletLoss(config)
        case ContrastiveConfig():
            return in_batch.ContrastiveLoss(config)
        case ClassificationConfig(kind="softmax"):
            return classification.Softmax(config, people, dimension)
        case ClassificationConfig():
            return classification.MarginSoftmax(config, people, dimension)
        case VerificationConfig():
            return VerificationHead(config, dimension)


def needs_teacher(configs: Sequence[ObjectiveConfig]) -> bool:
    """Whether one of them compares with the starting network's embeddings."""
    return any(isinstance(config, DistillationConfig) for config in configs)


def needs_bank(configs: Sequence[ObjectiveConfig]) -> bool:
    """Whether one of them compares with the whole training set."""
    return any(isinstance(config, RankingConfig | BankTripletConfig) for config in configs)
