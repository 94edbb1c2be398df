"""The convolutions of VGG-19, in torchvision's layout, with average pooling."""

import torch
from torch import Tensor, nn

_BLOCKS = ((1, 2), (2, 2), (4, 4), (8, 4), (8, 4))
"""Blocks: multiples of the first width, and number of convolutions."""


class VGG19(nn.Module):
    """Simonyan and Zisserman (2015); pooling as in Gatys et al. (2015), section 2.

    Parameters have the names and shapes of torchvision's `vgg19().features`, so that its weights
    can be loaded; the classifier is left out. `width` is the number of filters of the first
    block (64 in the published network).
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        self._names: dict[int, str] = {}
        channels = 3
        for block, (multiple, count) in enumerate(_BLOCKS, start=1):
            for number in range(1, count + 1):
                layers.append(nn.Conv2d(channels, multiple * width, 3, padding=1))
                channels = multiple * width
                self._names[len(layers)] = f"conv{block}_{number}"
                layers.append(nn.ReLU(inplace=False))
            layers.append(nn.AvgPool2d(2))
        self.features = nn.Sequential(*layers)

    def names(self) -> tuple[str, ...]:
        """`conv1_1` to `conv5_4`, from the input on."""
        return tuple(self._names.values())

    def forward(self, x: Tensor, layers: frozenset[str]) -> dict[str, Tensor]:
        """Rectified activations (N, C, h, w) of the named layers; what lies behind is not run.

        Takes (N, 3, H, W) in the manifest's pixel convention, at least 16 pixels wide and high.
        """
        found: dict[str, Tensor] = {}
        for index, layer in enumerate(self.features):
            x = layer(x)
            name = self._names.get(index)
            if name in layers:
                found[name] = x
                if len(found) == len(layers):
                    break
        return found


def random_state(width: int, seed: int) -> dict[str, Tensor]:
    """Stand-in weights that keep the signal's size, by He et al. (2015); for trials alone."""
    generator = torch.Generator().manual_seed(seed)
    state = VGG19(width).state_dict()
    for name, value in state.items():
        if name.endswith("weight"):
            deviation = (2 / value[0].numel()) ** 0.5
            state[name] = torch.randn(value.shape, generator=generator) * deviation
        else:
            state[name] = torch.zeros_like(value)
    return state
