"""Train a single-pass detector by a recipe, on face crops."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.nets.single_pass import SinglePass, fold
from models.pipelines.detection.proposing import prepared
from models.registry.registry import Registry
from training.data.sources import find_samples
from training.data.splits import split_identities
from training.detection.criterion import detection_loss
from training.detection.recipe import DetectorConfig
from training.detection.review import CONVENTION, figures, mistakes
from training.detection.scenes.backgrounds import photographs
from training.detection.scenes.compose import Material, SceneKind
from training.detection.scenes.faces import Grey, labelled_faces, labelled_pictures
from training.detection.scenes.sets import SceneSet, batch_of, rendered
from training.kit import checkpoints
from training.kit.optimisation import split_optimiser
from training.kit.progress import Log
from training.kit.recipe import ConfigError
from training.kit.run import Plan, Run, require_no_run
from training.kit.run_files import FIGURES, WEIGHTS, write_json


class DetectorTrainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(
        self, config: DetectorConfig, material: Material, held_out: Material,
        directory: Path, cache_dir: Path,
    ) -> None:  # fmt: skip
        self._config, self._material, self._cache = config, material, cache_dir
        torch.manual_seed(config.seed)
        self.network = SinglePass().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        plan = Plan(
            config,
            directory,
            config.optimiser,
            config.schedule,
            config.ema,
            config.validation.every,
            config.batch,
        )
        self.run = Run(plan, self.network, split_optimiser(self.network, config.optimiser))
        self._validation = rendered(
            held_out, self._kind, config.validation.scenes, config.seed * 1000 + 999, cache_dir
        )
        self._mined: list[Grey] = []
        self._round_mined = 0
        self._round = -1
        self._scenes = self._validation
        self.figures: dict[str, float] = {}

    @property
    def _kind(self) -> SceneKind:
        scenes = self._config.scenes
        return SceneKind(scenes.side, scenes.side, scenes.smallest, scenes.largest, scenes.faces)

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = self.run.resume()
        self._mined = list(content["mined"].numpy())
        self._round_mined = content["round_mined"]
        self.figures = content["figures"]

    def train(self) -> None:
        """All steps that are left.

        Raises StoppedError, TrainingFailedError and CheckpointError.
        """
        self.run.train(self)

    def prepare(self, log: Log) -> None:
        """Draw the scenes of a round that begins, after a search of those before."""
        number = self.run.step * self._config.scenes.rounds // self._config.schedule.steps
        if number == self._round:
            return
        if number > self._round_mined:
            self._mine(number, log)
        self._scenes, self._round = self._drawn(number), number
        self.network.train()

    def _mine(self, number: int, log: Log) -> None:
        """Search the scenes of the round before for what the network takes for faces."""
        config = self._config.scenes
        before = self._drawn(number - 1)
        self._mined = mistakes(self.averaged(), before, config.mined, config.searched)
        self._round_mined = number
        log.console.print(f"{len(self._mined)} mistakes go into round {number + 1}.")
        self.run.save(self)

    def _drawn(self, number: int) -> SceneSet:
        own = self._material
        material = Material(own.faces, own.photographs, self._mined)
        seed = self._config.seed * 1000 + number
        return rendered(material, self._kind, self._config.scenes.count, seed, self._cache)

    def advance(self) -> dict[str, float]:
        """One step on squares of the round's scenes; its figures."""
        config = self._config
        rng = np.random.default_rng([config.seed, self.run.step])
        part, taught = config.scenes.part, config.scenes.taught
        batch = batch_of(self._scenes, config.batch, part, taught, rng)
        x = prepared(batch.greys.numpy(), CONVENTION).to(memory_format=torch.channels_last)
        loss, parts = detection_loss(self.network(x), batch, config.loss)
        return {**self.run.learn(loss), **parts}

    def measure(self, log: Log) -> None:
        """Measure the averaged network on scenes of people it does not train on."""
        self.figures = figures(self.averaged(), self._validation, self._config.scenes.taught)
        log.curves(self.run.step - 1, "validation", self.figures)
        shown = ", ".join(f"{name} {value:.4f}" for name, value in self.figures.items())
        log.console.print(f"step {self.run.step}: {shown}")
        weights = self.run.plan.directory / WEIGHTS
        checkpoints.save_weights(weights, self.averaged().state_dict())

    def content(self) -> dict[str, Any]:
        """State of detectors alone, for a checkpoint."""
        mined = np.stack(self._mined) if self._mined else np.zeros((0, 1, 1), np.uint8)
        return {
            "mined": torch.from_numpy(mined),
            "round_mined": self._round_mined,
            "figures": self.figures,
        }

    def averaged(self) -> SinglePass:
        """A network of its own with the averaged weights, folded as it will be served."""
        network = SinglePass()
        network.load_state_dict(self.run.average.state)
        folded = fold(network.eval())
        folded.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return folded


def train_detector(
    config: DetectorConfig,
    data: Sequence[Path],
    registry: Registry,
    directory: Path,
    *,
    resume: bool = False,
) -> dict[str, Any]:
    """Everything `python -m training train-detector` does; the figures, also in `directory`.

    Raises ReportedError of many kinds before the first step, TrainingFailedError and
    CheckpointError after it; StoppedError when Ctrl-C ended it.
    """
    if not resume:
        require_no_run(directory)
    cache = registry.cache_dir / "scenes"
    faces = labelled_faces(find_samples(list(data)), registry, config.labels, cache)
    people = [face.identity for face in faces]
    kept = set(split_identities(people, config.validation.people, config.seed)[0])
    pictures = labelled_pictures(photographs(), registry, config.labels)
    material = Material([face for face in faces if face.identity in kept], pictures)
    held_out = Material([face for face in faces if face.identity not in kept])
    if not held_out.faces:
        raise ConfigError("validation.people leaves nobody to measure with.")
    trainer = DetectorTrainer(config, material, held_out, directory, cache)
    if resume:
        trainer.resume()
    trainer.train()
    report = {"step": trainer.run.step, **trainer.figures}
    write_json(directory / FIGURES, report)
    return report
