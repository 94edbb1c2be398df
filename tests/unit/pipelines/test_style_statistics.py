"""Gram matrices, their errors and the content loss against loops written from the definitions."""

import numpy as np
import pytest
import torch
from torch import Tensor

from models.nets.filter_pyramid import FilterPyramid, blur
from models.nets.vgg19 import VGG19, random_state
from models.pipelines.style import objectives
from models.pipelines.style.content import PictureContent, range_penalty
from models.pipelines.style.dictionary import learn_filters, random_patches
from models.pipelines.style.objectives import NetworkModel, pyramid_statistics
from models.pipelines.style.statistics import layer_statistics, style_error, sums
from models.registry.manifests.base import Input

PLAIN = Input(mean=(0.0, 0.0, 0.0), scale=1 / 255)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def naive_gram(features: Tensor) -> np.ndarray:
    """G_ij = mean over places of F_i F_j."""
    channels, height, width = features.shape
    gram = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            for y in range(height):
                for x in range(width):
                    gram[i, j] += float(features[i, y, x]) * float(features[j, y, x])
    return gram / (height * width)


def naive_relative(found: np.ndarray, wanted: np.ndarray) -> float:
    above = below = 0.0
    for a, b in zip(found.ravel(), wanted.ravel(), strict=True):
        above, below = above + (a - b) ** 2, below + b**2
    return above / below


def test_gram_matrix_and_means() -> None:
    features = noise(1, 3, 4, 5)
    statistics = layer_statistics([sums(features)])
    np.testing.assert_allclose(statistics.gram.numpy(), naive_gram(features[0]), rtol=1e-5)
    means = [float(sum(channel.flatten())) / 20 for channel in features[0]]
    np.testing.assert_allclose(statistics.mean.numpy(), means, rtol=1e-5)


def test_statistics_of_parts_are_those_of_the_whole() -> None:
    features = noise(1, 3, 7, 5)
    parts = layer_statistics(sums(features[:, :, rows]) for rows in (slice(0, 2), slice(2, 7)))
    torch.testing.assert_close(parts.gram, layer_statistics([sums(features)]).gram)


@pytest.mark.parametrize("mean_weight", [0.0, 0.7])
def test_style_error_of_one_layer(mean_weight: float) -> None:
    """Pictures of two sizes."""
    found, wanted = noise(1, 3, 4, 5, seed=1), noise(1, 3, 6, 3, seed=2)
    error = style_error(
        layer_statistics([sums(found)]), layer_statistics([sums(wanted)]), mean_weight
    )
    expected = naive_relative(naive_gram(found[0]), naive_gram(wanted[0]))
    means = [features[0].mean(dim=(1, 2)).numpy() for features in (found, wanted)]
    expected += mean_weight * naive_relative(*means)
    assert float(error) == pytest.approx(expected, rel=1e-4)


def test_the_error_is_gatys_but_for_a_constant() -> None:
    """E_l = Σ (G - A)² / 4N²M², of Gram matrices that are sums over M places."""
    wanted = noise(1, 4, 5, 6, seed=3)
    ratios = []
    for seed in (4, 5, 6):
        found = noise(1, 4, 5, 6, seed=seed)
        sums_of = [30 * naive_gram(features[0]) for features in (found, wanted)]
        gatys = ((sums_of[0] - sums_of[1]) ** 2).sum() / (4 * 4**2 * 30**2)
        ours = style_error(layer_statistics([sums(found)]), layer_statistics([sums(wanted)]), 0)
        ratios.append(float(ours) / gatys)
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-4)


