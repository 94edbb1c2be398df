"""A routed encoder: every face to one of two experts."""

import copy

import pytest
import torch
from torch import Tensor

from models.nets.routed_resnet29 import RoutedResNet29, Router


@pytest.fixture(scope="module")
def network() -> RoutedResNet29:
    torch.manual_seed(0)
    network = RoutedResNet29(16).eval().requires_grad_(False)
    with torch.no_grad():
        for expert in (network.clear, network.difficult):
            expert.linear.weight.mul_(100)
    return network


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return torch.randn(5, 3, 150, 150, generator=torch.Generator().manual_seed(1)) / 4


def between(logits: Tensor) -> float:
    """A threshold with two of five on one side, and nobody near it."""
    return float(logits.sort().values[2:4].mean())


def with_threshold(network: RoutedResNet29, threshold: float) -> RoutedResNet29:
    changed = copy.deepcopy(network)
    changed.router.head.bias.sub_(threshold)
    return changed


def test_each_face_goes_to_the_expert_that_the_router_names(
    network: RoutedResNet29, pictures: Tensor
) -> None:
    network = with_threshold(network, between(network.router(pictures)))
    expected = []
    for picture in pictures:
        one = picture[None]
        expert = network.difficult if float(network.router(one)) > 0 else network.clear
        expected.append(expert(one.clone())[0])
    result = network(pictures)
    assert torch.allclose(result, torch.stack(expected), atol=1e-4)
    assert not torch.allclose(result, network.clear(pictures.clone()), atol=1e-2)


@pytest.mark.parametrize(("threshold", "expert"), [(1e6, "clear"), (-1e6, "difficult")])
def test_one_expert_may_get_them_all(
    network: RoutedResNet29, pictures: Tensor, threshold: float, expert: str
) -> None:
    result = with_threshold(network, threshold)(pictures)
    expected = network.get_submodule(expert)(pictures.clone())
    assert torch.allclose(result, expected, atol=1e-5)


def test_a_traced_graph_routes_alike(network: RoutedResNet29, pictures: Tensor) -> None:
    network = with_threshold(network, between(network.router(pictures)))
    with torch.no_grad():
        traced = torch.jit.trace(network, pictures[:1], check_trace=False)
        assert torch.allclose(traced(pictures), network(pictures), atol=1e-4)


def test_the_router_looks_at_luminance_alone() -> None:
    torch.manual_seed(0)
    router = Router().eval()
    picture = torch.randn(1, 3, 150, 150)
    assert torch.allclose(router(picture), router(picture[:, [2, 0, 1]]), atol=1e-6)
