"""Weights over the frames of a track, against loops written from their definitions."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from app.domain.faces import Box, Face
from app.domain.tracks import AnalysedFrame, Observation, Track
from app.vision.faces.aggregation import TrackAggregator
from models.errors import InvalidWeightsError
from models.nets.track_aggregator import TrackAggregator as Network
from models.nets.track_aggregator import _agreements
from models.pipelines.faces.face_quality import Pose, Quality
from models.pipelines.tracks.aggregation import QUALITIES, quality_row, quality_weights, template
from models.pipelines.tracks.track_merging import TrackMerger
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry


def _frames(count: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    embeddings = rng.normal(size=(count, 16)).astype(np.float32) + 2
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings, rng.random((count, QUALITIES), dtype=np.float32)


def _network(cell: str = "gru", *, both: bool = False, restoring: bool = False) -> Network:
    torch.manual_seed(1)
    network = Network(
        16,
        hidden=8,
        reduced=4,
        cell=cell,  # type: ignore[arg-type]
        bidirectional=both,
        restoring=restoring,
    )
    nn.init.normal_(network.score.weight)
    if network.restore is not None:
        nn.init.normal_(network.restore.weight)
    return network.eval()


def test_agreements_are_what_they_say() -> None:
    embeddings, _ = _frames(5)
    quality = np.array([0.2, 0.9, 0.4, 0.001, 0.7], dtype=np.float32)
    found = _agreements(
        torch.from_numpy(embeddings)[None],
        torch.from_numpy(quality)[None],
        torch.ones(1, 5, dtype=torch.bool),
    )[0]
    for i in range(5):
        others = [j for j in range(5) if j != i]
        mean = sum(quality[j] * embeddings[j] for j in others)
        cosines = sorted(float(embeddings[i] @ embeddings[j]) for j in others)
        expected = [
            (float(embeddings[i] @ (mean / np.linalg.norm(mean))) - 0.9) * 8,
            (cosines[-1] - 0.9) * 8,
            (cosines[1] - 0.9) * 8,  # the lower one of the two in the middle
            np.log(5),
        ]
        assert found[i].tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize(("both", "restoring"), [(False, False), (True, False), (False, True)])
def test_padding_and_company_change_nothing(cell: str, both: bool, restoring: bool) -> None:
    network = _network(cell, both=both, restoring=restoring)
    tracks = [_frames(n, seed=n) for n in (1, 2, 5, 9)]
    embeddings = torch.zeros(4, 12, 16)
    qualities = torch.full((4, 12, QUALITIES), 7.0)
    for i, (e, q) in enumerate(tracks):
        embeddings[i, : len(e)], qualities[i, : len(q)] = torch.from_numpy(e), torch.from_numpy(q)
    lengths = torch.tensor([len(e) for e, _ in tracks])
    together, templates = network(embeddings, qualities, lengths)
    for i, (e, q) in enumerate(tracks):
        alone, merged = TrackMerger(network).merge(e, q)
        assert templates[i].tolist() == pytest.approx(merged.tolist(), abs=1e-5)
        assert together[i, : len(e)].tolist() == pytest.approx(alone.tolist(), abs=1e-5)
        assert together[i, len(e) :].abs().sum() == 0
        assert alone.sum() == pytest.approx(1, abs=1e-5) and (alone >= 0).all()
    assert together[0, 0].item() == pytest.approx(1)


def test_time_counts_for_a_recurrent_network() -> None:
    embeddings, qualities = _frames(6)
    merger = TrackMerger(_network())
    forwards, _ = merger.merge(embeddings, qualities)
    backwards = merger.merge(embeddings[::-1].copy(), qualities[::-1].copy())[0][::-1]
    assert np.abs(forwards - backwards).max() > 1e-4


@pytest.mark.parametrize("restoring", [False, True])
def test_a_fresh_network_weighs_by_quality(restoring: bool) -> None:
    embeddings, qualities = _frames(7)
    weights, merged = TrackMerger(Network(16, restoring=restoring)).merge(embeddings, qualities)
    assert weights.tolist() == pytest.approx(quality_weights(qualities).tolist(), abs=1e-6)
    assert merged.tolist() == pytest.approx(template(embeddings, weights).tolist(), abs=1e-6)


def test_a_restored_template_by_definition() -> None:
    embeddings, qualities = _frames(3)
    network, states = _network(restoring=True), []
    network.recurrent.register_forward_hook(lambda *call: states.append(call[-1][0].data))
    weights, merged = TrackMerger(network).merge(embeddings, qualities)
    assert network.restore is not None
    matrix, bias = network.restore.weight.detach().numpy(), network.restore.bias.detach().numpy()
    mean = sum(w * e for w, e in zip(weights, embeddings, strict=True))
    state = sum(w * s for w, s in zip(weights, states[0].numpy(), strict=True))
    moved = mean + matrix @ np.concatenate([state, mean]) + bias
    assert merged.tolist() == pytest.approx((moved / np.linalg.norm(moved)).tolist(), abs=1e-5)


def test_weights_by_quality_and_the_template_by_definition() -> None:
    embeddings, qualities = _frames(4)
    qualities[2, 0] = 0  # a face of no quality at all still counts a little
    weights = quality_weights(qualities)
    scores = [max(float(score), 1e-3) for score in qualities[:, 0]]
    assert weights.tolist() == pytest.approx([score / sum(scores) for score in scores])
    mean = sum(float(w) * e for w, e in zip(weights, embeddings, strict=True))
    expected = mean / np.linalg.norm(mean)
    assert template(embeddings, weights) == pytest.approx(expected, abs=1e-6)
    opposite = np.stack([embeddings[0], -embeddings[0]])
    halves = np.array([0.5, 0.5], dtype=np.float32)
    assert template(opposite, halves).tolist() == embeddings[0].tolist()


def test_qualities_are_of_order_one() -> None:
    best = quality_row(Quality(1.0, (), 2000, 128), 400, 1.0, Pose(0, 0, 0))
    worst = quality_row(Quality(0.0, (), 0, 0), 0, 0.5, Pose(90, -90, 0))
    assert best.shape == worst.shape == (QUALITIES,)
    assert np.abs(best).max() < 4 and np.abs(worst).max() < 7
    assert np.isfinite(best).all() and np.isfinite(worst).all()


def test_a_network_of_another_size_is_told() -> None:
    manifest = Registry(Path()).manifest("track-quality@1")
    assert manifest.architecture.arguments["dimension"] == 128
    manifest.try_out(Network(128))
    with pytest.raises(InvalidWeightsError, match="cannot be run"):
        manifest.try_out(Network(64))


def _track(count: int) -> tuple[Track, NDArray[np.float32]]:
    rng = np.random.default_rng(5)
    observations = []
    for number in range(count):
        vector = rng.normal(size=128).astype(np.float32) + 3
        face = Face(
            Box(0, 0, 60, 80),
            0.99,
            np.zeros((5, 2), np.float32),
            Pose(5, 0, 0),
            Quality(float(rng.uniform(0.1, 1)), (), 200, 120),
            np.asarray(vector / np.linalg.norm(vector), dtype=np.float32),
        )
        observations.append(Observation(AnalysedFrame(number, number / 5, (face,)), face))
    scores = np.array([o.face.quality.score for o in observations], dtype=np.float32)
    return Track(tuple(observations)), scores / scores.sum()


def test_the_registry_s_aggregators(tmp_path: Path) -> None:
    """The default one unless another is chosen; encoders without one fall back, without a curve."""
    encoder, registry = "facenet-resnet29@1", Registry(tmp_path)
    track, by_quality = _track(6)
    default = TrackAggregator(registry)
    assert default.name(encoder) == "track-quality@1"
    assert default.aggregate(track, encoder).weights == pytest.approx(by_quality, abs=1e-5)
    assert default.name("facenet-resnet29-robust@1") == "track-restoration@1"
    for version, number in ((1, 3), (4, 6)):
        assert default.name(f"facet-encoder@{version}") == f"track-quality@{number}"
        assert default.curve(f"facet-encoder@{version}") is not None
    chosen = TrackAggregator(registry, "track-attention@1")
    assert chosen.name(encoder) == "track-attention@1"
    weights = chosen.aggregate(track, encoder).weights
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert np.abs(weights - by_quality).max() > 1e-3
    single = registry.manifest(encoder, EncoderManifest).threshold_curve
    for aggregator in (default, chosen):
        curve = aggregator.curve(encoder)
        assert curve is not None and curve.similarity(1e-3) > single.similarity(1e-3)
        assert aggregator.name("facenet-vggface2@1") == "quality"
        assert aggregator.curve("facenet-vggface2@1") is None
        found = aggregator.aggregate(track, "facenet-vggface2@1")
        assert found.weights == pytest.approx(by_quality, abs=1e-6)
        assert found.template == pytest.approx(template(track.embeddings, found.weights))
