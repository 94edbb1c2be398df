"""A trial of an encoder: whether the network does what its manifest says."""

import torch
from torch import Tensor, nn

from models.errors import InvalidWeightsError
from models.pipelines.pixels import to_tensor
from models.registry.manifests.encoders import EncoderManifest


def try_encoder(network: nn.Module, manifest: EncoderManifest) -> None:
    """Run an encoder once on noise. Raises InvalidWeightsError when it does not fit."""
    height, width = manifest.input.size
    noise = torch.randint(0, 256, (2, height, width, 3), generator=torch.Generator().manual_seed(0))
    pictures = to_tensor(noise.to(torch.uint8).numpy(), manifest.input)
    try:
        with torch.inference_mode():
            embeddings: Tensor = network(pictures)
    except Exception as error:  # torch and ONNX Runtime have errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on pictures of {height}x{width}: {error}",
            hint="Compare `input.size` with what the network takes.",
            model=manifest.key,
        ) from error
    expected = (2, manifest.output.dimension)
    if tuple(embeddings.shape) != expected:
        raise InvalidWeightsError(
            f"For two pictures {manifest.key} gives numbers of shape {tuple(embeddings.shape)} "
            f"where its manifest promises {expected}.",
            hint="Correct `output.dimension`, or name the output in `architecture.arguments`.",
            model=manifest.key,
        )
    if not bool(embeddings.isfinite().all()) or not bool(embeddings.norm(dim=1).all()):
        raise InvalidWeightsError(
            f"{manifest.key} gives embeddings that are zero or not numbers.", model=manifest.key
        )
