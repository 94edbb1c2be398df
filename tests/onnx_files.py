"""Small ONNX graphs of every kind that the registry must accept or refuse."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper


def write_onnx(
    path: Path,
    *,
    size: int = 8,
    dimension: int = 4,
    batch: int | str = "batch",
    kind: int = TensorProto.FLOAT,
    extra_input: bool = False,
    outputs: tuple[str, ...] = ("embedding",),
) -> Path:
    """A graph whose every output is the first `dimension` values of each picture."""
    shape = [batch, 3, size, size]
    nodes = [helper.make_node("Flatten", ["picture"], ["flat"])]
    starts = helper.make_tensor("starts", TensorProto.INT64, [1], [0])
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    ends = []
    for i, name in enumerate(outputs):
        # The second output is longer, so that taking the wrong one shows.
        ends.append(helper.make_tensor(f"ends{i}", TensorProto.INT64, [1], [dimension + i]))
        nodes.append(helper.make_node("Slice", ["flat", "starts", f"ends{i}", "axes"], [name]))
    inputs = [helper.make_tensor_value_info("picture", kind, shape)]
    if extra_input:
        inputs.append(helper.make_tensor_value_info("more", kind, [1]))
    graph = helper.make_graph(
        nodes,
        "encoder",
        inputs,
        [
            helper.make_tensor_value_info(name, kind, [batch, dimension + i])
            for i, name in enumerate(outputs)
        ],
        [starts, axes, *ends],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, path)
    return path
