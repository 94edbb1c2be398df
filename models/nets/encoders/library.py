"""torchvision's networks with an embedding in place of their classes.

All take (N, 3, H, W) and give (N, dimension) raw embeddings.
"""

from functools import cache
from types import ModuleType
from typing import Any

import torch
from torch import nn

_ABSENT = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_libraries: list[torch.library.Library] = []
"""Declarations last as long as the object that made them."""


@cache
def torchvision_models() -> ModuleType:
    """`torchvision.models`, also where torchvision was built for another torch.

    Its C++ operators cannot be loaded then, and the import dies on two that are not there;
    networks use neither, so declaring them is enough.
    """
    try:
        from torchvision import models
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        declared = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
        for schema in _ABSENT.values():
            declared.define(schema)  # type: ignore[no-untyped-call]
        _libraries.append(declared)
        from torchvision import models
    result: ModuleType = models
    return result


def alexnet(dimension: int = 128, hidden: int = 4096, dropout: float = 0.5) -> nn.Module:
    """Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014)."""
    network: Any = torchvision_models().alexnet(dropout=dropout)
    network.classifier = _dense(256 * 6 * 6, hidden, dimension, dropout)
    return he_initialised(_checked(network))


def vgg16(dimension: int = 128, hidden: int = 4096, dropout: float = 0.5) -> nn.Module:
    """Simonyan and Zisserman, "Very deep convolutional networks" (2015)."""
    network: Any = torchvision_models().vgg16(init_weights=False)
    network.classifier = _dense(512 * 7 * 7, hidden, dimension, dropout)
    return he_initialised(_checked(network))


def resnet18(dimension: int = 128) -> nn.Module:
    """He et al., "Deep residual learning for image recognition" (2016)."""
    return _checked(torchvision_models().resnet18(num_classes=dimension))


def resnet50(dimension: int = 128) -> nn.Module:
    """He et al. (2016)."""
    return _checked(torchvision_models().resnet50(num_classes=dimension))


def googlenet(dimension: int = 128, dropout: float = 0.2) -> nn.Module:
    """Szegedy et al., "Going deeper with convolutions" (2015), without auxiliary classifiers."""
    return _checked(
        torchvision_models().googlenet(
            num_classes=dimension, aux_logits=False, init_weights=False, dropout=dropout
        )
    )


def mobilenet_v2(dimension: int = 128, dropout: float = 0.2) -> nn.Module:
    """Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks" (2018)."""
    return _checked(torchvision_models().mobilenet_v2(num_classes=dimension, dropout=dropout))


def he_initialised(network: nn.Module) -> nn.Module:
    """Fresh weights that keep the signal's size through many layers without normalisation.

    He et al., "Delving deep into rectifiers" (2015).
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network


def _dense(width: int, hidden: int, dimension: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(width, hidden),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(hidden, hidden),
        nn.ReLU(inplace=True),
        nn.Linear(hidden, dimension),
    )


def _checked(network: Any) -> nn.Module:
    """For the types: torchvision's functions promise nothing."""
    assert isinstance(network, nn.Module)  # noqa: S101
    return network
