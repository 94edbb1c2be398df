"""Choice of the runtime of this machine."""

from pathlib import Path
from typing import Literal

import torch
from torch import nn

from app.vision.running.runtimes import openvino_runtime
from app.vision.running.runtimes.graph_files import GraphFiles
from app.vision.running.runtimes.onnx_runtime import OnnxRuntime
from app.vision.running.runtimes.openvino_runtime import OpenVinoRuntime
from app.vision.running.runtimes.runtime import Concurrency, Forward, Runtime
from app.vision.running.runtimes.torch_eager import TorchRuntime
from models.nets.parts import Part

RuntimeName = Literal["auto", "torch", "onnxruntime", "openvino"]


class FastestOnCpu:
    """OpenVINO for what may be computed in bfloat16, ONNX Runtime for the rest.

    At full precision they are equally fast, and ONNX Runtime does not compile again for every
    new size of picture.
    """

    name = "auto"
    device = "cpu"

    def __init__(self, files: GraphFiles, concurrency: Concurrency) -> None:
        self._reduced = OpenVinoRuntime(files, concurrency)
        self._exact = OnnxRuntime(files, concurrency)

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        exact = part.exact or part.any_size
        return (self._exact if exact else self._reduced).compile(network, part, label)


def open_runtime(
    name: RuntimeName, cache_dir: Path, concurrency: Concurrency | None = None
) -> Runtime:
    """The runtime of that name; graphs are kept in `cache_dir`/graphs.

    `auto` is torch on a GPU if there is one, else the fastest there is on a CPU. `torch` uses
    a GPU too.
    """
    concurrency = concurrency or Concurrency()
    gpu = torch.cuda.is_available()
    files = GraphFiles(cache_dir / "graphs")
    if name == "torch" or (name == "auto" and gpu):
        return TorchRuntime("cuda" if gpu else "cpu")
    if name == "openvino":
        return OpenVinoRuntime(files, concurrency)
    if name == "auto" and openvino_runtime.available():
        return FastestOnCpu(files, concurrency)
    return OnnxRuntime(files, concurrency)
