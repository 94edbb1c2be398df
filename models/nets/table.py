"""Every network by the name that manifests and recipes give it; imported only when it is built.

An encoder that can be trained tells its stages, too, and what it wants to see. A new network needs
its module and an entry here: manifests, recipes, `facet models` and the tests of every backbone
read this table.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models.references import referred

if TYPE_CHECKING:  # torch takes a second to import, and listing models does not need it
    from torch import nn

Triple = tuple[float, float, float]

_IMAGENET: Triple = (123.675, 116.28, 103.53)
_IMAGENET_SCALE = 1 / 57.4
"""One scale for three channels: torchvision's deviations differ by two per cent."""
_CENTERED: Triple = (127.5, 127.5, 127.5)
_CENTERED_SCALE = 1 / 128


@dataclass(frozen=True, slots=True)
class Network:
    """A network: how it is built, and what one that can be trained as an encoder wants to see."""

    reference: str
    """`module:name` of its class, or of a function that builds one."""
    stages: tuple[tuple[str, ...], ...] = ()
    """Encoders: prefixes of parameter names, stage by stage from the input on; the head is the
    last. None where training does not know the network."""
    side: int = 0
    """Encoders: pixels of the square pictures that go in."""
    mean: Triple = _IMAGENET
    """Encoders: RGB, in 0..255."""
    scale: float = _IMAGENET_SCALE
    """Encoders: (value - mean) * scale is what goes in."""
    fresh: str = ""
    """`module:name` of what builds it to be trained from scratch, where its class will not do."""
    whole: str = ""
    """Encoders: the network whose weights this one begins with, cut, since it sees less of a
    chip."""
    published: str = ""
    """torchvision's name, where it publishes weights."""
    package: str = ""
    """Package that has to be installed besides, of the extra `backbones`."""

    def built(self, **arguments: Any) -> "nn.Module":
        """The network with these arguments, to be given weights."""
        network: nn.Module = referred(self.reference)(**arguments)
        return network

    def build(self, dimension: int) -> "nn.Module":
        """An encoder with fresh weights: (N, 3, side, side) → (N, dimension), not normalized."""
        network: nn.Module = referred(self.fresh or self.reference)(dimension)
        return network

    def stage_of(self, parameter: str) -> int:
        """The stage a parameter belongs to; what no stage names belongs to the last one."""
        for number, prefixes in enumerate(self.stages):
            if parameter.startswith(prefixes):
                return number
        return len(self.stages) - 1


def _numbered(name: str, first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{name}.{number}." for number in range(first, last + 1))


def _library(name: str, stages: tuple[tuple[str, ...], ...]) -> Network:
    """One of torchvision's networks, by torchvision's name."""
    return Network(
        f"models.nets.encoders.library:{name}",
        stages,
        side=150,
        published=name,
        package="torchvision",
    )


_RESNET = (("conv1.", "bn1."), ("layer1.",), ("layer2.",), ("layer3.",), ("layer4.",), ("fc.",))
_MOBILE_FACE_NET = Network(
    "models.nets.encoders.mobile_face_net:MobileFaceNet",
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
)

NETWORKS: dict[str, Network] = {
    "alexnet": _library(
        "alexnet", (_numbered("features", 0, 5), _numbered("features", 6, 12), ("classifier.",))
    ),
    "filter-pyramid": Network("models.nets.filter_pyramid:FilterPyramid"),
    "fused": Network("models.nets.encoders.fused:Fused"),
    "googlenet": _library(
        "googlenet", (("conv",), ("inception3",), ("inception4",), ("inception5",), ("fc.",))
    ),
    "inception-resnet-v1": Network(
        "models.nets.encoders.inception_resnet_v1:InceptionResnetV1",
        (
            ("conv2d_",),
            ("repeat_1.", "mixed_6a."),
            ("repeat_2.", "mixed_7a."),
            ("repeat_3.", "block8."),
            ("last_",),
        ),
        side=160,
        mean=_CENTERED,
        scale=_CENTERED_SCALE,
    ),
    "lenet-5": Network(
        "models.nets.encoders.classic:LeNet5",
        (_numbered("features", 0, 2), _numbered("features", 3, 7), ("head.",)),
        side=32,
        mean=_CENTERED,
        scale=_CENTERED_SCALE,
    ),
    "mask-network": Network("models.nets.mask_network:MaskNetwork"),
    "mobile-face-net": _MOBILE_FACE_NET,
    "mobile-face-net-128x112": replace(
        _MOBILE_FACE_NET,
        reference="models.nets.encoders.mobile_face_net:mobile_face_net_128x112",
        whole="mobile-face-net",
    ),
    "mobilenet-v1": Network(
        "models.nets.encoders.classic:MobileNetV1",
        (
            _numbered("features", 0, 3),
            _numbered("features", 4, 11),
            _numbered("features", 12, 13),
            ("head.",),
        ),
        side=150,
    ),
    "mobilenet-v2": _library(
        "mobilenet_v2",
        (
            _numbered("features", 0, 6),
            _numbered("features", 7, 13),
            _numbered("features", 14, 18),
            ("classifier.",),
        ),
    ),
    "mtcnn": Network("models.nets.mtcnn:MTCNN"),
    "onnx": Network("models.nets.onnx_network:OnnxNetwork"),
    "resnet-18": _library("resnet18", _RESNET),
    "resnet-50": _library("resnet50", _RESNET),
    "resnet29": Network(
        "models.nets.encoders.resnet29:ResNet29",
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
        fresh="models.nets.encoders.resnet29:fresh_resnet29",
    ),
    "routed-resnet29": Network("models.nets.encoders.routed_resnet29:RoutedResNet29"),
    "seq2seq": Network("models.nets.seq2seq:AttentionSeq2Seq"),
    "single-pass": Network("models.nets.single_pass:SinglePass"),
    "track-aggregator": Network("models.nets.track_aggregator:TrackAggregator"),
    "vgg-16": _library(
        "vgg16",
        (
            _numbered("features", 0, 4),
            _numbered("features", 5, 9),
            _numbered("features", 10, 16),
            _numbered("features", 17, 23),
            _numbered("features", 24, 30),
            ("classifier.",),
        ),
    ),
    "vgg-19-features": Network("models.nets.vgg19:VGG19"),
}
ENCODERS = {name: network for name, network in NETWORKS.items() if network.stages}
"""Networks that can be trained as encoders."""
FORMER_NAMES = {"facenet-resnet29": "resnet29"}
"""Names in recipes of older versions."""
