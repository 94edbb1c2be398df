"""Every backbone: its size, its work, its speed on one thread, and whether it serves as trained."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import tomlkit
import torch
import typer
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.measuring import draw_bars, machine, side_by_side, write_report
from models.pipelines.faces.encoding import FaceEncoder
from models.publishing import publish
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.encoders.backbones import BACKBONES, DIMENSION, Backbone
from training.encoders.networks.embedding import embed_chips, to_input
from training.encoders.publication.onnx_file import write_onnx

_FACES = 8
_WARM_UP = 3
"""Batches in training mode, so that running statistics are not what they began as."""


def backbones(
    json_path: Annotated[
        Path, typer.Option("--json", help="Where the figures go; a picture lands beside it.")
    ] = Path("benchmarks/results/backbones.json"),
    quick: Annotated[bool, typer.Option(help="Fewer rounds: rough times.")] = False,
) -> None:
    """Measure every backbone with weights drawn by chance: none of this depends on them."""
    torch.set_num_threads(1)
    figures: dict[str, dict[str, Any]] = {}
    seconds: dict[str, float] = {}
    for name, backbone in BACKBONES.items():
        network = _used(backbone)
        figures[name] = _size(network, backbone)
        seconds[name] = _seconds_per_face(network, backbone, 2 if quick else 9)
        figures[name]["ms_per_face"] = 1000 * seconds[name]
        figures[name]["largest_difference"] = _parity(network, backbone)
        _show(name, figures[name])
    least = min(seconds.values())
    report = {
        "ratios": {f"{name}_over_fastest": one / least for name, one in seconds.items()},
        "backbones": figures,
        "faces": _FACES,
        "threads": 1,
        "machine": machine(),
    }
    write_report(json_path, report)
    title = f"One face to its embedding, in batches of {_FACES}, one thread"
    draw_bars(json_path.with_suffix(".png"), {title: seconds})


def _show(name: str, figures: Mapping[str, Any]) -> None:
    served = ", ".join(
        f"{how} {'cannot be made' if value is None else f'{value:.1e}'}"
        for how, value in figures["largest_difference"].items()
    )
    typer.echo(
        f"{name}: {figures['parameters'] / 1e6:.2f} M parameters, "
        f"{figures['multiply_adds'] / 1e6:.1f} M multiply-adds, "
        f"{figures['ms_per_face']:.2f} ms per face; trained against served: {served}"
    )


def _used(backbone: Backbone) -> nn.Module:
    """A network as training leaves it: some batches seen, then in evaluation mode."""
    torch.manual_seed(0)
    network = backbone.build(DIMENSION).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network.train()
    with torch.no_grad():
        for seed in range(_WARM_UP):
            network(to_input(torch.from_numpy(_chips(backbone, seed)), backbone))
    result: nn.Module = network.eval().requires_grad_(False)
    return result


def _chips(backbone: Backbone, seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (_FACES, backbone.side, backbone.side, 3), dtype=np.uint8)


def _size(network: nn.Module, backbone: Backbone) -> dict[str, Any]:
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        network(torch.zeros(1, 3, backbone.side, backbone.side))
    return {
        "side": backbone.side,
        "parameters": sum(p.numel() for p in network.parameters()),
        # The counter takes a multiplication and an addition for two.
        "multiply_adds": counter.get_total_flops() // 2,
    }


def _seconds_per_face(network: nn.Module, backbone: Backbone, rounds: int) -> float:
    x = to_input(torch.from_numpy(_chips(backbone, 0)), backbone)

    def forward() -> Tensor:
        with torch.inference_mode():
            result: Tensor = network(x)
            return result

    return side_by_side({"forward": forward}, rounds)["forward"] / _FACES


def _parity(network: nn.Module, backbone: Backbone) -> dict[str, float | None]:
    """Largest difference of any number of an embedding, by how the encoder is served."""
    chips = _chips(backbone, _WARM_UP)
    trained = embed_chips(network, chips, backbone)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        weights = place / "weights.safetensors"
        save_file({key: value.contiguous() for key, value in network.state_dict().items()}, weights)
        architecture = _architecture(backbone)
        encoder, manifest = _served(place / "torch", weights, backbone, architecture)
        differences: dict[str, float | None] = {
            "registry": float(np.abs(encoder.encode(chips) - trained).max())
        }
        graph = place / "encoder.onnx"
        try:
            with _silence():  # the exporter prints the whole graph when it fails
                write_onnx(network, manifest, graph)
        except torch.onnx.errors.OnnxExporterError:
            return differences | {"onnx": None}
        encoder, _ = _served(place / "onnx", graph, backbone, "onnx")
        differences["onnx"] = float(np.abs(encoder.encode(chips) - trained).max())
    return differences


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Inside, nothing reaches standard output, not even from C++."""
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _architecture(backbone: Backbone) -> str:
    return next(name for name, other in BACKBONES.items() if other is backbone)


def _served(
    place: Path, weights: Path, backbone: Backbone, architecture: str
) -> tuple[FaceEncoder, EncoderManifest]:
    """Published and loaded as the service does it."""
    document = tomlkit.document()
    arguments = {} if architecture == "onnx" else {"dimension": DIMENSION}
    fields = {
        "name": "trial",
        "version": 1,
        "task": "encode-faces",
        "description": "Weights by chance.",
        "limits": "Knows nobody.",
        "training_data": "None.",
        "alignment": [[float(x), float(x)] for x in range(5)],
        "architecture": {"name": architecture, "arguments": arguments},
        "input": {
            "size": [backbone.side] * 2,
            "mean": list(backbone.mean),
            "scale": backbone.scale,
        },
        "output": {"dimension": DIMENSION},
        "licence": {"name": "none", "url": "none", "commercial": True},
    }
    document.update(fields)
    registry = Registry(place / "cache")
    key = publish(weights, document, registry, manifests=place, weights_dir=place / "weights").key
    registry = Registry(place / "cache", [place])
    manifest = registry.manifest(key, EncoderManifest)
    return FaceEncoder(registry.load(manifest.key), manifest), manifest
