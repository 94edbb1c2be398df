"""Runs: resumed, stopped, failing, and in two processes."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.multiprocessing.spawn import start_processes

from tests.made_up_training import recipe, trainer
from training.encoders.backbones import BACKBONES
from training.encoders.batches import TrainingSet
from training.encoders.networks import frozen
from training.encoders.networks.frozen import freeze
from training.encoders.recipe import TrainConfig
from training.encoders.trainer import EncoderTrainer
from training.kit import checkpoints, guards
from training.kit.checkpoints import CheckpointError
from training.kit.distributed import World, world
from training.kit.guards import CollapseAlarm, TrainingFailedError
from training.kit.recipe import ConfigError
from training.kit.run_files import LAST

pytestmark = pytest.mark.long

RECIPES = {
    "hard": recipe(batches={"size": 12, "pictures": 3}),
    "stream": recipe(
        batches={"size": 12, "triplets": True},
        objectives=[{"kind": "triplet", "mining": "stream", "margin": 1.0}],
    ),
    "bank": recipe(
        data={"workers": 2},
        objectives=[
            {"kind": "distillation"},
            {"kind": "ranking"},
            {"kind": "bank-triplet"},
            {"kind": "cosface"},
        ],
        bank={"refresh": 3},
    ),
    "distance-weighted": recipe(
        batches={"size": 12, "pictures": 3},
        objectives=[{"kind": "triplet", "mining": "distance-weighted", "margin": 1.0}],
    ),
}


class PulledPlugError(Exception):
    pass


@pytest.mark.parametrize("name", RECIPES)
def test_a_resumed_run_gives_the_same_numbers(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = RECIPES[name]
    whole = trainer(config, tmp_path / "whole")
    whole.train()
    expected = whole.finish()

    def pull_the_plug(loss: float, norm: float, step: int) -> None:
        if step == 6:
            raise PulledPlugError

    with monkeypatch.context() as patched:
        patched.setattr(guards, "check_finite", pull_the_plug)
        with pytest.raises(PulledPlugError):
            trainer(config, tmp_path / "broken").train()
    again = trainer(config, tmp_path / "broken")
    again.resume()
    assert again.run.step == 4
    again.train()
    assert again.finish() == expected
    one, other = (load_file(tmp_path / run / "weights.safetensors") for run in ("whole", "broken"))
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_another_configuration_is_not_resumed(tmp_path: Path) -> None:
    trainer(recipe(), tmp_path).train()
    with pytest.raises(CheckpointError, match="another configuration"):
        trainer(recipe(seed=2), tmp_path).resume()


def test_a_run_is_not_resumed_with_its_pictures_in_another_order(tmp_path: Path) -> None:
    trainer(recipe(), tmp_path).train()
    again = trainer(recipe(), tmp_path)
    rows = again._s.data.rows[::-1]
    turned = TrainingSet.of(again._s.data.source, rows)
    with pytest.raises(CheckpointError, match="another order"):
        EncoderTrainer(replace(again._s, data=turned)).resume()


def test_checkpoints_of_before_do_not_know_their_pictures(tmp_path: Path) -> None:
    trainer(recipe(), tmp_path).train()
    content = checkpoints.load(tmp_path / LAST)
    del content["pictures"], content["format"]
    checkpoints.save(tmp_path / LAST, content)
    again = trainer(recipe(), tmp_path)
    again.resume()
    assert again.run.step == 12


def test_a_run_without_gain_stops(tmp_path: Path) -> None:
    config = recipe(
        optimiser={"learning_rate": 1e-12},
        validation={"every": 1, "patience": 2, "pictures": 16},
    )
    run = trainer(config, tmp_path)
    run.train()
    assert run.run.step == 3


@pytest.mark.parametrize(("backbone", "stages"), [("lenet-5", 1), ("resnet-18", 4)])
def test_frozen_stages_keep_weights_and_statistics(
    backbone: str, stages: int, tmp_path: Path
) -> None:
    known = BACKBONES[backbone]
    network = known.build(128)
    freeze(network, known, stages)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    config = recipe(model={"backbone": backbone}, schedule={"steps": 4})
    trainer(config, tmp_path, network=network).train()
    changed = {n for n, v in network.state_dict().items() if not torch.equal(v, before[n])}
    free = tuple(prefix for stage in known.stages[stages:] for prefix in stage)
    assert changed
    assert all(name.startswith(free) for name in changed)


def test_what_a_frozen_backbone_gives_is_computed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head learns the same from cached inputs as behind the backbone."""
    known, states = BACKBONES["lenet-5"], []
    for cached in (True, False):
        torch.manual_seed(0)
        network = known.build(128)
        freeze(network, known, 2)
        if not cached:
            monkeypatch.setattr(frozen, "is_head_only", lambda network, backbone: False)
        config = recipe(augment={})
        run = trainer(config, tmp_path / str(cached), network=network)
        run.train()
        states.append(network.state_dict())
    for name, value in states[0].items():
        torch.testing.assert_close(states[1][name], value)


