"""From a recipe and face crops to a trained single-pass detector."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

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
from training.kit import checkpoints, guards
from training.kit.averages import MovingAverage, State
from training.kit.optimisation import learning_rate, optimiser_of
from training.kit.progress import Log
from training.kit.recipe import ConfigError


class DetectorTrainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(
        self, config: DetectorConfig, material: Material, held_out: Material,
        directory: Path, cache_dir: Path,
    ) -> None:  # fmt: skip
        self._config, self._material, self._directory = config, material, directory
        self._cache = cache_dir
        torch.manual_seed(config.seed)
        self.network = SinglePass().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        decayed = [p for p in self.network.parameters() if p.ndim > 1]
        others = [p for p in self.network.parameters() if p.ndim <= 1]
        self._optimiser = optimiser_of(
            [{"params": decayed}, {"params": others, "weight_decay": 0.0}], config.optimiser
        )
        self._average = MovingAverage(self.network, config.ema)
        self._validation = rendered(
            held_out, self._kind, config.validation.scenes, config.seed * 1000 + 999, cache_dir
        )
        self._mined: list[Grey] = []
        self._round_mined = 0
        self.step = 0
        self.figures: dict[str, float] = {}

    @property
    def _kind(self) -> SceneKind:
        scenes = self._config.scenes
        return SceneKind(scenes.side, scenes.side, scenes.smallest, scenes.largest, scenes.faces)

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = checkpoints.load(self._directory / "last.pt")
        if content["config"] != self._config.model_dump(mode="json"):
            raise checkpoints.CheckpointError(
                "The run to resume had another configuration.",
                hint="Give the same file, or another --out.",
            )
        self.network.load_state_dict(content["network"])
        self._optimiser.load_state_dict(content["optimiser"])
        self._average.state = content["average"]
        self._mined = list(content["mined"].numpy())
        self._round_mined = content["round_mined"]
        self.step, self.figures = content["step"], content["figures"]

    def train(self) -> None:
        """All steps that are left. Raises TrainingFailedError and CheckpointError."""
        steps, rounds = self._config.schedule.steps, self._config.scenes.rounds
        with Log(self._directory, self.step, steps, active=True) as log:
            while self.step < steps:
                number = self.step * rounds // steps
                if number > self._round_mined:
                    self._mine(number, log)
                end = -(-(number + 1) * steps // rounds)
                self._round(self._scenes(number), min(end, steps), log)

    def _mine(self, number: int, log: Log) -> None:
        """Search the scenes of the round before for what the network takes for faces."""
        config = self._config.scenes
        before = self._scenes(number - 1)
        self._mined = mistakes(self.averaged(), before, config.mined, config.searched)
        self._round_mined = number
        log.console.print(f"{len(self._mined)} mistakes go into round {number + 1}.")
        self._save()

    def _scenes(self, number: int) -> SceneSet:
        own = self._material
        material = Material(own.faces, own.photographs, self._mined)
        seed = self._config.seed * 1000 + number
        return rendered(material, self._kind, self._config.scenes.count, seed, self._cache)

    def _round(self, scenes: SceneSet, end: int, log: Log) -> None:
        validation = self._config.validation
        self.network.train()
        while self.step < end:
            began = time.perf_counter()
            parts = self._advance(scenes)
            log.step(self.step, parts, self._config.batch / (time.perf_counter() - began))
            self.step += 1
            if self.step % validation.every == 0 or self.step == self._config.schedule.steps:
                self.figures = figures(
                    self.averaged(), self._validation, self._config.scenes.taught
                )
                log.curves(self.step - 1, "validation", self.figures)
                shown = ", ".join(f"{name} {value:.4f}" for name, value in self.figures.items())
                log.console.print(f"step {self.step}: {shown}")
                self._save()

    def _advance(self, scenes: SceneSet) -> dict[str, float]:
        """One step of the optimiser; its figures."""
        config = self._config
        rng = np.random.default_rng([config.seed, self.step])
        part, taught = config.scenes.part, config.scenes.taught
        batch = batch_of(scenes, config.batch, part, taught, rng)
        rate = learning_rate(self.step, config.optimiser.learning_rate, config.schedule)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        x = prepared(batch.greys.numpy(), CONVENTION).to(memory_format=torch.channels_last)
        loss, parts = detection_loss(self.network(x), batch, config.loss)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(nn.utils.clip_grad_norm_(self.network.parameters(), config.optimiser.clip))
        guards.check_finite(float(loss.detach()), norm, self.step)
        self._optimiser.step()
        self._average.update(self.network, self.step)
        return {
            "loss": float(loss.detach()), **parts, "gradient_norm": norm, "learning_rate": rate
        }  # fmt: skip

    def averaged(self) -> SinglePass:
        """A network of its own with the averaged weights, folded as it will be served."""
        network = SinglePass()
        network.load_state_dict(self._average.state)
        folded = fold(network.eval())
        folded.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return folded

    def _save(self) -> None:
        mined = np.stack(self._mined) if self._mined else np.zeros((0, 1, 1), np.uint8)
        checkpoints.save(
            self._directory / "last.pt",
            {
                "config": self._config.model_dump(mode="json"),
                "network": self.network.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "average": self._average.state,
                "mined": torch.from_numpy(mined),
                "round_mined": self._round_mined,
                "step": self.step,
                "figures": self.figures,
            },
        )
        state: State = self.averaged().state_dict()
        checkpoints.save_weights(self._directory / "weights.safetensors", state)


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
    CheckpointError after it.
    """
    if not resume and (directory / "last.pt").exists():
        raise ConfigError(
            f"There is a run in {directory} already.", hint="Give --resume, or another --out."
        )
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
    report = {"step": trainer.step, **trainer.figures}
    (directory / "figures.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report
