"""Detail quilted together from a style's own, against loops written from the definition."""

import numpy as np
import pytest
import torch
from torch import Tensor

from models.nets.filter_pyramid import FilterPyramid, blur
from models.pipelines.detection.results import Detections
from models.pipelines.style import detail, transfer
from models.pipelines.style.detail import quilted_detail
from models.pipelines.style.objectives import DictionaryModel
from models.pipelines.style.options import Picture, TransferOptions
from models.pipelines.style.sizes import resized

NOBODY = Detections(
    np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32)
)


def texture(height: int, width: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return blur(torch.rand(1, 3, height, width, generator=generator), 0.8)


def halved(x: Tensor) -> Tensor:
    height, width = x.shape[-2:]
    return resized(x, height // 2, width // 2)


def test_a_style_gets_back_what_it_lost() -> None:
    style = texture(56, 72)
    coarse = resized(halved(style), 56, 72)
    found = coarse + quilted_detail(coarse, style)
    torch.testing.assert_close(found, style, rtol=0, atol=1e-6)


def test_a_quilt_by_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detail, "_ALIKE", 5)
    x, style = texture(40, 56, seed=1), texture(36, 44, seed=2)
    np.testing.assert_allclose(
        quilted_detail(x, style)[0].numpy(), naive_quilt(x, style, alike=5), atol=1e-5
    )


def naive_quilt(x: Tensor, style: Tensor, alike: int) -> np.ndarray:
    """Pieces of 24 pixels, 8 of them overlapping; `x` is a whole number of pieces large."""
    small = halved(x)[0].numpy()
    quilt = np.zeros(x.shape[1:])
    for top in range(0, x.shape[2] - 23, 16):
        for left in range(0, x.shape[3] - 23, 16):
            look = small[:, top // 2 : top // 2 + 12, left // 2 : left // 2 + 12]
            there = quilt[:, top : top + 24, left : left + 24]
            best, chosen = np.inf, there
            for distance, piece in naive_pieces(look, style)[:alike]:
                cost = 4 * distance
                for i, j in np.ndindex(24, 24):
                    if naive_weight(top, i) * naive_weight(left, j) < 1:
                        cost += ((piece[:, i, j] - there[:, i, j]) ** 2).sum()
                if cost < best:
                    best, chosen = cost, piece
            for i, j in np.ndindex(24, 24):
                weight = naive_weight(top, i) * naive_weight(left, j)
                there[:, i, j] += weight * (chosen[:, i, j] - there[:, i, j])
    return quilt


def naive_pieces(look: np.ndarray, style: Tensor) -> list[tuple[float, np.ndarray]]:
    """Squared distance from the look, and detail, of all pieces, the most alike first."""
    coarse = resized(halved(style), *style.shape[-2:])
    lost, views = (style - coarse)[0].numpy(), halved(coarse)[0].numpy()
    pieces = []
    for row in range(views.shape[1] - 11):
        for column in range(views.shape[2] - 11):
            view = views[:, row : row + 12, column : column + 12]
            piece = lost[:, 2 * row : 2 * row + 24, 2 * column : 2 * column + 24]
            pieces.append((float(((view - look) ** 2).sum()), piece))
    return sorted(pieces, key=lambda pair: pair[0])


def naive_weight(begin: int, offset: int) -> float:
    """Over the middle third of the overlap the new piece takes the place of the old one."""
    if not begin or offset >= 8:
        return 1.0
    return min(1.0, max(0.0, 3 * ((offset + 0.5) / 8 - 0.5) + 0.5))


@pytest.mark.parametrize(
    ("place", "lender"),
    [((32, 256), (16, 150)), ((37, 61), (45, 33)), ((16, 16), (16, 17))],
    ids=["narrow", "odd", "small"],
)
def test_any_shape_is_covered(place: tuple[int, int], lender: tuple[int, int]) -> None:
    found = quilted_detail(texture(*place), texture(*lender, seed=3))
    assert found.shape == (1, 3, *place)
    assert torch.isfinite(found).all()
    assert found[..., -8:, -8:].any()


def test_lines_come_to_even_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the quilt, descent leaves a part of a grey picture grey."""
    rows = np.mgrid[0:128, 0:128][0]
    stripes = np.where((rows // 3 % 2)[..., None], 240, 20).repeat(3, axis=2).astype(np.uint8)

    def faintest() -> float:
        """The least deviation of any 16x16 square of the result."""
        model = DictionaryModel(FilterPyramid(filters=8, side=5, levels=2), (1.5, 1.0), 1.0)
        options = TransferOptions(size=128, steps=4)
        grey: Picture = np.full((128, 128, 3), 130, dtype=np.uint8)
        painted = transfer.transfer(
            grey, stripes, model, options, faces=NOBODY, alpha=0.35, beta=1.0
        )
        squares = painted.mean(axis=2).reshape(8, 16, 8, 16)
        return float(squares.std(axis=(1, 3)).min())

    quilted = faintest()
    monkeypatch.setattr(transfer, "quilted_detail", lambda x, _: torch.zeros_like(x))
    assert quilted > 40
    assert faintest() < 0.5 * quilted
