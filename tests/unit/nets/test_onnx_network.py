"""ONNX graphs behind the face of a network."""

from pathlib import Path
from typing import Any

import pytest
import torch
from onnx import TensorProto

from models.errors import InvalidWeightsError
from models.nets.onnx_network import OnnxNetwork
from tests.onnx_files import write_onnx


@pytest.mark.parametrize("batch", ["batch", 1, 3])
@pytest.mark.parametrize("count", [1, 3, 4])
def test_any_batch_goes_through_any_graph(tmp_path: Path, batch: int | str, count: int) -> None:
    network = OnnxNetwork(write_onnx(tmp_path / "a.onnx", batch=batch))
    x = torch.randn(count, 3, 8, 8).flip(3)  # not contiguous, as mirror images are
    assert torch.equal(network(x), x.flatten(1)[:, :4])


def test_the_output_can_be_named(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "a.onnx", outputs=("feature", "norm"))
    x = torch.randn(2, 3, 8, 8)
    assert OnnxNetwork(path)(x).shape == (2, 4)
    assert OnnxNetwork(path, output="norm")(x).shape == (2, 5)
    with pytest.raises(InvalidWeightsError, match=r"no output 'x'; it has feature, norm"):
        OnnxNetwork(path, output="x")


@pytest.mark.parametrize(
    "options", [{"kind": TensorProto.DOUBLE}, {"extra_input": True}], ids=["type", "inputs"]
)
def test_graphs_that_take_something_else(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidWeightsError, match="picture"):
        OnnxNetwork(write_onnx(tmp_path / "a.onnx", **options))


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x08\x07"])
def test_files_that_are_no_graph(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(content)
    with pytest.raises(InvalidWeightsError, match=r"a\.onnx is not an ONNX file"):
        OnnxNetwork(path)
