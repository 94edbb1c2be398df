"""An encoder as an ONNX file, for other runtimes."""

from pathlib import Path

from torch import nn

from models.nets.graphs import write_graph
from models.nets.parts import Part
from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest


def write_onnx(network: nn.Module, manifest: Manifest, path: Path) -> None:
    """Write (N, 3, H, W) pictures to (N, dimension) raw embeddings, N free, as one file.

    Pixel convention, normalisation and mirror averaging stay the caller's, as the manifest
    says. Raises InvalidManifestError when it is no encoder.
    """
    if manifest.input.size is None:
        raise InvalidManifestError(f"{manifest.key} is not an encoder.", model=manifest.key)
    part = Part((None, 3, *manifest.input.size))
    write_graph(network, part, path, output_names=["embeddings"])
