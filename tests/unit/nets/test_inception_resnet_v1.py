"""Inception-ResNet-v1 in the layout of the public checkpoints."""

import math

import pytest
import torch

from models.nets.encoders.inception_resnet_v1 import InceptionResnetV1


def layout() -> dict[str, tuple[int, ...]]:  # noqa: C901 - a table, not a decision
    """Name and shape of every weight in a facenet-pytorch checkpoint, without its classifier."""
    shapes: dict[str, tuple[int, ...]] = {}

    def norm(name: str, channels: int) -> None:
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.{part}"] = (channels,)
        shapes[f"{name}.num_batches_tracked"] = ()

    def basic(name: str, in_: int, out: int, height: int, width: int | None = None) -> None:
        shapes[f"{name}.conv.weight"] = (out, in_, height, width or height)
        norm(f"{name}.bn", out)

    def join(name: str, in_: int, out: int) -> None:
        shapes[f"{name}.conv2d.weight"], shapes[f"{name}.conv2d.bias"] = (out, in_, 1, 1), (out,)

    stem = {"1a": (3, 32, 3), "2a": (32, 32, 3), "2b": (32, 64, 3), "3b": (64, 80, 1)}
    for name, sizes in (stem | {"4a": (80, 192, 3), "4b": (192, 256, 3)}).items():
        basic(f"conv2d_{name}", *sizes)
    for i in range(5):
        block = f"repeat_1.{i}"
        basic(f"{block}.branch0", 256, 32, 1)
        for branch, length in (("branch1", 2), ("branch2", 3)):
            basic(f"{block}.{branch}.0", 256, 32, 1)
            for j in range(1, length):
                basic(f"{block}.{branch}.{j}", 32, 32, 3)
        join(block, 96, 256)
    basic("mixed_6a.branch0", 256, 384, 3)
    for j, sizes in enumerate([(256, 192, 1), (192, 192, 3), (192, 256, 3)]):
        basic(f"mixed_6a.branch1.{j}", *sizes)
    for i in range(10):
        block = f"repeat_2.{i}"
        basic(f"{block}.branch0", 896, 128, 1)
        basic(f"{block}.branch1.0", 896, 128, 1)
        basic(f"{block}.branch1.1", 128, 128, 1, 7)
        basic(f"{block}.branch1.2", 128, 128, 7, 1)
        join(block, 256, 896)
    for branch, rest in (("branch0", [384]), ("branch1", [256]), ("branch2", [256, 256])):
        basic(f"mixed_7a.{branch}.0", 896, 256, 1)
        for j, out in enumerate(rest, start=1):
            basic(f"mixed_7a.{branch}.{j}", 256, out, 3)
    for block in (*(f"repeat_3.{i}" for i in range(5)), "block8"):
        basic(f"{block}.branch0", 1792, 192, 1)
        basic(f"{block}.branch1.0", 1792, 192, 1)
        basic(f"{block}.branch1.1", 192, 192, 1, 3)
        basic(f"{block}.branch1.2", 192, 192, 3, 1)
        join(block, 384, 1792)
    shapes["last_linear.weight"] = (512, 1792)
    norm("last_bn", 512)
    return shapes


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
