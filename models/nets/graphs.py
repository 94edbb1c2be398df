"""Networks as ONNX graphs, for other runtimes."""

import warnings
from collections.abc import Sequence
from os import PathLike
from typing import IO, Any

import torch
from torch import Tensor, nn

from models.nets.parts import Part


def write_graph(
    network: nn.Module,
    part: Part,
    target: "str | PathLike[str] | IO[bytes]",
    *,
    input_name: str = "pictures",
    output_names: Sequence[str] | None = None,
) -> None:
    """Write a network of one input as an ONNX file; what `part.shape` leaves open stays free.

    `output_names` defaults to output0, output1 and so on.
    """
    example = part.example()
    with torch.inference_mode():
        results: Any = network(example.clone())
    outputs: Sequence[Tensor] = results if isinstance(results, tuple) else (results,)
    names = list(output_names or (f"output{i}" for i in range(len(outputs))))
    free = {axis: f"axis{axis}" for axis, side in enumerate(part.shape) if side is None}
    # Some layers have quicker ways to gradients, which nobody needs where a graph is run.
    with torch.no_grad(), warnings.catch_warnings():
        # Tracing warns that sizes are fixed, which they are meant to be.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            target,  # type: ignore[arg-type]  # takes streams too
            input_names=[input_name],
            output_names=names,
            dynamic_axes={input_name: free}
            | {
                name: {axis: f"{name}_{axis}" for axis in _free_axes(free, output.ndim)}
                for name, output in zip(names, outputs, strict=True)
            },
            dynamo=False,  # the newer exporter takes ten times as long for the same graph
        )


def _free_axes(free: dict[int, str], axes: int) -> Sequence[int]:
    """Free axes of an output: the batch alone, unless pictures may have any size."""
    return range(axes) if any(axis > 0 for axis in free) else [axis for axis in free if axis == 0]
