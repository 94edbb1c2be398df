"""An encoder as an ONNX file, for other runtimes."""

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from models.nets.graphs import write_graph
from models.nets.parts import Part
from models.registry.manifests.encoders import EncoderManifest


class Normalised(nn.Module):
    """An encoder whose embeddings have length one."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, pictures: Tensor) -> Tensor:
        return functional.normalize(self._network(pictures))


def write_onnx(network: nn.Module, manifest: EncoderManifest, path: Path) -> None:
    """Write (N, 3, H, W) pictures to (N, dimension) embeddings, N free, as one file.

    Embeddings are L2-normalised where the manifest says so. Pixel convention and mirror averaging
    stay the caller's.
    """
    part = Part((None, 3, *manifest.input.size))
    whole = Normalised(network) if manifest.output.normalised else network
    write_graph(whole.eval(), part, path, output_names=["embeddings"])
