"""Every objective against a loop written from its definition."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from training.encoders.mining.bank import EmbeddingBank
from training.encoders.objective_recipe import (
    BankTripletConfig,
    ClassificationConfig,
    ContrastiveConfig,
    Distance,
    DistillationConfig,
    RankingConfig,
    TripletConfig,
    VerificationConfig,
)
from training.encoders.objectives.bank_losses import BankTriplets, Distillation, Ranking
from training.encoders.objectives.build import build
from training.encoders.objectives.context import Embedded
from training.encoders.objectives.distances import distance
from training.encoders.objectives.in_batch import ContrastiveLoss, TripletLoss
from training.encoders.objectives.verification import VerificationHead

LABELS = torch.tensor([0, 0, 1, 1, 2, 2, 2])
ALL_KINDS = [
    TripletConfig(kind="triplet", mining="all"),
    ContrastiveConfig(kind="contrastive"),
    ClassificationConfig(kind="softmax"),
    ClassificationConfig(kind="arcface"),
    ClassificationConfig(kind="cosface"),
    VerificationConfig(kind="verification", features="absolute"),
    VerificationConfig(kind="verification", features="squared"),
    VerificationConfig(kind="verification", features="concatenated"),
    DistillationConfig(kind="distillation"),
    RankingConfig(kind="ranking"),
    BankTripletConfig(kind="bank-triplet"),
]


def batch_of(z: Tensor, labels: Tensor = LABELS) -> Embedded:
    """Rows are the batch's own places in a bank of 12 pictures of 4 people."""
    generator = torch.Generator().manual_seed(1)
    stored = F.normalize(torch.randn(12, z.shape[1], generator=generator))
    people = np.array([0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3])
    return Embedded(
        z,
        torch.arange(len(z)),
        labels,
        np.random.default_rng(0),
        teacher=stored[: len(z)],
        bank=EmbeddingBank(stored.numpy(), people),
    )


@pytest.fixture
def z() -> Tensor:
    return F.normalize(torch.randn(7, 5, generator=torch.Generator().manual_seed(0)))


@pytest.mark.parametrize("kind", ["squared", "euclidean", "cosine"])
def test_triplet_loss_is_the_mean_over_all_triplets(z: Tensor, kind: str) -> None:
    config = TripletConfig(kind="triplet", distance=kind, margin=0.3, mining="all")
    distances: dict[str, Callable[[Tensor, Tensor], float]] = {
        "squared": lambda a, b: float(((a - b) ** 2).sum()),
        "euclidean": lambda a, b: math.sqrt(float(((a - b) ** 2).sum())),
        "cosine": lambda a, b: 1 - float(a @ b),
    }
    d = distances[kind]
    losses = [
        max(0.0, d(z[a], z[p]) - d(z[a], z[n]) + 0.3)
        for a, p, n in itertools.permutations(range(7), 3)
        if LABELS[a] == LABELS[p] != LABELS[n]
    ]
    value = TripletLoss(config)(batch_of(z))
    assert float(value.loss) == pytest.approx(np.mean(losses), rel=1e-4)
    assert value.figures["active"] == pytest.approx(np.mean(np.array(losses) > 0))


def test_triplets_of_a_stream_are_taken_in_turn(z: Tensor) -> None:
    config = TripletConfig(kind="triplet", margin=0.3, mining="stream")
    value = TripletLoss(config)(batch_of(z[:6], LABELS[:6]))
    gaps = [
        float(((z[a] - z[a + 1]) ** 2).sum() - ((z[a] - z[a + 2]) ** 2).sum()) + 0.3 for a in (0, 3)
    ]
    assert float(value.loss) == pytest.approx(np.mean([max(0, gap) for gap in gaps]), rel=1e-4)
    assert value.satisfied is not None
    assert value.satisfied.tolist() == [gap <= 0 for gap in gaps]


def test_without_triplets_the_loss_is_zero_and_has_a_gradient(z: Tensor) -> None:
    z.requires_grad_()
    value = TripletLoss(TripletConfig(kind="triplet", mining="hard"))(batch_of(z, torch.arange(7)))
    value.loss.backward()
    assert float(value.loss.detach()) == 0
    assert z.grad is not None
    assert float(z.grad.abs().sum()) == 0


def test_contrastive_loss_weighs_both_kinds_of_pairs_alike(z: Tensor) -> None:
    close, far = [], []
    for i, j in itertools.combinations(range(7), 2):
        d = math.sqrt(float(((z[i] - z[j]) ** 2).sum()))
        if LABELS[i] == LABELS[j]:
            close.append(d**2)
        else:
            far.append(max(0.0, 1.2 - d) ** 2)
    value = ContrastiveLoss(ContrastiveConfig(kind="contrastive", margin=1.2))(batch_of(z))
    assert float(value.loss) == pytest.approx((np.mean(close) + np.mean(far)) / 2, rel=1e-4)


@pytest.mark.parametrize("kind", ["arcface", "cosface"])
def test_margin_softmax_moves_only_the_own_class(z: Tensor, kind: str) -> None:
    config = ClassificationConfig(kind=kind, scale=16, margin=0.3)
    objective = build(config, people=3, dimension=5)
    weights = F.normalize(objective.get_parameter("loss.W").detach(), dim=0)
    losses = []
    for x, label in zip(z, LABELS.tolist(), strict=True):
        cosines = [float(x @ weights[:, c]) for c in range(3)]
        own = cosines[label]
        cosines[label] = own - 0.3 if kind == "cosface" else math.cos(math.acos(own) + 0.3)
        if kind == "arcface" and math.acos(own) > math.pi - 0.3:
            cosines[label] = own - 0.3 * math.sin(0.3)
        logits = 16 * np.array(cosines)
        losses.append(float(np.log(np.exp(logits).sum()) - logits[label]))
    value = objective(batch_of(z))
    assert float(value.loss.detach()) == pytest.approx(np.mean(losses), rel=1e-3)