def test_nothing_left_to_train_is_an_error() -> None:
    with pytest.raises(ConfigError, match="nothing is left"):
        freeze(BACKBONES["lenet-5"].build(128), BACKBONES["lenet-5"], 3)


def test_not_a_number_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailedError, match="learning_rate"):
        trainer(recipe(optimiser={"learning_rate": 1e30}), tmp_path).train()


class _Constant(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.ones(128))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.bias.expand(len(x), -1)


def test_a_collapsed_network_ends_the_run(tmp_path: Path) -> None:
    config = recipe(schedule={"steps": 40}, validation={"every": 40, "pictures": 16})
    with pytest.raises(TrainingFailedError, match="alike"):
        trainer(config, tmp_path, network=_Constant()).train()


def test_the_alarm_forgives_a_single_batch() -> None:
    alarm = CollapseAlarm()
    for step in range(100):
        alarm.watch(1e-6 if step % 10 else 0.5, step)


def test_a_full_disk_leaves_the_last_good_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "last.pt"
    checkpoints.save(path, {"step": 1})

    def full(content: object, file: object) -> None:
        file.write(b"half of it")  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(CheckpointError, match=r"No space left.*still the last good one"):
        checkpoints.save(path, {"step": 2})
    assert checkpoints.load(path)["step"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["last.pt"]


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"nonsense"):
        (tmp_path / "last.pt").write_bytes(content)
        with pytest.raises(CheckpointError):
            checkpoints.load(tmp_path / "last.pt")


def test_not_a_number_is_named_with_its_step() -> None:
    with pytest.raises(TrainingFailedError, match="step 3"):
        guards.check_finite(float("nan"), 1.0, 2)


def _one_of_two(rank: int, port: int, runs: dict[Path, TrainConfig]) -> None:
    os.environ |= {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    torch.set_num_threads(1)
    with world() as processes:
        for directory, config in runs.items():
            run = trainer(config, directory, world=processes)
            run.train()
            run.finish()


def test_two_processes_train_what_one_would(tmp_path: Path) -> None:
    names = ("hard", "bank")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runs = {tmp_path / "two" / name: RECIPES[name] for name in names}
    start_processes(_one_of_two, (port, runs), nprocs=2)
    for name in names:
        run = trainer(RECIPES[name], tmp_path / "one" / name)
        run.train()
        run.finish()
        ends = [tmp_path / count / name / "last.pt" for count in ("one", "two")]
        one, two = (checkpoints.load(end)["network"] for end in ends)
        for key, value in one.items():
            torch.testing.assert_close(two[key], value, rtol=1e-3, atol=2e-5)


def test_an_uneven_batch_is_refused() -> None:
    with pytest.raises(Exception, match="cannot be split"):
        World(0, 2).part(7)
