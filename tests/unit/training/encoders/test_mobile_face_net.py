"""MobileFaceNet in training on a CPU: the same numbers and gradients by quicker ways."""

import io
from collections import Counter

import onnx
import torch
from torch import Tensor, nn

from models.nets.encoders.mobile_face_net import (
    DepthwiseConvolution,
    FixedPReLU,
    MobileFaceNet,
    mobile_face_net_128x112,
)
from models.nets.graphs import write_graph
from models.nets.parts import Part
from training.encoders.backbones import BACKBONES
from training.encoders.networks.frozen import freeze


def _pictures(channels: int) -> Tensor:
    return torch.randn(2, channels, 8, 8, generator=torch.Generator().manual_seed(0))


def test_a_strided_filter_per_channel_has_the_gradients_of_any_convolution() -> None:
    ours = DepthwiseConvolution(3, 3, stride=2, padding=1)
    plain = nn.Conv2d(3, 3, 3, 2, 1, groups=3)
    plain.load_state_dict(ours.state_dict())
    inputs = [_pictures(3).requires_grad_() for _ in range(2)]
    outputs = [layer(x) for layer, x in zip((ours, plain), inputs, strict=True)]
    torch.testing.assert_close(*outputs)
    for output in outputs:
        output.square().sum().backward()
    torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    torch.testing.assert_close(ours.weight.grad, plain.weight.grad)
    assert ours.bias is not None and plain.bias is not None
    torch.testing.assert_close(ours.bias.grad, plain.bias.grad)
    with torch.no_grad():
        torch.testing.assert_close(ours(inputs[0]), outputs[0])


def test_slopes_stay_and_let_gradients_through() -> None:
    ours, plain = FixedPReLU(), nn.PReLU()
    inputs = [_pictures(3).requires_grad_() for _ in range(2)]
    for layer, x in zip((ours, plain), inputs, strict=True):
        layer(x).square().sum().backward()
    torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    assert ours.weight.grad is None


def test_everything_but_slopes_is_trained() -> None:
    network = MobileFaceNet(16)
    backbone = BACKBONES["mobile-face-net"]
    freeze(network, backbone, 0)
    kept = {name for name, p in network.named_parameters() if not p.requires_grad}
    assert kept == {n for n in network.state_dict() if n.endswith("activation.weight")}
    freeze(network, backbone, 1)
    first = [p for n, p in network.named_parameters() if backbone.stage_of(n) == 0]
    assert first and not any(p.requires_grad for p in first)


def test_a_graph_that_is_run_has_none_of_them() -> None:
    file = io.BytesIO()
    write_graph(MobileFaceNet(16).eval(), Part((None, 3, 128, 128)), file)
    graph = onnx.load_from_string(file.getvalue()).graph
    kinds = Counter(node.op_type for node in graph.node)
    assert kinds["PRelu"] == 48 and not kinds["LeakyRelu"] and not kinds["Slice"]


def test_one_that_sees_less_is_told_nothing_of_the_rest() -> None:
    network = mobile_face_net_128x112(16).eval()
    chips = torch.randint(0, 256, (2, 3, 128, 128), generator=torch.Generator().manual_seed(0))
    x = chips.float()
    elsewhere = x.clone()
    elsewhere[:, :, :16] = 0
    with torch.no_grad():
        assert network(x).shape == (2, 16)
        torch.testing.assert_close(network(elsewhere), network(x), rtol=0, atol=0)
        elsewhere[:, :, 16] = 0
        assert not network(elsewhere).equal(network(x))


def test_filters_are_cut_where_the_chip_is() -> None:
    whole = MobileFaceNet(16).state_dict()
    filters = torch.zeros(512, 1, 8, 8)
    filters[:, :, 2, 3] = 1
    cut = mobile_face_net_128x112(16).cut({**whole, "pool.weight": filters})
    expected = torch.zeros(512, 1, 7, 8)
    # A row of cells is gone above.
    expected[:, :, 1, 3] = 8 / 7
    torch.testing.assert_close(cut["pool.weight"], expected)
