"""Shape rules of the networks."""

import pytest
import torch

from models.nets.encoders.resnet29 import ResidualBlock, ResNet29, add_padded
from models.nets.mtcnn import ONet, PNet, RNet


def test_the_smaller_tensor_is_padded_at_the_end() -> None:
    a = torch.ones(1, 2, 3, 3)
    b = torch.ones(1, 3, 2, 4)
    total = add_padded(a, b)
    assert total.shape == (1, 3, 3, 4)
    naive = torch.zeros(1, 3, 3, 4)
    naive[:, :2, :3, :3] += 1
    naive[:, :3, :2, :4] += 1
    assert torch.equal(total, naive)


@pytest.mark.parametrize(("side", "halved"), [(35, 17), (8, 4), (4, 2)])
def test_a_halving_block_pools_its_shortcut(side: int, halved: int) -> None:
    block = ResidualBlock(2, 5, halve=True)
    torch.nn.init.zeros_(block.get_parameter("1.affine.weight"))  # nothing but the shortcut is left
    x = torch.rand(1, 2, side, side)
    y = block(x)
    assert y.shape == (1, 5, halved, halved)
    assert torch.allclose(y[:, :2], torch.nn.functional.avg_pool2d(x, 2))
    assert not y[:, 2:].any()


def test_the_encoder_has_29_convolutions_and_5_6_million_parameters() -> None:
    network = ResNet29()
    assert sum(isinstance(m, torch.nn.Conv2d) for m in network.modules()) == 29
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 1) == 5.6
    assert network(torch.zeros(2, 3, 150, 150)).shape == (2, 128)


def test_cascade_networks_take_their_window_sizes() -> None:
    offsets, probabilities = PNet()(torch.zeros(2, 3, 12, 16))
    assert offsets.shape == (2, 4, 1, 3) and probabilities.shape == (2, 1, 3)
    offsets, probabilities = RNet()(torch.zeros(3, 3, 24, 24))
    assert offsets.shape == (3, 4) and probabilities.shape == (3,)
    offsets, landmarks, probabilities = ONet()(torch.zeros(3, 3, 48, 48))
    assert landmarks.shape == (3, 10) and probabilities.shape == (3,)


def test_gradients_reach_every_parameter_and_change_no_result() -> None:
    torch.manual_seed(0)
    network = ResNet29()
    x = torch.randn(2, 3, 150, 150)
    before = x.clone()
    with_gradients = network(x)
    with_gradients.square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
    with torch.inference_mode():
        without = network(x)
    torch.testing.assert_close(without, with_gradients)
    assert torch.equal(x, before)
