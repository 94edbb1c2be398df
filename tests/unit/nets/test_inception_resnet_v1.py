"""Inception-ResNet-v1 in the layout of the public checkpoints."""

import math

import pytest
import torch

from models.nets.encoders.inception_resnet_v1 import InceptionResnetV1


class Layout:
    """Name and shape of every weight in a facenet-pytorch checkpoint, without its classifier."""

    def __init__(self) -> None:
        self.shapes: dict[str, tuple[int, ...]] = {}

    def norm(self, name: str, channels: int) -> None:
        for part in ("weight", "bias", "running_mean", "running_var"):
            self.shapes[f"{name}.{part}"] = (channels,)
        self.shapes[f"{name}.num_batches_tracked"] = ()

    def basic(self, name: str, in_: int, out: int, height: int, width: int | None = None) -> None:
        self.shapes[f"{name}.conv.weight"] = (out, in_, height, width or height)
        self.norm(f"{name}.bn", out)

    def join(self, name: str, in_: int, out: int) -> None:
        self.shapes[f"{name}.conv2d.weight"] = (out, in_, 1, 1)
        self.shapes[f"{name}.conv2d.bias"] = (out,)

    def stem(self) -> None:
        sizes = {"1a": (3, 32, 3), "2a": (32, 32, 3), "2b": (32, 64, 3), "3b": (64, 80, 1)}
        for name, size in (sizes | {"4a": (80, 192, 3), "4b": (192, 256, 3)}).items():
            self.basic(f"conv2d_{name}", *size)

    def first_blocks(self) -> None:
        for block in (f"repeat_1.{i}" for i in range(5)):
            self.basic(f"{block}.branch0", 256, 32, 1)
            for branch, length in (("branch1", 2), ("branch2", 3)):
                self.basic(f"{block}.{branch}.0", 256, 32, 1)
                for j in range(1, length):
                    self.basic(f"{block}.{branch}.{j}", 32, 32, 3)
            self.join(block, 96, 256)

    def first_reduction(self) -> None:
        self.basic("mixed_6a.branch0", 256, 384, 3)
        for j, sizes in enumerate([(256, 192, 1), (192, 192, 3), (192, 256, 3)]):
            self.basic(f"mixed_6a.branch1.{j}", *sizes)

    def second_reduction(self) -> None:
        for branch, rest in (("branch0", [384]), ("branch1", [256]), ("branch2", [256, 256])):
            self.basic(f"mixed_7a.{branch}.0", 896, 256, 1)
            for j, out in enumerate(rest, start=1):
                self.basic(f"mixed_7a.{branch}.{j}", 256, out, 3)

    def crossed(self, block: str, channels: int, inner: int, length: int) -> None:
        """A block whose square filters are two lines of that length."""
        self.basic(f"{block}.branch0", channels, inner, 1)
        self.basic(f"{block}.branch1.0", channels, inner, 1)
        self.basic(f"{block}.branch1.1", inner, inner, 1, length)
        self.basic(f"{block}.branch1.2", inner, inner, length, 1)
        self.join(block, 2 * inner, channels)


def layout() -> dict[str, tuple[int, ...]]:
    made = Layout()
    made.stem()
    made.first_blocks()
    made.first_reduction()
    for i in range(10):
        made.crossed(f"repeat_2.{i}", 896, 128, 7)
    made.second_reduction()
    for block in (*(f"repeat_3.{i}" for i in range(5)), "block8"):
        made.crossed(block, 1792, 192, 3)
    made.shapes["last_linear.weight"] = (512, 1792)
    made.norm("last_bn", 512)
    return made.shapes


def random_checkpoint(classes: int = 10) -> dict[str, torch.Tensor]:
    """Random weights in the public layout, with the classifier that comes along."""
    generator = torch.Generator().manual_seed(0)

    def value(name: str, shape: tuple[int, ...]) -> torch.Tensor:
        if len(shape) > 1:
            return torch.randn(shape, generator=generator) / math.sqrt(math.prod(shape[1:]))
        return torch.ones(shape) if name.endswith(("bn.weight", "var")) else torch.zeros(shape)

    state = {name: value(name, shape) for name, shape in layout().items()}
    return state | {"logits.weight": torch.zeros(classes, 512), "logits.bias": torch.zeros(classes)}


def test_the_layout_is_the_public_one() -> None:
    state = InceptionResnetV1().state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == layout()
    # As the public network counts, without its classifier.
    assert sum(p.numel() for p in InceptionResnetV1().parameters()) == 23_482_624


@pytest.mark.parametrize("dimension", [128, 512])
def test_embeddings_of_any_length(dimension: int) -> None:
    network = InceptionResnetV1(dimension).eval()
    with torch.inference_mode():
        assert network(torch.randn(2, 3, 160, 160)).shape == (2, dimension)


def change(block: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """What a block adds to its input, before it is scaled."""
    parts = [block.get_submodule(name)(x) for name in ("branch0", "branch1")]
    added: torch.Tensor = block.get_submodule("conv2d")(torch.cat(parts, dim=1))
    return added


def test_the_last_block_adds_without_rectifying() -> None:
    """And at full scale: the one place where blocks of a kind differ."""
    network = InceptionResnetV1().eval()
    x = torch.randn(1, 1792, 3, 3)
    with torch.inference_mode():
        last, first = network.get_submodule("block8"), network.get_submodule("repeat_3.0")
        torch.testing.assert_close(last(x), x + change(last, x))
        torch.testing.assert_close(first(x), torch.relu(x + 0.2 * change(first, x)))
