"""An encoder as an ONNX file, for other runtimes."""

import warnings
from pathlib import Path

import torch
from torch import nn

from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest


def write_onnx(network: nn.Module, manifest: Manifest, path: Path) -> None:
    """Write (N, 3, H, W) pictures to (N, dimension) raw embeddings, N free, as one file.

    Pixel convention, normalisation and mirror averaging stay the caller's, as the manifest
    says. Raises InvalidManifestError when it is no encoder.
    """
    if manifest.input.size is None:
        raise InvalidManifestError(f"{manifest.key} is not an encoder.", model=manifest.key)
    example = torch.zeros(2, 3, *manifest.input.size)
    with warnings.catch_warnings():
        # Tracing warns that sizes are fixed, which they are meant to be.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            path,
            input_names=["pictures"],
            output_names=["embeddings"],
            dynamic_axes={"pictures": {0: "batch"}, "embeddings": {0: "batch"}},
            dynamo=False,  # the newer exporter takes ten times as long for the same graph
        )
