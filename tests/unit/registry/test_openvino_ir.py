"""Weights out of OpenVINO IR, from files made by hand and from the publisher's."""

from pathlib import Path

import numpy as np
import openvino
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.registry.conversion.openvino import convert_reid_retail_0095
from models.registry.conversion.openvino_ir import constants
from tests.openvino_files import IrWriter, write_reid
from tests.skips import SHARED_DATA

PUBLISHED = "encoders/face-reidentification-retail-0095-fp16.xml"


def both(stem: Path) -> list[Path]:
    return [stem.with_suffix(".bin"), stem.with_suffix(".xml")]


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
def test_constants_in_order_of_execution(tmp_path: Path, half: bool, reverse: bool) -> None:
    ir = IrWriter(half=half)
    values = [np.arange(6, dtype="f4").reshape(2, 3), np.array([-1.5], "f4")]
    ir.add("Convolution", values[0])
    ir.add("PReLU", values[1])
    xml, binary = ir.write(tmp_path / "net", reverse=reverse)
    read = list(constants(xml, binary))
    assert [kind for kind, _ in read] == ["Convolution", "PReLU"]
    for (_, value), expected in zip(read, values, strict=True):
        assert value.dtype == np.float32
        np.testing.assert_array_equal(value, expected)


def test_a_short_file_other_types_and_no_xml(tmp_path: Path) -> None:
    ir = IrWriter()
    ir.add("Add", np.zeros(4, "f4"))
    xml, binary = ir.write(tmp_path / "net")
    whole, text = binary.read_bytes(), xml.read_text()
    binary.write_bytes(whole[:-1])
    with pytest.raises(ValueError, match="outside of the file"):
        list(constants(xml, binary))
    binary.write_bytes(whole)
    xml.write_text(text.replace("f32", "bf16"))
    with pytest.raises(ValueError, match="type bf16"):
        list(constants(xml, binary))
    xml.write_text(text.replace("f32", "i64"))  # axes and shapes are no weights
    assert list(constants(xml, binary)) == []
    xml.write_text("nothing")
    with pytest.raises(ValueError, match="no XML"):
        list(constants(xml, binary))


@pytest.mark.parametrize("half", [False, True])
def test_our_network_has_the_weights_of_the_file(tmp_path: Path, half: bool) -> None:
    expected = write_reid(tmp_path / "reid", half=half, reverse=True).state_dict()
    state = convert_reid_retail_0095(both(tmp_path / "reid"))
    assert state.keys() == expected.keys()
    for name, value in state.items():
        np.testing.assert_array_equal(value, expected[name].numpy(), err_msg=name)


def test_another_network_is_not_taken_for_it(tmp_path: Path) -> None:
    ir = IrWriter()
    ir.add("Multiply", np.ones((1, 3, 1, 1), "f4"))
    ir.add("PReLU", np.ones(1, "f4"))
    ir.write(tmp_path / "other")
    with pytest.raises(ValueError, match="a constant of PReLU where one of Add"):
        convert_reid_retail_0095(both(tmp_path / "other"))


def test_squeeze_and_excitation_by_hand() -> None:
    scale = MobileFaceNet().requires_grad_(False).get_submodule("blocks.0.scale")
    x = torch.randn(1, 64, 3, 5)
    means = [float(channel.mean()) for channel in x[0]]
    squeeze, excite = scale.get_submodule("squeeze.convolution"), scale.get_submodule("excite")
    assert isinstance(squeeze, nn.Conv2d) and isinstance(excite, nn.Conv2d)
    assert squeeze.bias is not None and excite.bias is not None
    slope = float(scale.get_parameter("squeeze.activation.weight"))
    hidden = []
    for row, bias in zip(squeeze.weight[:, :, 0, 0].tolist(), squeeze.bias.tolist(), strict=True):
        value = sum(w * m for w, m in zip(row, means, strict=True)) + bias
        hidden.append(value if value > 0 else slope * value)
    for channel, (row, bias) in enumerate(
        zip(excite.weight[:, :, 0, 0].tolist(), excite.bias.tolist(), strict=True)
    ):
        gate = 1 / (1 + np.exp(-sum(w * h for w, h in zip(row, hidden, strict=True)) - bias))
        torch.testing.assert_close(scale(x)[0, channel], x[0, channel] * gate)


@pytest.mark.shared_data(PUBLISHED)
def test_the_published_network_gives_what_openvino_gives() -> None:
    published = SHARED_DATA / PUBLISHED
    state = convert_reid_retail_0095([published, published.with_suffix(".bin")])
    network = MobileFaceNet(256).eval()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in state.items()})
    picture = np.random.default_rng(0).integers(0, 256, (1, 3, 128, 128)).astype(np.float32)
    picture = np.asarray(F.avg_pool2d(torch.from_numpy(picture), 5, 1, 2))  # less like noise
    theirs = (
        openvino.Core()
        .compile_model(str(published), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(
            picture[:, ::-1].copy()
        )[0]
        .ravel()
    )
    with torch.inference_mode():
        ours = network(torch.from_numpy(picture)).numpy().ravel()
    cosine = ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs)
    assert cosine > 1 - 1e-6
