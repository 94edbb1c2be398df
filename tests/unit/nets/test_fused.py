"""An encoder made of parts: its cosine is the weighted mean of theirs."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.encoders.fused import Fused, FusedPart
from models.nets.parts import Part, parts_of

SIZES = ((8, 6), (5, 9))
WIDTHS = (7, 11)


class Looks(nn.Module):
    """A linear map of a picture: (N, 3, H, W) → (N, width)."""

    def __init__(self, size: tuple[int, int], width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(3 * size[0] * size[1], width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.linear(x.flatten(1))
        return found


def made(
    weights: Sequence[float] = (0.7, 0.3), *, mirror: bool = False, dimension: int = sum(WIDTHS)
) -> Fused:
    torch.manual_seed(0)
    parts = [
        FusedPart(Looks(size, width), size, width, (10.0, 20.0, 30.0), 0.02, bool(n), mirror, share)
        for n, (size, width, share) in enumerate(zip(SIZES, WIDTHS, weights, strict=True))
    ]
    return Fused(parts, dimension).eval()


def chips(count: int = 6) -> Tensor:
    """Those of both parts, one below the other: 13 by 9."""
    return torch.from_numpy(np.random.default_rng(1).uniform(0, 255, (count, 3, 13, 9))).float()


def alone(fused: Fused, number: int, x: Tensor) -> Tensor:
    """Embeddings of one part by itself, from its own chips in its own convention."""
    (height, width), top = SIZES[number], (0, SIZES[0][0])[number]
    own = x[:, :, top : top + height, :width]
    pictures = (own - torch.tensor([10.0, 20.0, 30.0]).view(1, 3, 1, 1)) * 0.02
    found: Tensor = fused.networks[number](pictures.flip(1) if number else pictures)
    return F.normalize(found)


@pytest.mark.parametrize("weights", [(0.7, 0.3), (0.25, 0.75)])
@torch.inference_mode()
def test_the_cosine_is_the_weighted_mean_of_the_parts_cosines(
    weights: tuple[float, float],
) -> None:
    fused, x = made(weights), chips()
    together = fused(x)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(len(x)))
    expected = sum(
        share * (e @ e.T)
        for share, e in ((weights[n], alone(fused, n, x)) for n in range(len(weights)))
    )
    torch.testing.assert_close(together @ together.T, expected)


@torch.inference_mode()
def test_what_lies_beside_a_narrower_chip_is_not_looked_at() -> None:
    fused, x = made(), chips()
    other = x.clone()
    other[:, :, : SIZES[0][0], SIZES[0][1] :] = 0
    torch.testing.assert_close(fused(x), fused(other))


@torch.inference_mode()
def test_each_part_is_mirrored_in_its_own_chip() -> None:
    fused, x = made(mirror=True), chips()
    flipped = x.clone()
    flipped[:, :, :8, :6] = x[:, :, :8, :6].flip(3)
    flipped[:, :, 8:, :9] = x[:, :, 8:, :9].flip(3)
    torch.testing.assert_close(fused(x), fused(flipped))
    assert not torch.allclose(made()(x), made()(flipped), atol=1e-3)


@torch.inference_mode()
def test_centres_are_subtracted_from_parts_of_length_one() -> None:
    fused, x = made(), chips()
    state = {"centres.0": torch.full((7,), 0.2), "centres.1": torch.zeros(11)}
    fused.load_state_dict(state)
    first = F.normalize(alone(fused, 0, x) - 0.2)
    second = alone(fused, 1, x)
    expected = 0.7 * (first @ first.T) + 0.3 * (second @ second.T)
    torch.testing.assert_close(fused(x) @ fused(x).T, expected)


@torch.inference_mode()
def test_a_projection_gives_as_many_numbers_as_are_asked_for() -> None:
    whole, fewer, x = made(), made(dimension=5), chips()
    matrix = torch.arange(5 * 18).view(5, 18) / 90.0
    zeros = {"centres.0": torch.zeros(7), "centres.1": torch.zeros(11)}
    fewer.load_state_dict(zeros | {"projection.weight": matrix})
    torch.testing.assert_close(fewer(x), whole(x) @ matrix.T)


def test_only_what_was_learnt_is_in_the_file() -> None:
    fused = made(dimension=5)
    state = {
        "centres.0": torch.zeros(7),
        "centres.1": torch.zeros(11),
        "projection.weight": torch.zeros(5, 18),
    }
    before = fused.get_parameter("networks.0.linear.weight").clone()
    fused.load_state_dict(state)
    torch.testing.assert_close(fused.get_parameter("networks.0.linear.weight"), before)
    for wrong in (dict(list(state.items())[:2]), state | {"centres.2": torch.zeros(3)}):
        with pytest.raises(RuntimeError):
            fused.load_state_dict(wrong)


def test_each_network_can_be_compiled_by_itself() -> None:
    fused = made()
    assert parts_of(fused, (13, 9)) == {
        "networks.0": Part((None, 3, 8, 6)),
        "networks.1": Part((None, 3, 5, 9)),
    }
    assert fused.get_submodule("networks.1") is fused.networks[1]
