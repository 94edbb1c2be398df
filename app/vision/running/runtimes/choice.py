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


_LARGE = 400_000
"""Pixels of a picture from which on what bfloat16 saves soon pays for compiling for its size."""


class FastestOnCpu:
    """OpenVINO for what may be computed in bfloat16, ONNX Runtime for the rest.

    At full precision they are equally fast, and ONNX Runtime does not compile again for every
    new size of picture. So of pictures of any size only large ones go to OpenVINO, and only where
    it computes in bfloat16: they have few different sizes, and each costs much. Small networks,
    which want passes of one number of rows, go to OpenVINO always: it fuses what they consist of.
    """

    name = "auto"
    device = "cpu"

    def __init__(self, files: GraphFiles, concurrency: Concurrency) -> None:
        self._reduced = OpenVinoRuntime(files, concurrency)
        self._exact = OnnxRuntime(files, concurrency)

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        if part.rows is not None:
            return self._reduced.compile(network, part, label)
        if part.exact or (part.any_size and not self._reduced.in_bfloat16):
            return self._exact.compile(network, part, label)
        large = self._reduced.compile(network, part, label)
        if not part.any_size:
            return large
        small = self._exact.compile(network, part, label)
        return lambda x: (large if x.shape[-2] * x.shape[-1] >= _LARGE else small)(x)


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
