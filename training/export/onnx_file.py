"""An encoder as an ONNX file, for other runtimes."""

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from models.nets.graphs import write_graph
from models.nets.parts import Part
from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest


class Normalised(nn.Module):
    """An encoder whose embeddings have length one."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, pictures: Tensor) -> Tensor:
        return functional.normalize(self._network(pictures))


def write_onnx(network: nn.Module, manifest: Manifest, path: Path) -> None:
    """Write (N, 3, H, W) pictures to (N, dimension) embeddings, N free, as one file.

    Embeddings are L2-normalised where the manifest says so. Pixel convention and mirror averaging
    stay the caller's. Raises InvalidManifestError when it is no encoder.
    """
    if manifest.input.size is None:
        raise InvalidManifestError(f"{manifest.key} is not an encoder.", model=manifest.key)
    part = Part((None, 3, *manifest.input.size))
    whole = Normalised(network) if manifest.output and manifest.output.normalised else network
    write_graph(whole.eval(), part, path, output_names=["embeddings"])
