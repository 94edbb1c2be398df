"""One network run in every way there is on this machine, for comparison alone."""

import copy
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.graph_files import onnx_graph
from app.vision.running.runtimes.runtime import Outputs
from models.nets.encoders.resnet29 import folded
from models.nets.parts import Part

Forward = Callable[[Tensor], Outputs]
REFERENCE = "torch, as loaded"


def contenders(
    network: nn.Module, part: Part, samples: Tensor, cache: Path, *, compiled: bool
) -> dict[str, Forward]:
    """Forward passes by name, the reference first; `samples` calibrate the 8-bit one."""
    ways: dict[str, Forward] = {REFERENCE: network}
    plain = folded(network).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    ways["torch, folded"] = plain
    lasting = folded(network).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    ways["torch, folded, channels last"] = lasting
    half = copy.deepcopy(lasting).to(torch.bfloat16)
    ways["torch, folded, bfloat16"] = lambda x: _float(half(x.to(torch.bfloat16)))
    if compiled:
        ways["torch.compile"] = torch.compile(copy.deepcopy(lasting))  # seconds, when first called
    ways["onnxruntime"] = open_runtime("onnxruntime", cache).compile(network, part, "trial")
    ways["onnxruntime, int8"] = _eight_bits(network, part, samples)
    exact = Part(part.shape, exact=True)
    ways["openvino, float32"] = open_runtime("openvino", cache).compile(network, exact, "exact")
    ways["openvino"] = open_runtime("openvino", cache).compile(network, part, "trial")
    return ways


def _float(outputs: Outputs) -> Outputs:
    return outputs.float() if isinstance(outputs, Tensor) else tuple(o.float() for o in outputs)


class _Samples(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, pictures: Tensor) -> None:
        self._left: Iterator[Tensor] = iter(list(pictures[:, None]))

    def get_next(self) -> dict[str, object] | None:
        picture = next(self._left, None)
        return None if picture is None else {"pictures": np.ascontiguousarray(picture.numpy())}


def _eight_bits(network: nn.Module, part: Part, samples: Tensor) -> Forward:
    """Static quantisation of weights and activations, one scale per channel of a filter."""
    with tempfile.TemporaryDirectory() as name:
        raw, prepared, small = (Path(name) / f"{step}.onnx" for step in ("raw", "ready", "small"))
        raw.write_bytes(onnx_graph(network, part))
        quant_pre_process(str(raw), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(small),
            _Samples(samples),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        content = io.BytesIO(small.read_bytes()).getvalue()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def forward(x: Tensor) -> Outputs:
        found = session.run(None, {"pictures": np.ascontiguousarray(x.numpy())})
        outputs = tuple(torch.from_numpy(value) for value in found)
        return outputs[0] if len(outputs) == 1 else outputs

    return forward
