"""Where the time goes: stages of the whole path, and the encoder on every runtime."""

import functools
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from torch import Tensor, nn

from app.domain.faces import AnalysisOptions
from app.vision.decoding.decode import decode
from app.vision.faces.analyser import FaceAnalyser
from app.vision.running.runtimes.choice import RuntimeName, open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import (
    JsonOption,
    QuickOption,
    console,
    draw_lines,
    finish,
    machine,
    side_by_side,
)
from benchmarks.networks.contenders import REFERENCE, Forward, contenders
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from models.nets.parts import parts_of
from models.pipelines.faces.pipeline import face_detector, face_encoder
from models.pipelines.pixels import to_tensor
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry

_FORWARD = "forward passes"
_BATCHES = (1, 2, 4, 8, 16, 32)


def pipeline(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/pipeline.json"),
    quick: QuickOption = False,
    compiled: Annotated[bool, typer.Option(help="Try torch.compile too; needs a compiler.")] = True,
) -> None:
    """Measure every stage per runtime, and raw forward passes per runtime and batch size."""
    set_threads(1)
    registry = open_registry()
    pictures = [file.read_bytes() for file in photographs(images)]
    if quick:
        pictures = pictures[:6]
    chips = _chips(registry, pictures)
    with tempfile.TemporaryDirectory() as cache:
        stages, embeddings = _stages(registry, pictures, 1 if quick else 3, Path(cache))
        # Of another registry: the networks of this one are being watched.
        forwards = _forwards(open_registry(), chips, Path(cache), quick=quick, compiled=compiled)
    report = {
        "ratios": _ratios(stages, forwards),
        "seconds_per_picture": stages,
        "largest_cosine_distance": _distances(embeddings),
        "forward": forwards,
        "pictures": len(pictures),
        "faces": len(embeddings["torch"]),
        "threads": 1,
        "machine": machine(),
    }
    draw_lines(
        json_path.with_suffix(".png"),
        {
            "Encoder, milliseconds per chip": {
                name: {size: 1000 * value for size, value in times.items()}
                for name, times in forwards["seconds_per_chip"].items()
            }
        },
        "chips per forward pass",
    )
    finish(json_path, report)


def _ratios(stages: Mapping[str, Any], forwards: Mapping[str, Any]) -> dict[str, float]:
    times = forwards["seconds_per_chip"]
    whole = {
        name: sum(seconds for stage, seconds in parts.items() if stage != _FORWARD)
        for name, parts in stages.items()
    }
    return {
        "pipeline_over_forward_passes": whole["auto"] / stages["auto"][_FORWARD],
        "pipeline_auto_over_torch": whole["torch"] / whole["auto"],
        "encoder_openvino_over_torch_1": times[REFERENCE][1] / times["openvino"][1],
        "encoder_openvino_over_torch_16": times[REFERENCE][16] / times["openvino"][16],
    }


def _chips(registry: Registry, pictures: Sequence[bytes]) -> NDArray[np.uint8]:
    """32 chips of the faces in the pictures, some of them several times."""
    detector, encoder = face_detector(registry), face_encoder(registry)
    found = []
    for picture in pictures:
        rgb = decode(picture).rgb
        found += [encoder.chip(rgb, points) for points in detector.detect(rgb).landmarks]
    return np.stack([found[i % len(found)] for i in range(max(_BATCHES))])


