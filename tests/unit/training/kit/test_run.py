"""Runs of whatever kind: stopped, resumed, judged; what optimisers of all kinds heed."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from training.kit import checkpoints
from training.kit.averages import MovingAverage, blended, holding
from training.kit.checkpoints import CheckpointError
from training.kit.guards import StoppedError
from training.kit.optimisation import plain_optimiser, split_optimiser
from training.kit.progress import Log
from training.kit.recipe import ConfigError, OptimiserConfig, Part, ScheduleConfig
from training.kit.run import Plan, Run, require_no_run
from training.kit.run_files import BEST, LAST
from training.kit.stopping import interruption_reported


class _Recipe(Part):
    seed: int = 1
    schedule: ScheduleConfig = ScheduleConfig(steps=9)


class _Fitting:
    """Learns one number by steps that depend on seed and step alone."""

    def __init__(
        self, directory: Path, recipe: _Recipe | None = None, scores: tuple[float, ...] = ()
    ) -> None:
        recipe = recipe or _Recipe()
        torch.manual_seed(recipe.seed)
        network = nn.Linear(1, 1)
        optimiser = OptimiserConfig(learning_rate=0.1)
        plan = Plan(recipe, directory, optimiser, recipe.schedule, 0.9, 3, 4, most_misses=2)
        self.run = Run(plan, network, split_optimiser(network, optimiser))
        self.prepared: list[int] = []
        self.measured: list[int] = []
        self.stop_at, self._scores = -1, scores

    def prepare(self, log: Log) -> None:
        self.prepared.append(self.run.step)

    def advance(self) -> dict[str, float]:
        if self.run.step == self.stop_at:
            os.kill(os.getpid(), signal.SIGINT)
        torch.manual_seed(self.run.step)
        x = torch.randn(4, 1)
        return self.run.learn((self.run.network(x) - 3 * x).square().mean())

    def measure(self, log: Log) -> None:
        self.measured.append(self.run.step)
        score = self._scores[len(self.measured) - 1] if self._scores else 1 / self.run.step
        self.run.judge(score, {"note": self.run.step})

    def content(self) -> dict[str, Any]:
        return {"own": 7}


def _state(line: _Fitting) -> list[float]:
    return [float(value) for value in line.run.network.state_dict().values()]


def test_steps_measurements_and_what_is_kept(tmp_path: Path) -> None:
    line = _Fitting(tmp_path)
    line.run.train(line)
    assert line.prepared == list(range(9)) and line.measured == [3, 6, 9]
    last, best = (checkpoints.load(tmp_path / name) for name in (LAST, BEST))
    assert last["own"] == 7 and last["best"] == {"score": 1 / 9, "step": 9, "misses": 0}
    assert (best["step"], best["note"]) == (9, 9) and "network" not in best
    with pytest.raises(ConfigError, match="--resume"):
        require_no_run(tmp_path)


def test_ctrl_c_ends_the_step_and_a_resumed_run_ends_alike(tmp_path: Path) -> None:
    whole = _Fitting(tmp_path / "whole")
    whole.run.train(whole)
    stopped = _Fitting(tmp_path / "parts")
    stopped.stop_at = 4
    with pytest.raises(StoppedError, match="step 5"):
        stopped.run.train(stopped)
    again = _Fitting(tmp_path / "parts")
    assert again.run.resume()["own"] == 7 and again.run.step == 5
    again.run.train(again)
    assert again.measured == [6, 9] and _state(again) == _state(whole)


def test_no_gain_ends_a_run_and_it_stays_ended(tmp_path: Path) -> None:
    line = _Fitting(tmp_path, _Recipe(schedule=ScheduleConfig(steps=30)), (0.5, 0.6, 0.5, 0.1))
    line.run.train(line)
    assert line.run.step == 9 and line.run.best.step == 3
    again = _Fitting(tmp_path, _Recipe(schedule=ScheduleConfig(steps=30)))
    again.run.resume()
    again.run.train(again)
    assert again.run.step == 9 and not again.measured


def test_checkpoints_of_earlier_versions_go_on(tmp_path: Path) -> None:
    """Those kept no best measurement, and recipes without what has a default value since."""
    line = _Fitting(tmp_path)
    line.run.train(line)
    content = checkpoints.load(tmp_path / LAST)
    for name in ("best", "format"):
        del content[name]
    del content["config"]["schedule"]["decay"]
    checkpoints.save(tmp_path / LAST, content)
    again = _Fitting(tmp_path)
    again.run.resume()
    assert again.run.step == 9 and again.run.best.score == float("inf")
    for config in ({"seed": 2}, {"sead": 1}):
        checkpoints.save(tmp_path / LAST, {**content, "config": config})
        with pytest.raises(CheckpointError, match="another configuration"):
            _Fitting(tmp_path).run.resume()


def test_a_hasty_ctrl_c_is_told(tmp_path: Path) -> None:
    for words in ("nothing was saved", "--resume"):
        with pytest.raises(StoppedError, match=words), interruption_reported(tmp_path):
            raise KeyboardInterrupt
        checkpoints.save(tmp_path / LAST, {})


@pytest.mark.parametrize("made", [plain_optimiser, split_optimiser])
def test_what_optimisers_would_not_heed_is_refused(made: Any) -> None:
    network = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    with torch.no_grad():
        network.get_parameter("1.weight").mul_(100)
    with pytest.raises(ConfigError, match="no stages"):
        made(network, OptimiserConfig(early_layers=0.5))
    factors = [g["factor"] for g in made(network, OptimiserConfig(relative=True)).param_groups]
    assert max(factors) > 20 * min(factors)


def test_a_network_holds_other_weights_for_a_while() -> None:
    network = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))
    network[1].eval()
    own = MovingAverage(network, 0.5).state
    other = {name: value + 1 for name, value in own.items()}
    with holding(network, other):
        assert {part.training for part in network.modules()} == {False}
        assert torch.equal(network.get_parameter("0.bias"), other["0.bias"])
    assert [part.training for part in network.modules()] == [True, True, False]
    assert all(torch.equal(value, own[name]) for name, value in network.state_dict().items())
    half = blended(own, other, 0.5)
    assert torch.equal(half["0.bias"], own["0.bias"] + 0.5)
