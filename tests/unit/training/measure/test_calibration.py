"""Calibration: counted where there is data, fitted where it ends, written into a manifest."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import tomlkit
from scipy.stats import genpareto, norm

from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN
from training.measure.calibration import Calibration, calibrate, fit_tail
from training.measure.impostors import BINS, ScoreHistogram
from training.publish.curve import update_curve


def gaussian(total: int) -> ScoreHistogram:
    """Impostor scores of mean 0.5 and spread 0.1, drawn."""
    scores = np.random.default_rng(0).normal(0.5, 0.1, total)
    counts, _ = np.histogram(scores, bins=BINS, range=(-1, 1))
    return ScoreHistogram(counts)


def test_counted_points_and_tail_of_a_known_distribution() -> None:
    result = calibrate(gaussian(2_000_000))
    for similarity, fmr in result.points:
        truth = norm.sf(similarity, 0.5, 0.1)
        # Ten times beyond the data a fitted rate is good to a factor of two or so.
        factor = 1.25 if fmr >= 1e-4 else 3 if fmr >= 1e-7 else 10
        assert fmr / factor < truth < fmr * factor, fmr
    assert {f: s for s, f in result.points}[1e-4] < result.tail_from
    assert {f: s for s, f in result.points}[1e-6] > result.tail_from


def test_the_tail_goes_on_where_counting_ends() -> None:
    histogram = gaussian(500_000)
    result = calibrate(histogram)
    similarities = [s for s, _ in result.points]
    assert similarities == sorted(set(similarities))
    assert max(similarities) < 1.0
    counted = [(s, f) for s, f in result.points if s <= result.tail_from]
    for similarity, fmr in counted:
        assert histogram.fmr(similarity) == pytest.approx(fmr, rel=0.02)


def test_tail_fit_recovers_its_parameters() -> None:
    scores = 0.8 + genpareto.rvs(-0.2, scale=0.02, size=5000, random_state=1)
    tail = fit_tail(scores, 0.8, 5_000_000)
    assert tail.shape == pytest.approx(-0.2, abs=0.05)
    assert tail.scale == pytest.approx(0.02, rel=0.1)
    assert tail.rate == 1e-3
    assert tail.similarity(1e-3) == pytest.approx(0.8)


def test_heavy_tails_are_held_at_the_exponential() -> None:
    scores = 0.1 + genpareto.rvs(0.5, scale=0.02, size=3000, random_state=1)
    assert fit_tail(scores, 0.1, 10**6).shape == 0


def test_too_little_data() -> None:
    with pytest.raises(ValueError, match="too few"):
        calibrate(gaussian(9_999))


def test_the_manifest_gets_the_curve_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "encoder.toml"
    shutil.copy(BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml", path)
    path.write_text("# a comment\n" + path.read_text())
    before = read_manifest(path)
    result: Calibration = calibrate(gaussian(100_000))
    update_curve(path, result, "drawn numbers")
    after = read_manifest(path)
    assert isinstance(after, EncoderManifest) and after.curve is not None
    assert after.curve.points == result.points
    assert after.curve.impostors == 100_000
    assert "Pareto" in after.curve.method
    assert after.curve.tail_from == pytest.approx(result.tail_from, abs=1e-5)
    assert after.model_copy(update={"curve": None}) == before.model_copy(update={"curve": None})
    assert path.read_text().startswith("# a comment\n")
    assert tomlkit.parse(path.read_text())["curve"]["data"] == "drawn numbers"