def test_softmax_is_the_cross_entropy_of_a_linear_classifier(z: Tensor) -> None:
    objective = build(ClassificationConfig(kind="softmax", scale=4), people=3, dimension=5)
    logits = F.linear(
        4 * z, objective.get_parameter("classes.weight"), objective.get_parameter("classes.bias")
    )
    expected = [
        -math.log(float(torch.exp(row[label]) / torch.exp(row).sum()))
        for row, label in zip(logits.detach(), LABELS, strict=True)
    ]
    assert float(objective(batch_of(z)).loss.detach()) == pytest.approx(np.mean(expected), rel=1e-4)


@pytest.mark.parametrize(("kind", "power"), [("squared", 1.0), ("euclidean", 0.5)])
def test_distillation_is_the_distance_to_the_teacher(
    z: Tensor, kind: Distance, power: float
) -> None:
    batch = batch_of(z)
    assert batch.teacher is not None
    squared = [float(((a - t) ** 2).sum()) for a, t in zip(z, batch.teacher, strict=True)]
    value = Distillation(DistillationConfig(kind="distillation", distance=kind))(batch)
    assert float(value.loss) == pytest.approx(np.mean([d**power for d in squared]), rel=1e-5)


def test_euclidean_distillation_pulls_near_faces_as_hard_as_far_ones(z: Tensor) -> None:
    batch = batch_of(z.requires_grad_())
    assert batch.teacher is not None
    distillation = Distillation(DistillationConfig(kind="distillation", distance="euclidean"))
    distillation(batch).loss.backward()
    assert z.grad is not None
    assert z.grad.norm(dim=1).numpy() == pytest.approx(1 / 7, rel=1e-4)


def test_ranking_compares_with_everybody_else_of_the_bank(z: Tensor) -> None:
    config = RankingConfig(kind="ranking", scale=10, margin=0.05, other_picture=0, share=0.1)
    batch = batch_of(z)
    assert batch.bank is not None
    stored, people = batch.bank.embeddings, batch.bank.labels
    wanted, everybody, softmax = [], [], []
    for i in range(7):
        own = float(z[i] @ stored[i]) - 0.05
        others = [float(z[i] @ stored[j]) for j in range(12) if people[j] != LABELS[i]]
        total = sum(math.exp(10 * s) for s in [own, *others])
        softmax.append(-math.log(math.exp(10 * own) / total) / 10)
        wanted.append(own)
        everybody += others
    hardest = sorted(everybody, reverse=True)[: int(0.1 * 7 * 12)]
    across = [math.log1p(math.exp(10 * (h - own))) / 10 for own in wanted for h in hardest]
    value = Ranking(config)(batch)
    assert float(value.loss) == pytest.approx((np.mean(softmax) + np.mean(across)) / 2, rel=1e-4)


def test_bank_triplets_take_the_hardest_of_the_whole_set(z: Tensor) -> None:
    config = BankTripletConfig(kind="bank-triplet", margin=0.5, negatives=2, other_picture=0)
    batch = batch_of(z)
    assert batch.bank is not None
    stored, people = batch.bank.embeddings, batch.bank.labels
    losses = []
    for i in range(7):
        others = sorted(
            (float(z[i] @ stored[j]) for j in range(12) if people[j] != LABELS[i]), reverse=True
        )
        losses += [max(0.0, n - float(z[i] @ stored[i]) + 0.5) for n in others[:2]]
    assert float(BankTriplets(config)(batch).loss) == pytest.approx(np.mean(losses), rel=1e-4)


@pytest.mark.parametrize("features", ["absolute", "squared", "concatenated"])
def test_verification_head_is_a_balanced_logistic_regression(z: Tensor, features: str) -> None:
    head = VerificationHead(VerificationConfig(kind="verification", features=features), 5)
    weight, bias = head.regression.weight.detach()[0], float(head.regression.bias.detach())
    losses: dict[bool, list[float]] = {True: [], False: []}
    for i, j in itertools.permutations(range(7), 2):
        x = {
            "absolute": (z[i] - z[j]).abs(),
            "squared": (z[i] - z[j]) ** 2,
            "concatenated": torch.cat([z[i], z[j]]),
        }[features]
        odds = float(weight @ x) + bias
        same = bool(LABELS[i] == LABELS[j])
        losses[same].append(math.log1p(math.exp(-odds if same else odds)))
    expected = (np.mean(losses[True]) + np.mean(losses[False])) / 2
    value = head(batch_of(z))
    assert float(value.loss.detach()) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "config", ALL_KINDS, ids=lambda c: f"{c.kind}-{getattr(c, 'features', '')}"
)
def test_gradients_are_finite_in_bfloat16_and_where_embeddings_meet(config: object) -> None:
    torch.manual_seed(0)
    network = torch.nn.Linear(6, 5)
    objective = build(config, people=4, dimension=5)  # type: ignore[arg-type]
    x = torch.randn(7, 6)
    x[1] = x[0]
    with torch.autocast("cpu", torch.bfloat16):
        raw = network(x)
    objective(batch_of(F.normalize(raw.float()))).loss.backward()
    for parameter in [*network.parameters(), *objective.parameters()]:
        assert parameter.grad is None or bool(parameter.grad.isfinite().all())
    assert network.weight.grad is not None


def test_distances_of_one_point_have_a_finite_gradient() -> None:
    a = torch.ones(1, 3, requires_grad=True)
    torch.autograd.backward(distance(a, torch.ones(1, 3), "euclidean").sum())
    assert a.grad is not None
    assert bool(a.grad.isfinite().all())
