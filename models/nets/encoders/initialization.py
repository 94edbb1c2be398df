"""Fresh weights for networks without normalization."""

from torch import nn


def initialize_he(network: nn.Module) -> None:
    """Draw weights that keep the signal's size through many layers.

    He et al., "Delving deep into rectifiers" (2015).
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
