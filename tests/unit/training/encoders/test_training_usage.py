"""Who is drawn, who never is, what is said about it, and what Ctrl-C leaves."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.made_up_training import chips, recipe, trainer
from training.encoders.batches import TrainingSet
from training.encoders.mining.choice import choose_sampler
from training.encoders.recipe import ValidationConfig
from training.encoders.trainer import EncoderTrainer
from training.encoders.usage import Usage
from training.encoders.validation import Validation
from training.kit import checkpoints
from training.kit.guards import StoppedError
from training.kit.run_files import BEST, LAST, START

LABELS = np.array([0, 0, 0, 1, 2, 3, 3, 4], dtype=np.int64)
SINGLES = {1, 2, 4}
VIEWS: dict[str, Any] = {"batches": {"size": 8, "pictures": 2}}


def drawn(steps: int = 40, **changes: Any) -> tuple[set[int], list[np.ndarray]]:
    chosen = choose_sampler(recipe(**changes), LABELS)
    rows = [chosen.rows(step) for step in range(steps)]
    return set(LABELS[np.concatenate(rows)].tolist()), rows


def test_people_with_one_picture_come_as_several_views() -> None:
    people, rows = drawn(**VIEWS)
    assert people == {0, 1, 2, 3, 4}
    for row in rows:
        pairs = LABELS[row].reshape(-1, 2)
        assert (pairs[:, 0] == pairs[:, 1]).all()


@pytest.mark.parametrize(
    "changes", [{"augment": {}}, {"batches": {**VIEWS["batches"], "single_views": False}}]
)
def test_without_views_they_never_come(changes: dict[str, Any]) -> None:
    people, _ = drawn(**{**VIEWS, **changes})
    assert people == {0, 3}


def test_views_need_augmentation() -> None:
    batches = {"size": 8, "pictures": 2, "single_views": True}
    with pytest.raises(ValueError, match="needs an \\[augment\\]"):
        recipe(batches=batches, augment={})


def test_the_stream_takes_two_views_of_the_only_picture() -> None:
    stream: dict[str, Any] = {
        "batches": {"size": 30, "triplets": True},
        "objectives": [{"kind": "triplet", "mining": "stream"}],
    }
    people, rows = drawn(**stream)
    triplets = np.concatenate(rows).reshape(-1, 3)
    anchors, positives, negatives = LABELS[triplets].T
    assert set(anchors.tolist()) == {0, 1, 2, 3, 4} == people
    assert (anchors == positives).all() and (anchors != negatives).all()
    several = ~np.isin(anchors, list(SINGLES))
    assert (triplets[several, 0] != triplets[several, 1]).all()
    stream["batches"] = {"size": 30, "triplets": True, "single_views": False}
    anchored = np.concatenate(drawn(**stream)[1]).reshape(-1, 3)[:, 0]
    assert set(LABELS[anchored].tolist()) == {0, 3}


def usage(**changes: Any) -> Usage:
    """Of six people to train on, two of whom have one picture left."""
    source = chips()
    rows = np.flatnonzero(source.labels < 6)
    rows = rows[~(np.isin(source.labels[rows], [0, 1]) & (rows % 4 > 0))]
    validation = Validation.of(
        source, np.flatnonzero(source.labels >= 6), ValidationConfig(pictures=16), 0
    )
    return Usage.of(recipe(**changes), TrainingSet.of(source, rows), validation)


def test_what_is_really_used_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    views = usage(**VIEWS)
    assert (views.people, views.pictures, views.single_views, views.never_drawn) == (6, 18, 2, 0)
    without = usage(**VIEWS, augment={})
    assert (without.people, without.pictures, without.never_drawn) == (4, 16, 2)
    usual = usage(batches={"size": 8})
    assert (usual.people, usual.pictures, usual.never_drawn) == (6, 18, 0)
    assert (views.validation_people, views.validation_pictures, views.validation_pairs) == (
        2,
        8,
        12,
    )
    without.tell()
    said = " ".join(capsys.readouterr().err.split())
    assert "16 pictures of 4 people" in said and "12 pairs among 8 pictures of 2 others" in said
    assert "2 people have one picture" in said and "[augment]" in said
    assert "12 validation pairs are few" in said
    replace(views, validation_pairs=100).tell()
    said = " ".join(capsys.readouterr().err.split())
    assert "2 of the people have one picture" in said and "are few" not in said


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["heard", "ignored"])
def inherited(request: pytest.FixtureRequest) -> Iterator[object]:
    """What SIGINT does outside of a run; shells ignore it for what they start with `&`."""
    former = signal.signal(signal.SIGINT, request.param)
    yield request.param
    signal.signal(signal.SIGINT, former)


def test_ctrl_c_before_the_first_validation_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inherited: object
) -> None:
    whole = trainer(recipe(), tmp_path / "whole")
    whole.train()
    real = EncoderTrainer.advance

    def advance(self: EncoderTrainer) -> dict[str, float]:
        if self.run.step == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self)

    monkeypatch.setattr(EncoderTrainer, "advance", advance)
    stopped = trainer(recipe(), tmp_path / "parts")
    with pytest.raises(StoppedError, match="step 3"):
        stopped.train()
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGINT) is inherited
    again = trainer(recipe(), tmp_path / "parts")
    again.resume()
    assert again.run.step == 3
    again.train()
    assert again.finish() == whole.finish()
    for name, value in whole._s.network.state_dict().items():
        assert torch.equal(value, again._s.network.state_dict()[name]), name


def test_a_run_that_dies_at_once_can_be_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EncoderTrainer, "advance", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        trainer(recipe(), tmp_path).train()
    monkeypatch.undo()
    again = trainer(recipe(), tmp_path)
    again.resume()
    assert again.run.step == 0
    again.train()
    assert again.run.step == 12


def test_weights_are_not_written_oftener_than_needed(tmp_path: Path) -> None:
    plain = recipe(average={"ema": 0.9})
    trainer(plain, tmp_path / "plain").train()
    last, best = (checkpoints.load(tmp_path / "plain" / name) for name in (LAST, BEST))
    assert "start" not in last and not (tmp_path / "plain" / START).exists()
    assert {"network", "optimiser", "start"}.isdisjoint(best) and best["average"]
    trainer(recipe(), tmp_path / "mixed").train()
    assert checkpoints.load(tmp_path / "mixed" / START)["weights"]


def test_resuming_what_never_began_is_told(tmp_path: Path) -> None:
    with pytest.raises(checkpoints.CheckpointError, match="leave out --resume"):
        trainer(recipe(), tmp_path).resume()
