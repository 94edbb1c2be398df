"""OpenVINO on the CPU, in bfloat16 where the processor computes with it."""

import io
import sys
import threading
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.vision.running.runtimes.graph_files import GraphFiles, onnx_graph
from app.vision.running.runtimes.runtime import Concurrency, Forward, Outputs
from models.nets.parts import Part

_TELEMETRY = "openvino_telemetry"
_SHAPES = 200
"""Kernels kept per network for shapes seen; its own default of thousands grows for days."""


def available() -> bool:
    """Whether OpenVINO is installed."""
    return find_spec("openvino") is not None


def _openvino() -> Any:
    """The package, kept from reporting its use to its makers.

    Importing it sends an event over the web unless its telemetry package cannot be imported.
    """
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]  # None forbids an import
    return import_module("openvino")


def _settle(openvino: Any, core: Any) -> None:
    """One forward pass of next to nothing, in one thread.

    The first pass of a process makes tables of element types. Two threads that make them at
    once wait for each other for ever: one holds a table and waits for the interpreter's lock,
    the other the reverse.
    """
    operations = openvino.opset13
    x = operations.parameter([1], np.float32)
    compiled = core.compile_model(openvino.Model([operations.relu(x)], [x]), "CPU")
    _Requests(compiled)(torch.zeros(1))


class OpenVinoRuntime:
    """Twice to four times as fast as torch where bfloat16 is native; else like ONNX Runtime."""

    name = "openvino"
    device = "cpu"

    def __init__(self, files: GraphFiles, concurrency: Concurrency) -> None:
        openvino = _openvino()
        self._files = files
        self._core = openvino.Core()
        _settle(openvino, self._core)
        self._concurrency = concurrency
        self._abilities = sorted(self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
        # A graph made for one kind of processor may not run on another.
        self._version = f"openvino {openvino.__version__} {' '.join(self._abilities)}"

    @property
    def in_bfloat16(self) -> bool:
        """Whether this processor computes in bfloat16 what is not `exact`."""
        return "BF16" in self._abilities

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        if part.rows is not None:
            pass_of = replace(part, shape=(part.rows, *part.shape[1:]))
            return in_passes(self._compiled(network, pass_of, label), part.rows)
        several = self._compiled(network, part, label)
        if part.any_size or part.shape[0] is not None:
            return several
        # Most pictures show one face, which takes a fifth less time where one is all there may be.
        alone = replace(part, shape=(1, *part.shape[1:]))
        single = self._compiled(network, alone, f"{label}.single")
        return lambda x: (single if len(x) == 1 else several)(x)

    def _compiled(self, network: nn.Module, part: Part, label: str) -> Forward:
        path = self._files.path(label, self._version, network, part)
        settings = self._settings(part)

        def load(content: bytes) -> Any:
            return self._core.import_model(io.BytesIO(content), "CPU", settings)

        def make() -> bytes:
            model = self._core.read_model(onnx_graph(network, part))
            stream = self._core.compile_model(model, "CPU", settings).export_model()
            return bytes(stream.getvalue())

        return _Requests(self._files.opened(path, load, make))

    def _settings(self, part: Part) -> dict[str, Any]:
        lanes, threads = self._concurrency.lanes, self._concurrency.threads
        settings = {
            "NUM_STREAMS": lanes,
            "INFERENCE_NUM_THREADS": lanes * threads,
            "ENABLE_CPU_PINNING": False,  # two servers would sit on the same cores
            "CPU_RUNTIME_CACHE_CAPACITY": _SHAPES,
        }
        # By default it computes in bfloat16 where that is faster.
        return settings | {"INFERENCE_PRECISION_HINT": "f32"} if part.exact else settings


def in_passes(forward: Forward, rows: int) -> Forward:
    """A forward pass of any number of pictures by passes of `rows` each, the last filled up."""

    def passes(x: Tensor) -> Outputs:
        filled = torch.zeros((len(x) + -len(x) % rows, *x.shape[1:]))
        filled[: len(x)] = x
        found = [forward(some) for some in torch.split(filled, rows)]
        by_output = zip(*(one if isinstance(one, tuple) else (one,) for one in found), strict=True)
        outputs = tuple(torch.cat(same)[: len(x)] for same in by_output)
        return outputs[0] if len(outputs) == 1 else outputs

    return passes


class _Requests:
    """Forward passes of one compiled model; each thread takes a request of its own."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self._tensor = _openvino().Tensor
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    def __call__(self, x: Tensor) -> Outputs:
        with self._lock:
            request = self._idle.pop() if self._idle else self._compiled.create_infer_request()
        try:
            pictures = np.ascontiguousarray(x.numpy())
            # `infer` takes arrays as well, but spends 50 microseconds on finding out what they are.
            request.set_input_tensor(0, self._tensor(pictures, shared_memory=True))
            found = request.infer()
            outputs = tuple(torch.from_numpy(value) for value in found.values())
        finally:
            with self._lock:
                self._idle.append(request)
        return outputs[0] if len(outputs) == 1 else outputs