def _stages(
    registry: Registry, pictures: Sequence[bytes], rounds: int, cache: Path
) -> tuple[dict[str, dict[str, float]], dict[str, NDArray[np.float32]]]:
    """Processor seconds per picture by runtime and stage, and the embeddings of all faces."""
    watches = {name: _Stopwatch() for name in get_args(RuntimeName)}
    analysers: dict[str, FaceAnalyser] = {}
    for name, watch in watches.items():
        networks = ServingNetworks(registry, open_runtime(name, cache))
        for task in ("detect-faces", "encode-faces"):
            watch.follow(networks.load(registry.default(task)))
        analysers[name] = FaceAnalyser(networks, observer=watch)
    options = AnalysisOptions(encoder=registry.default("encode-faces"))
    found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in analysers}
    for repeat in range(rounds + 1):  # the first does not count
        for picture in pictures:
            for name, analyser in analysers.items():
                watches[name].start()
                faces = analyser.analyse(picture, options).faces
                watches[name].stop()
                if repeat == 0:
                    found[name] += [face.require_embedding() for face in faces]
        if repeat == 0:
            for watch in watches.values():
                watch.spent.clear()
    count = rounds * len(pictures)
    means = {
        name: {stage: value / count for stage, value in watch.spent.items()}
        for name, watch in watches.items()
    }
    return means, {name: np.stack(parts) for name, parts in found.items()}


class _Stopwatch:
    """Adds up processor time by stage, and that of raw forward passes inside of stages.

    What lies between two stages belongs to the second.
    """

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._last = 0.0
        self._began = 0.0
        self._depth = 0
        self._running = False

    def follow(self, network: nn.Module) -> None:
        """Count what the network computes, or its submodules where they are called apart."""
        for module in (network, *network.children()):
            module.register_forward_pre_hook(self._enter)
            module.register_forward_hook(self._leave)

    def _enter(self, *_: object) -> None:
        if self._depth == 0:
            self._began = time.process_time()
        self._depth += 1

    def _leave(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._running:  # networks may be shared by several
            self.spent[_FORWARD] += time.process_time() - self._began

    def start(self) -> None:
        self._last = time.process_time()
        self._running = True

    def stop(self) -> None:
        self._running = False

    def __call__(self, stage: str, _: float) -> None:
        now = time.process_time()
        self.spent[stage] += now - self._last
        self._last = now


def _forwards(
    registry: Registry, chips: NDArray[np.uint8], cache: Path, *, quick: bool, compiled: bool
) -> dict[str, Any]:
    """Seconds per chip by way and batch size, and how far each is from the reference.

    Of an encoder that is compiled in parts it is the largest, one expert of several.
    """
    manifest = registry.manifest(registry.default("encode-faces"), EncoderManifest)
    whole = registry.load(manifest.key)
    parts = parts_of(whole, manifest.picture_size)
    largest = max(parts, key=lambda name: _parameters(whole, name))
    network, part = whole.get_submodule(largest), parts[largest]
    x = to_tensor(chips, manifest.input)
    ways = contenders(network, part, x, cache, compiled=compiled and not quick)
    with torch.inference_mode():
        expected = _normalised(network(x))
        cosines = {
            name: float((_normalised(way(x)) * expected).sum(1).min()) for name, way in ways.items()
        }
    times: dict[str, dict[int, float]] = {name: {} for name in ways}
    for size in _BATCHES:
        console.print(f"encoder, {size} chips")
        passes = {name: functools.partial(_forward, way, x[:size]) for name, way in ways.items()}
        for name, value in side_by_side(passes, 3 if quick else 9).items():
            times[name][size] = value / size
    return {
        "seconds_per_chip": times,
        "least_cosine": cosines,
        "encoder": manifest.key,
        "part": name,
    }


def _parameters(network: nn.Module, part: str) -> int:
    return sum(values.numel() for values in network.get_submodule(part).parameters())


def _forward(way: Forward, x: Tensor) -> None:
    with torch.inference_mode():
        way(x)


def _normalised(x: Any) -> Tensor:
    return torch.nn.functional.normalize(x.float())


def _distances(embeddings: Mapping[str, NDArray[np.float32]]) -> dict[str, float | None]:
    """1 - cosine to torch's, the largest over all faces; None when other faces were found."""
    expected = embeddings["torch"]
    return {
        name: float(1 - (found * expected).sum(axis=1).min())
        if found.shape == expected.shape
        else None
        for name, found in embeddings.items()
    }
