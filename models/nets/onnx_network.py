"""An ONNX graph that is called like any other network."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidWeightsError
from models.nets.parts import Part

if TYPE_CHECKING:
    import onnxruntime


class OnnxNetwork(nn.Module):
    """(N, 3, H, W) float32 to (N, dimension) float32, run by ONNX Runtime on the CPU.

    `output` names the output to use; the first one if not given. Thread-safe. Raises
    InvalidWeightsError when the file is no ONNX graph with one input of pictures.
    """

    def __init__(self, path: Path, output: str | None = None) -> None:
        super().__init__()
        self._session = _session(path)
        inputs = self._session.get_inputs()
        names = [one.name for one in self._session.get_outputs()]
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].type != "tensor(float)":
            shown = ", ".join(f"{one.name}: {one.type}{one.shape}" for one in inputs)
            raise InvalidWeightsError(
                f"{path.name} does not take float pictures of (N, 3, height, width): it has "
                f"the inputs {shown}.",
            )
        if output is not None and output not in names:
            raise InvalidWeightsError(
                f"{path.name} has no output {output!r}; it has {', '.join(names)}.",
            )
        self._input = inputs[0].name
        self._output = output or names[0]
        batch = inputs[0].shape[0]
        # Many exports take exactly as many pictures as were traced.
        self._batch = batch if isinstance(batch, int) and batch > 0 else None

    def parts(self) -> Mapping[str, Part]:
        """None: it comes as a graph and has its runtime."""
        return {}

    def forward(self, x: Tensor) -> Tensor:
        pictures = np.ascontiguousarray(x.cpu().numpy())
        step = self._batch or max(1, len(pictures))
        parts = [self._run(pictures[i : i + step]) for i in range(0, len(pictures), step)]
        return torch.from_numpy(np.concatenate(parts))

    def _run(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        count = len(pictures)
        if self._batch is not None and count < self._batch:
            rest = np.zeros((self._batch - count, *pictures.shape[1:]), dtype=np.float32)
            pictures = np.concatenate([pictures, rest])
        (result,) = self._session.run([self._output], {self._input: pictures})
        return np.asarray(result, dtype=np.float32)[:count]


def _session(path: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime  # a third of a second, which commands on other networks do not need

    options = onnxruntime.SessionOptions()
    # The service runs several pictures at once and has decided how many threads one gets.
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no base of their own
        raise InvalidWeightsError(
            f"{path.name} is not an ONNX file that can be run: {error}",
        ) from error
