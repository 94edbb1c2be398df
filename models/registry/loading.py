"""Loading: a checked file of weights to a network that is ready to be called."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.errors import InvalidWeightsError
from models.nets.encoders.fused import FusedPart
from models.nets.table import NETWORKS
from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.origins import ConvertedSource, LearnedSource

Parts = Sequence[tuple[EncoderManifest, nn.Module]]
"""Manifests and networks of what a fused encoder is made of."""


def load_network(
    manifest: Manifest, path: Path, device: str = "cpu", parts: Parts = ()
) -> nn.Module:
    """The manifest's network with the weights at `path`, in evaluation mode, without gradients.

    `parts` are what it is made of, in the order in which the manifest names them.

    Raises InvalidManifestError when architecture and weights do not fit, and
    InvalidWeightsError when the file is not of the manifest's format.
    """
    extra: dict[str, Any] = {"path": path} if manifest.format == "onnx" else {}
    if isinstance(manifest, EncoderManifest) and manifest.parts:
        extra["parts"] = fused_parts(manifest, parts)
    try:
        network = network_of(manifest, **extra)
        if manifest.format != "onnx" and not isinstance(manifest.source, LearnedSource):
            # Copying converts: weights published in half precision work in full precision.
            network.load_state_dict(_state(manifest, path))
    except (TypeError, RuntimeError) as error:
        raise InvalidManifestError(
            f"The weights of {manifest.key} do not fit its architecture: {error}",
            model=manifest.key,
        ) from error
    # Pictures come with channels last; weights in the same order make the encoder's
    # convolutions a third faster on a CPU.
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network.eval().requires_grad_(False)


def network_of(manifest: Manifest, **extra: Any) -> nn.Module:
    """The manifest's network with fresh weights. Raises InvalidManifestError for a name that
    is not in the table."""
    name = manifest.architecture.name
    if name not in NETWORKS:
        raise InvalidManifestError(
            f"{manifest.key} names an unknown architecture: {name}", model=manifest.key
        )
    return NETWORKS[name].built(**manifest.architecture.arguments, **extra)


def fused_parts(manifest: EncoderManifest, parts: Parts) -> list[FusedPart]:
    """The parts of a fused encoder. Raises InvalidManifestError for chips of another size."""
    sizes = [one.input.size for one, _ in parts]
    size = (sum(height for height, _ in sizes), max(width for _, width in sizes))
    if manifest.input.size != size:
        raise InvalidManifestError(
            f"{manifest.key} takes chips of {size}, its parts' one below the other, and not of "
            f"{manifest.input.size}.",
            model=manifest.key,
        )
    return [
        FusedPart(
            network,
            one.input.size,
            one.output.dimension,
            one.input.mean,
            one.input.scale,
            one.input.channels == "bgr",
            one.mirror,
            part.weight,
        )
        for part, (one, network) in zip(manifest.parts, parts, strict=True)
    ]


def read_state(path: Path, file_format: str) -> dict[str, Any]:
    """Read a safetensors file or a torch checkpoint, by name. Raises InvalidWeightsError."""
    try:
        if file_format == "safetensors":
            return dict(load_file(path))
        # Tensors and plain values only: whatever else a pickle asks for is refused.
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, EOFError, OSError, RuntimeError) as error:
        raise InvalidWeightsError(
            f"{path.name} is not a file of weights in the format {file_format}."
        ) from error
    if not isinstance(content, dict):
        raise InvalidWeightsError(f"{path.name} holds no table of tensors.")
    return content


def _state(manifest: Manifest, path: Path) -> dict[str, Tensor]:
    source = manifest.source
    state = read_state(path, manifest.format)
    if isinstance(source, ConvertedSource | LearnedSource) or not source.unused:
        return state
    return {name: value for name, value in state.items() if not name.startswith(source.unused)}
