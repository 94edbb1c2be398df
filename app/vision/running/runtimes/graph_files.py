"""Exported graphs on disk: made once, found again by a checksum of all they were made from."""

import hashlib
import inspect
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import structlog
import torch
from torch import nn

from models.files.writing import write
from models.nets.encoders.resnet29 import folded
from models.nets.graphs import write_graph
from models.nets.parts import Part

Loaded = TypeVar("Loaded")
_log = structlog.get_logger("app.vision")


class GraphFiles:
    """A directory of graphs. Any number of processes may use it at once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, label: str, runtime: str, network: nn.Module, part: Part) -> Path:
        """Path of the graph of this very network, made for this very runtime."""
        digest = fingerprint(network, part, runtime)[:16]
        return self._directory / f"{label}-{runtime.split()[0]}-{digest}.graph"

    def write(self, path: Path, content: bytes) -> None:
        """All or nothing; graphs of the same label made from other weights or versions go."""
        self._directory.mkdir(parents=True, exist_ok=True)
        write(path, content, mode=0o644)
        stem = path.stem.rpartition("-")[0]
        for other in self._directory.glob(f"{stem}-*.graph"):
            if other != path:
                other.unlink(missing_ok=True)

    def opened(
        self, path: Path, load: Callable[[bytes], Loaded], make: Callable[[], bytes]
    ) -> Loaded:
        """`load` of the file's content; of what `make` gives, when there is none that loads.

        Where the directory cannot be written, nothing is kept.
        """
        if path.is_file():
            try:
                return load(path.read_bytes())
            except Exception:  # noqa: S110 - runtimes' errors have no base; it is made anew
                pass
        content = make()
        result = load(content)
        try:
            self.write(path, content)
        except OSError as error:  # such as a container whose weights are read-only
            _log.warning("the graph cannot be kept, so every start makes it", error=str(error))
        return result


def fingerprint(network: nn.Module, part: Part, runtime: str) -> str:
    """Hex SHA-256 over weights, code of the network, its part's shape, and versions."""
    digest = hashlib.sha256(f"{part} {runtime} torch {torch.__version__}\n".encode())
    sources = {type(module).__module__ for module in network.modules()}
    for name in sorted(source for source in sources if source.startswith("models.")):
        digest.update(inspect.getsource(sys.modules[name]).encode())
    for name, tensor in sorted(network.state_dict().items()):
        value = np.ascontiguousarray(tensor.cpu().numpy())
        digest.update(f"{name} {value.shape} {value.dtype}\n".encode())
        digest.update(value.data)
    return digest.hexdigest()


def onnx_graph(network: nn.Module, part: Part) -> bytes:
    """The network as an ONNX file, its affines folded into its convolutions."""
    stream = io.BytesIO()
    write_graph(folded(network).to(memory_format=torch.contiguous_format), part, stream)  # type: ignore[call-overload]
    return stream.getvalue()