def test_network_losses_by_the_definition() -> None:
    """Content Σ w (F - P)² / ΣP²; style Σ λ_l E_l."""
    network = VGG19(width=4)
    network.load_state_dict(random_state(4, seed=0))
    network.eval().requires_grad_(False)
    layers = {"conv1_1": 0.2, "conv2_1": 0.5}
    model = NetworkModel(network, "conv3_1", layers, PLAIN)
    content, style, x = (noise(1, 3, 20, 24, seed=seed) for seed in range(3))
    protected = torch.zeros(1, 2, 20, 24)
    protected[:, :1, :, 12:] = 2.0
    losses = model.objective(content, style, protected, seed=0).losses(x)
    seen, kept, wanted = (model.features(picture) for picture in (x, content, style))
    above = below = 0.0
    _, channels, height, width = kept["conv3_1"].shape
    for c in range(channels):
        for row in range(height):
            for column in range(width):
                f, p = (float(s["conv3_1"][0, c, row, column]) for s in (seen, kept))
                above += (3.0 if column >= width // 2 else 1.0) * (f - p) ** 2
                below += p**2
    assert losses[0].item() == pytest.approx(above / below, rel=1e-4)
    errors = [
        weight * naive_relative(naive_gram(seen[name][0]), naive_gram(wanted[name][0]))
        for name, weight in layers.items()
    ]
    assert losses[1].item() == pytest.approx(sum(errors), rel=1e-4)


def test_content_of_a_picture_by_the_definition() -> None:
    target, x = noise(1, 3, 30, 24, seed=1), noise(1, 3, 30, 24, seed=2)
    protected = torch.zeros(1, 2, 30, 24)
    protected[:, 0, 10:20] = 3.0
    protected[:, 1, 5:15] = 2.0
    matrix = [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]

    def channel(picture: Tensor, index: int, sigma: float) -> np.ndarray:
        weights = torch.tensor(matrix[index]).view(1, 3, 1, 1)
        plane = (weights * picture).sum(1, keepdim=True)
        return naive_blur(plane[0, 0].double().numpy(), sigma)

    difference = channel(x, 0, 1.5) - channel(target, 0, 1.5)
    fine = channel(x, 0, 0.7) - channel(target, 0, 0.7)
    light = (difference**2).mean() + (protected[0, 0].numpy() * fine**2).mean()
    light /= channel(target, 0, 1.5).var(ddof=1) + 1e-4
    colour, variance = 0.0, 0.0
    for index in (1, 2):
        wanted = channel(target, index, 1.0)
        difference = channel(x, index, 1.0) - wanted
        colour += ((1 + protected[0, 1].numpy()) * difference**2).mean() / 2
        variance += wanted.var(ddof=1) / 2
    expected = light + 4 / 7 * colour / (variance + 1e-3)
    content = PictureContent(target, protected)
    assert content.loss(x).item() == pytest.approx(expected, rel=1e-3)
    assert content.loss(target).item() == 0


def naive_blur(plane: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian over three deviations, the picture mirrored at its borders."""
    radius = max(1, round(3 * sigma))
    padded = np.pad(plane, radius, mode="reflect")
    offsets = range(-radius, radius + 1)
    weights = [np.exp(-(o**2) / (2 * sigma**2)) for o in offsets]
    result = np.zeros_like(plane)
    for dy, wy in zip(offsets, weights, strict=True):
        for dx, wx in zip(offsets, weights, strict=True):
            part = padded[radius + dy :, radius + dx :][: plane.shape[0], : plane.shape[1]]
            result += wy * wx * part
    mean: np.ndarray = result / sum(weights) ** 2
    return mean


def test_blur_by_the_definition() -> None:
    x = noise(1, 2, 12, 9)
    np.testing.assert_allclose(
        blur(x, 1.5)[0, 1].numpy(), naive_blur(x[0, 1].numpy(), 1.5), rtol=1e-4
    )


def test_range_penalty() -> None:
    x = torch.tensor([-0.5, 0.0, 0.3, 1.0, 3.0]).view(1, 1, 1, 5)
    assert range_penalty(x).item() == pytest.approx((0.25 + 4) / 5)


# --- the dictionary


@pytest.fixture(scope="module")
def pyramid() -> FilterPyramid:
    recipe = FilterPyramid(filters=8, side=5, levels=3)
    return learn_filters(recipe, blur(noise(1, 3, 60, 48), 1.0), noise(1, 3, 50, 70, seed=1), 3)


def first(pyramid: FilterPyramid) -> torch.nn.Conv2d:
    found = pyramid.convolutions[0]
    assert isinstance(found, torch.nn.Conv2d)
    return found


def bias_of(convolution: torch.nn.Conv2d) -> Tensor:
    assert convolution.bias is not None
    return convolution.bias


def test_filters_are_learned_the_same_from_the_same_seed(pyramid: FilterPyramid) -> None:
    recipe = FilterPyramid(filters=8, side=5, levels=3)
    pictures = blur(noise(1, 3, 60, 48), 1.0), noise(1, 3, 50, 70, seed=1)
    again, other = (learn_filters(recipe, *pictures, seed) for seed in (3, 4))
    for name, value in pyramid.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
    assert not torch.equal(first(pyramid).weight, first(other).weight)
    assert all(not parameter.any() for parameter in recipe.parameters())


def test_responses_have_unit_deviation_before_the_threshold(pyramid: FilterPyramid) -> None:
    """Over the patches they were learned from, of which these are a good sample."""
    x = blur(noise(1, 3, 60, 48), 1.0)
    convolution = first(pyramid)
    patches = random_patches(x, 5, 4000, np.random.default_rng(9))
    responses = (
        patches @ convolution.weight.flatten(1).numpy().T + bias_of(convolution).numpy() + 0.25
    )
    assert 0.5 < responses.std(axis=0).mean() < 1.5
    values = pyramid.respond(0, x)
    assert (values >= 0).all() and (values == 0).any()


def test_a_filter_is_a_scalar_product_with_a_patch(pyramid: FilterPyramid) -> None:
    x = noise(1, 3, 20, 20, seed=5)
    convolution = first(pyramid)
    row, column, number = 3, 11, 6
    patch = x[0, :, row : row + 5, column : column + 5]
    expected = float((patch * convolution.weight[number]).sum() + bias_of(convolution)[number])
    found = pyramid.respond(0, x)[0, number, row, column].item()
    assert found == pytest.approx(max(0.0, expected), abs=1e-4)


def test_strips_give_what_the_whole_gives(
    pyramid: FilterPyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statistics, and the gradient that comes back through them."""

    def both() -> tuple[list[Tensor], Tensor]:
        x = noise(1, 3, 40, 37, seed=6).requires_grad_()
        found = pyramid_statistics(pyramid, x)
        torch.autograd.backward([s.gram.square().sum() + s.mean.sum() for s in found])
        assert x.grad is not None
        return [s.gram.detach() for s in found], x.grad

    whole = both()
    monkeypatch.setattr(objectives, "_TILE", 37 * 7)
    strips = both()
    for a, b in zip(whole[0], strips[0], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(whole[1], strips[1], rtol=1e-3, atol=1e-5)
    assert len(whole[0]) == 2  # 40 and 20 pixels, and then too few


def test_a_picture_of_one_colour_teaches_filters_that_say_nothing() -> None:
    grey = torch.full((1, 3, 40, 40), 0.5)
    pyramid = learn_filters(FilterPyramid(filters=4, side=5, levels=1), grey, grey, 0)
    assert all(torch.isfinite(parameter).all() for parameter in pyramid.parameters())
    assert torch.isfinite(pyramid_statistics(pyramid, noise(1, 3, 40, 40))[0].gram).all()
