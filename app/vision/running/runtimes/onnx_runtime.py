"""ONNX Runtime on the CPU, full precision."""

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from app.vision.running.runtimes.graph_files import GraphFiles, onnx_graph
from app.vision.running.runtimes.runtime import Concurrency, Forward, Outputs
from app.vision.running.runtimes.torch_eager import TorchRuntime
from models.nets.parts import Part


class OnnxRuntime:
    """Twice as fast as torch on single faces; sessions run in the caller's thread."""

    name = "onnxruntime"
    device = "cpu"

    def __init__(self, files: GraphFiles, concurrency: Concurrency) -> None:
        self._files = files
        self._options = onnxruntime.SessionOptions()
        self._options.intra_op_num_threads = concurrency.threads
        self._options.inter_op_num_threads = 1
        self._options.log_severity_level = 3
        # Its arena would keep for ever what the largest pictures together have needed.
        self._options.enable_cpu_mem_arena = False
        self._options.enable_mem_pattern = False
        # Threads that wait by spinning take the processor from the next request.
        self._options.add_session_config_entry("session.intra_op.allow_spinning", "0")

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        if part.rows is not None:
            # It computes PReLU apart: small networks take half as much again as in torch.
            return TorchRuntime().compile(network, part, label)
        path = self._files.path(label, "onnx 1", network, part)
        session = self._files.opened(path, self._session, lambda: onnx_graph(network, part))

        def forward(x: Tensor) -> Outputs:
            pictures = np.ascontiguousarray(x.numpy())
            found = session.run(None, {"pictures": pictures})
            outputs = tuple(torch.from_numpy(np.asarray(value)) for value in found)
            return outputs[0] if len(outputs) == 1 else outputs

        return forward

    def _session(self, content: bytes) -> onnxruntime.InferenceSession:
        providers = ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(content, self._options, providers=providers)
