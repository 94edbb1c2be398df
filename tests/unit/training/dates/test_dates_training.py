"""Training, publishing and measuring a reader of dates, on a network too small to be good."""

import json
import os
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from models.pipelines.dates.reading import date_reader
from models.registry.errors import InvalidManifestError
from models.registry.registry import Registry
from training.__main__ import app
from training.dates.publication import publish_reader
from training.dates.recipe import DatesConfig
from training.dates.trainer import DatesTrainer, text_loss
from training.kit.checkpoints import CheckpointError
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe
from training.publish.places import Places

RECIPE = """
seed = 5
[network]
cell = "gru"
embedding = 6
encoder = 8
decoder = 8
attention = 6
[texts]
batch = 8
pool = 2
[optimiser]
learning_rate = 1e-2
[schedule]
steps = 6
[measuring]
every = 3
texts = 12
"""
CARD = """
name = "small-reader"
version = 1
description = "A reader for tests."
limits = "All."
training_data = "None to speak of."
refused_from = 0.5
least_probability = 0.0
[licence]
name = "Apache-2.0"
url = "https://www.apache.org/licenses/LICENSE-2.0"
commercial = true
"""
runner = CliRunner()


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.toml"
    path.write_text(CARD)
    return path


def test_a_run_is_trained_resumed_published_and_measured(
    recipe: Path, card: Path, tmp_path: Path
) -> None:
    out, into, cache = tmp_path / "run", tmp_path / "published", str(tmp_path / "cache")
    arguments = ["dates", "train", "--config", str(recipe), "--out", str(out), "--device", "cpu"]
    assert runner.invoke(app, arguments).exit_code == 0
    figures = json.loads((out / "figures.json").read_text())
    assert figures["step"] == 6
    assert 0 <= figures["exact"] <= 1
    again = runner.invoke(app, arguments)
    assert again.exit_code == 2  # a run is not written over

    publishing = ["dates", "publish", str(out), "--card", str(card), "--into", str(into)]
    done = runner.invoke(app, [*publishing, "--cache", cache])
    assert done.exit_code == 0, done.output
    report = tmp_path / "report.json"
    measuring = ["evaluate", "sequence", "--model", "small-reader", "--manifests", str(into),
                 "--cache", cache, "--json", str(report), "--per-locale", "1",
                 "--beam-texts", "3", "--other-texts", "5"]  # fmt: skip
    done = runner.invoke(app, measuring)
    assert done.exit_code == 0, done.output
    figures = json.loads(report.read_text())
    assert figures["model"] == "small-reader@1"
    assert len(figures["locales"]) == 24
    assert [row["width"] for row in figures["beam"]] == list(range(1, 11))
    assert report.with_name("report-attention.png").stat().st_size > 1000


def test_a_resumed_run_ends_like_one_that_was_never_stopped(recipe: Path, tmp_path: Path) -> None:
    config = read_recipe(recipe, DatesConfig)
    whole = DatesTrainer(config, tmp_path / "whole")
    whole.train()
    # Stopped after the third step, whose checkpoint is there.
    stopped = DatesTrainer(config, tmp_path / "stopped")
    measured = stopped.measured

    def interrupted() -> dict[str, float]:
        figures = measured()
        if stopped.run.step == 6:
            raise KeyboardInterrupt
        return figures

    stopped.measured = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        stopped.train()
    resumed = DatesTrainer(config, tmp_path / "stopped")
    resumed.resume()
    assert resumed.run.step == 3
    resumed.train()
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name

    other = config.model_copy(update={"seed": 6})
    with pytest.raises(CheckpointError, match="another configuration"):
        DatesTrainer(other, tmp_path / "stopped").resume()


def test_ctrl_c_ends_the_command_and_loses_nothing(
    recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = DatesTrainer.advance

    def advance(self: DatesTrainer) -> dict[str, float]:
        if self.run.step == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self)

    monkeypatch.setattr(DatesTrainer, "advance", advance)
    out = tmp_path / "run"
    arguments = ["dates", "train", "--config", str(recipe), "--out", str(out), "--device", "cpu"]
    stopped = runner.invoke(app, arguments)
    assert stopped.exit_code == 130 and "step 2" in stopped.output
    monkeypatch.undo()
    assert runner.invoke(app, [*arguments, "--resume"]).exit_code == 0
    assert json.loads((out / "figures.json").read_text())["step"] == 6
    whole = DatesTrainer(read_recipe(recipe, DatesConfig), tmp_path / "whole")
    whole.train()
    resumed, other = (load_file(one / "weights.safetensors") for one in (out, tmp_path / "whole"))
    assert all(torch.equal(value, other[name]) for name, value in resumed.items())


def test_a_loss_counts_the_tokens_of_a_text_until_its_end() -> None:
    from training.dates.batches import IGNORED, batch_of
    from training.dates.texts.generator import Example

    config = DatesConfig.model_validate({"schedule": {"steps": 1}})
    trainer = DatesTrainer(config.model_copy(), Path("unused"))
    trainer.network.eval()
    texts = [
        Example("1 may 1999", "en_GB", "1999-05-01", "en_GB"),
        Example("nothing", "en_GB", None, None),
    ]
    batch = batch_of(texts)
    with torch.no_grad():
        loss = float(text_loss(trainer.network, batch))
        fed = batch.y.masked_fill(batch.y == IGNORED, 10)
        logs = trainer.network(batch.x, fed).log_softmax(-1)
    by_hand = 0.0
    for row, target in enumerate(batch.y.tolist()):
        for position, token in enumerate(target):
            if token != IGNORED:
                by_hand -= float(logs[row, position, token]) / 2
    assert loss == pytest.approx(by_hand, rel=1e-5)


def test_a_misspelt_field_is_answered_with_the_right_one(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.replace("learning_rate", "learnin_rate"))
    with pytest.raises(ConfigError, match="learning_rate"):
        read_recipe(path, DatesConfig)


def test_a_card_needs_all_its_texts(tmp_path: Path) -> None:
    config = DatesConfig.model_validate({"schedule": {"steps": 1}})
    with pytest.raises(InvalidManifestError, match="lacks name"):
        publish_reader({}, config, {}, {}, Registry(tmp_path), Places.under(tmp_path / "out"))


def test_an_encoder_is_no_reader_of_dates(model_cache: Path) -> None:
    from models.registry.errors import WrongTaskError

    with pytest.raises(WrongTaskError):
        date_reader(Registry(model_cache), "facenet-resnet29@1")
