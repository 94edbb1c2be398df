"""VGG-19 in torchvision's layout, with average pooling."""

import torch
from torch import nn

from models.nets.encoders.library import torchvision_models
from models.nets.vgg19 import VGG19, random_state


def test_names_and_shapes_are_torchvisions() -> None:
    with torch.device("meta"):
        theirs = torchvision_models().vgg19(init_weights=False).state_dict()
        ours = VGG19().state_dict()
    expected = {name: v.shape for name, v in theirs.items() if name.startswith("features.")}
    assert {name: value.shape for name, value in ours.items()} == expected


def test_activations_are_torchvisions_with_average_pooling() -> None:
    network = VGG19(width=4).eval()
    network.load_state_dict(random_state(4, seed=1))
    with torch.device("meta"):  # its full weights are slow to make, and not needed
        reference = torchvision_models().vgg19(init_weights=False).features
    layers = [nn.AvgPool2d(2) if isinstance(m, nn.MaxPool2d) else m for m in reference]
    for index, layer in enumerate(layers):
        if isinstance(layer, nn.Conv2d):
            own = network.get_submodule(f"features.{index}")
            assert isinstance(own, nn.Conv2d)
            layers[index] = nn.Conv2d(own.in_channels, own.out_channels, 3, padding=1)
            layers[index].load_state_dict(own.state_dict())
    x = torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(0))
    found = network(x, frozenset({"conv1_1", "conv4_2", "conv5_4"}))
    with torch.inference_mode():
        for name, last in (("conv1_1", 1), ("conv4_2", 22), ("conv5_4", 35)):
            expected = nn.Sequential(*layers[: last + 1])(x)
            torch.testing.assert_close(found[name], expected)


def test_only_what_is_asked_for_is_computed() -> None:
    network = VGG19(width=2)
    calls: list[int] = []
    network.features[5].register_forward_hook(lambda *_: calls.append(5))
    assert set(network(torch.rand(1, 3, 16, 16), frozenset({"conv1_2"}))) == {"conv1_2"}
    assert calls == []
    assert network.names()[0] == "conv1_1" and len(network.names()) == 16
