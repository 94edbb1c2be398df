"""A routed encoder: every face to one of two experts."""

import copy
import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from models.nets.encoders.routed_resnet29 import RoutedResNet29, Router


@pytest.fixture(scope="module")
def network() -> RoutedResNet29:
    torch.manual_seed(0)
    network = RoutedResNet29(16).eval().requires_grad_(False)
    return network


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return torch.randn(5, 3, 150, 150, generator=torch.Generator().manual_seed(1)) / 4


def with_logits(network: RoutedResNet29, scale: float, threshold: Tensor | float) -> RoutedResNet29:
    """Logits moved by a threshold, then scaled: few of them uncertain, or all."""
    changed = copy.deepcopy(network)
    with torch.no_grad():
        changed.router.head.bias.sub_(threshold)
        changed.router.head.weight.mul_(scale)
        changed.router.head.bias.mul_(scale)
    return changed


def spread(network: RoutedResNet29, pictures: Tensor) -> RoutedResNet29:
    """Of five pictures: two certain on either side, and one in the middle."""
    logits = network.router(pictures).sort().values
    widest = float((logits - logits[2]).abs()[[0, 1, 3, 4]].min())
    return with_logits(network, 5 / widest, logits[2])


def test_each_face_gets_the_experts_in_the_router_s_shares(
    network: RoutedResNet29, pictures: Tensor
) -> None:
    network = spread(network, pictures)
    expected, shares = [], []
    for picture in pictures:
        one = picture[None]
        share = 1 / (1 + math.exp(-float(network.router(one))))
        share = 0.0 if share < 0.1 else 1.0 if share > 0.9 else share
        clear, difficult = (e(one)[0] for e in (network.clear, network.difficult))
        expected.append((1 - share) * clear / clear.norm() + share * difficult / difficult.norm())
        shares.append(share)
    assert sorted(shares)[:2] == [0, 0]
    assert sorted(shares)[3:] == [1, 1]
    assert torch.allclose(network(pictures), torch.stack(expected), atol=1e-3)


@pytest.mark.parametrize(("threshold", "expert"), [(1e6, "clear"), (-1e6, "difficult")])
def test_one_expert_may_get_them_all(
    network: RoutedResNet29, pictures: Tensor, threshold: float, expert: str
) -> None:
    result = with_logits(network, 1, threshold)(pictures)
    expected = F.normalize(network.get_submodule(expert)(pictures))
    assert torch.allclose(result, expected, atol=1e-5)


def test_a_traced_graph_mixes_alike(network: RoutedResNet29, pictures: Tensor) -> None:
    network = spread(network, pictures)
    with torch.no_grad():
        traced = torch.jit.trace(network, pictures[:1], check_trace=False)
        assert torch.allclose(traced(pictures), network(pictures), atol=1e-4)


def test_the_router_looks_at_luminance_alone() -> None:
    torch.manual_seed(0)
    router = Router().eval()
    picture = torch.randn(1, 3, 150, 150)
    assert torch.allclose(router(picture), router(picture[:, [2, 0, 1]]), atol=1e-6)
