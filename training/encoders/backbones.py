"""Networks by name, all ending in embeddings of one length, and their stages."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from models.nets.encoders import library
from models.nets.encoders.classic import LeNet5, MobileNetV1
from models.nets.encoders.inception_resnet_v1 import InceptionResnetV1
from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.nets.encoders.resnet29 import ResidualBlock, ResNet29

DIMENSION = 128
Triple = tuple[float, float, float]

_IMAGENET: Triple = (123.675, 116.28, 103.53)
_IMAGENET_SCALE = 1 / 57.4
"""One scale for three channels: torchvision's deviations differ by two per cent."""
_CENTRED: Triple = (127.5, 127.5, 127.5)
_CENTRED_SCALE = 1 / 128


@dataclass(frozen=True, slots=True)
class Backbone:
    """How a network is built, and what it wants to see."""

    build: Callable[[int], nn.Module]
    """Of the embedding's length; gives (N, 3, side, side) → (N, length), not normalised."""
    stages: tuple[tuple[str, ...], ...]
    """Prefixes of parameter names, stage by stage from the input on; the head is the last."""
    side: int
    """Pixels."""
    mean: Triple = _IMAGENET
    """RGB, in 0..255."""
    scale: float = _IMAGENET_SCALE
    """(value - mean) * scale is what goes in."""
    published: str = ""
    """torchvision's name, where it publishes weights."""


def _resnet29(dimension: int) -> nn.Module:
    """Fresh weights that can be trained: the branches of residual blocks start small.

    Without normalisation, 14 sums would let the signal grow out of hand (Goyal et al.,
    "Accurate, large minibatch SGD", 2017, start them at nothing).
    """
    network = library.he_initialised(ResNet29(dimension))
    for module in network.modules():
        if isinstance(module, ResidualBlock):
            nn.init.constant_(module.get_parameter("1.affine.weight"), 0.2)
    return network


def _numbered(name: str, first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{name}.{number}." for number in range(first, last + 1))


_RESNET = (("conv1.", "bn1."), ("layer1.",), ("layer2.",), ("layer3.",), ("layer4.",), ("fc.",))

BACKBONES: dict[str, Backbone] = {
    "facenet-resnet29": Backbone(
        _resnet29,
        (
            ("stem.", *_numbered("blocks", 0, 2)),
            _numbered("blocks", 3, 6),
            _numbered("blocks", 7, 9),
            _numbered("blocks", 10, 13),
            ("linear.",),
        ),
        side=150,
        mean=(122.782, 117.001, 104.298),
        scale=1 / 256,
    ),
    "lenet-5": Backbone(
        LeNet5,
        (_numbered("features", 0, 2), _numbered("features", 3, 7), ("head.",)),
        side=32,
        mean=_CENTRED,
        scale=_CENTRED_SCALE,
    ),
    "alexnet": Backbone(
        library.alexnet,
        (_numbered("features", 0, 5), _numbered("features", 6, 12), ("classifier.",)),
        side=150,
        published="alexnet",
    ),
    "vgg-16": Backbone(
        library.vgg16,
        (
            _numbered("features", 0, 4),
            _numbered("features", 5, 9),
            _numbered("features", 10, 16),
            _numbered("features", 17, 23),
            _numbered("features", 24, 30),
            ("classifier.",),
        ),
        side=150,
        published="vgg16",
    ),
    "resnet-18": Backbone(library.resnet18, _RESNET, side=150, published="resnet18"),
    "resnet-50": Backbone(library.resnet50, _RESNET, side=150, published="resnet50"),
    "googlenet": Backbone(
        library.googlenet,
        (("conv",), ("inception3",), ("inception4",), ("inception5",), ("fc.",)),
        side=150,
        published="googlenet",
    ),
    "inception-resnet-v1": Backbone(
        InceptionResnetV1,
        (
            ("conv2d_",),
            ("repeat_1.", "mixed_6a."),
            ("repeat_2.", "mixed_7a."),
            ("repeat_3.", "block8."),
            ("last_",),
        ),
        side=160,
        mean=_CENTRED,
        scale=_CENTRED_SCALE,
    ),
    "mobile-face-net": Backbone(
        MobileFaceNet,
        (
            ("shift", "stem.", "depthwise."),
            _numbered("blocks", 0, 4),
            _numbered("blocks", 5, 11),
            (*_numbered("blocks", 12, 14), "widen.", "pool."),
            ("linear.",),
        ),
        side=128,
        mean=(0.0, 0.0, 0.0),
        scale=1.0,
    ),
    "mobilenet-v1": Backbone(
        MobileNetV1,
        (
            _numbered("features", 0, 3),
            _numbered("features", 4, 11),
            _numbered("features", 12, 13),
            ("head.",),
        ),
        side=150,
    ),
    "mobilenet-v2": Backbone(
        library.mobilenet_v2,
        (
            _numbered("features", 0, 6),
            _numbered("features", 7, 13),
            _numbered("features", 14, 18),
            ("classifier.",),
        ),
        side=150,
        published="mobilenet_v2",
    ),
}


def stage_of(backbone: Backbone, parameter: str) -> int:
    """The stage a parameter belongs to; what no stage names belongs to the last one."""
    for number, prefixes in enumerate(backbone.stages):
        if parameter.startswith(prefixes):
            return number
    return len(backbone.stages) - 1
