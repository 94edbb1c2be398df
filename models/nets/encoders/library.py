"""torchvision's networks with an embedding in place of their classes.

All take (N, 3, H, W) and give (N, dimension) raw embeddings.
"""

from functools import cache
from types import ModuleType
from typing import Any

import torch
from torch import nn

from models.nets.encoders.initialization import initialize_he

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
    """AlexNet: Krizhevsky, "One weird trick for parallelizing convolutional networks" (2014)."""
    network: Any = torchvision_models().alexnet(dropout=dropout)
    network.classifier = _dense(256 * 6 * 6, hidden, dimension, dropout)
    initialize_he(network)
    return _checked(network)


def vgg16(dimension: int = 128, hidden: int = 4096, dropout: float = 0.5) -> nn.Module:
    """VGG-16: Simonyan and Zisserman, "Very deep convolutional networks" (2015)."""
    network: Any = torchvision_models().vgg16(init_weights=False)
    network.classifier = _dense(512 * 7 * 7, hidden, dimension, dropout)
    initialize_he(network)
    return _checked(network)


def resnet18(dimension: int = 128) -> nn.Module:
    """ResNet-18: He et al., "Deep residual learning for image recognition" (2016)."""
    return _checked(torchvision_models().resnet18(num_classes=dimension))


def resnet50(dimension: int = 128) -> nn.Module:
    """ResNet-50: He et al. (2016)."""
    return _checked(torchvision_models().resnet50(num_classes=dimension))


def googlenet(dimension: int = 128, dropout: float = 0.2) -> nn.Module:
    """GoogLeNet of Szegedy et al. (2015), "Going deeper with convolutions", no auxiliary heads."""
    return _checked(
        torchvision_models().googlenet(
            num_classes=dimension, aux_logits=False, init_weights=False, dropout=dropout
        )
    )


def mobilenet_v2(dimension: int = 128, dropout: float = 0.2) -> nn.Module:
    """MobileNet v2: Sandler et al., "Inverted residuals and linear bottlenecks" (2018)."""
    return _checked(torchvision_models().mobilenet_v2(num_classes=dimension, dropout=dropout))


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
    """The network, for the types: torchvision's functions promise nothing."""
    assert isinstance(network, nn.Module)  # noqa: S101
    return network
