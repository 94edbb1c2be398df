"""The two ways to look at style: a dictionary learned on the spot, and a trained network."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from models.nets.filter_pyramid import FilterPyramid
from models.nets.vgg19 import VGG19
from models.pipelines.style.content import PictureContent
from models.pipelines.style.dictionary import learn_filters
from models.pipelines.style.statistics import (
    LayerStatistics,
    Part,
    layer_statistics,
    style_error,
    sums,
)
from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Input
from models.registry.manifests.styles import StyleManifest
from models.registry.registry import Registry

_TILE = 320 * 320
"""Places of a tile. Larger ones would be no faster, and memory grows with them."""


class Objective(Protocol):
    """The two parts of J for one size of the pictures."""

    def losses(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(content, style) of a (1, 3, H, W) picture, two scalars."""


class StyleModel(Protocol):
    """Makes objectives, one per size: what is seen of a picture depends on its size."""

    def objective(self, content: Tensor, style: Tensor, protected: Tensor, seed: int) -> Objective:
        """Make the objective for pictures (1, 3, H, W) in [0, 1].

        `protected` (1, 2, H, W), at least 0, is how much more luminance and chroma of the content
        count at each place.
        """


def style_model(registry: Registry, manifest: StyleManifest) -> StyleModel:
    """The model of this manifest, ready for use. Raises what `Registry.load` raises."""
    network = registry.load(manifest.key)
    style = manifest.style
    if isinstance(network, FilterPyramid):
        return DictionaryModel(network, tuple(style.layers.values()), style.mean_weight)
    if style.content_layer is None or not isinstance(network, VGG19):
        raise InvalidManifestError(f"{manifest.key} names no layer of content.", model=manifest.key)
    unknown = {style.content_layer, *style.layers} - set(network.names())
    if unknown:
        raise InvalidManifestError(
            f"{manifest.key} names layers that its network does not have: "
            f"{', '.join(sorted(unknown))}.",
            hint=f"It has {', '.join(network.names())}.",
            model=manifest.key,
        )
    return NetworkModel(network, style.content_layer, style.layers, manifest.input)


class DictionaryModel:
    """Filters learned from both pictures, at every size anew."""

    def __init__(
        self, recipe: FilterPyramid, level_weights: Sequence[float], mean_weight: float
    ) -> None:
        self._recipe = recipe
        self._level_weights = level_weights
        self._mean_weight = mean_weight

    def objective(self, content: Tensor, style: Tensor, protected: Tensor, seed: int) -> Objective:
        pyramid = learn_filters(self._recipe, style, content, seed)
        with torch.no_grad():
            wanted = pyramid_statistics(pyramid, style)
        kept = PictureContent(content, protected)
        return _DictionaryObjective(pyramid, wanted, kept, self._level_weights, self._mean_weight)


class _DictionaryObjective:
    def __init__(
        self,
        pyramid: FilterPyramid,
        wanted: Sequence[LayerStatistics],
        content: PictureContent,
        level_weights: Sequence[float],
        mean_weight: float,
    ) -> None:
        self._pyramid = pyramid
        self._wanted = wanted
        self._content = content
        self._level_weights = level_weights
        self._mean_weight = mean_weight

    def losses(self, x: Tensor) -> tuple[Tensor, Tensor]:
        found = pyramid_statistics(self._pyramid, x)
        # A long and narrow picture may have fewer levels than the other one.
        levels = zip(self._level_weights, found, self._wanted, strict=False)
        errors = [weight * style_error(f, w, self._mean_weight) for weight, f, w in levels]
        return self._content.loss(x), torch.stack(errors).sum()


class NetworkModel:
    """Activations of a trained network, as in Gatys et al. (2015)."""

    def __init__(
        self, network: VGG19, content_layer: str, layers: Mapping[str, float], convention: Input
    ) -> None:
        self._network = network
        self._content_layer = content_layer
        self._layers = layers
        self._convention = convention

    def objective(self, content: Tensor, style: Tensor, protected: Tensor, seed: int) -> Objective:
        with torch.no_grad():
            kept = self.features(content)[self._content_layer]
            seen = self.features(style)
            wanted = {name: layer_statistics([sums(seen[name])]) for name in self._layers}
        weights = 1 + F.adaptive_avg_pool2d(protected[:, :1], (kept.shape[-2], kept.shape[-1]))
        return _NetworkObjective(self, kept, weights, wanted)

    def features(self, x: Tensor) -> dict[str, Tensor]:
        """Activations of all layers that count, for a picture in [0, 1]."""
        mean = torch.tensor(self._convention.mean).view(1, 3, 1, 1)
        wanted = frozenset((self._content_layer, *self._layers))
        return cast(
            dict[str, Tensor], self._network((255 * x - mean) * self._convention.scale, wanted)
        )

    def losses(
        self, x: Tensor, kept: Tensor, weights: Tensor, wanted: Mapping[str, LayerStatistics]
    ) -> tuple[Tensor, Tensor]:
        """Σ w (F - P)² / ΣP² at the content layer, and Σ λ_l E_l."""
        seen = self.features(x)
        difference = (seen[self._content_layer] - kept).square()
        content = (weights * difference).sum() / (kept.square().sum() + 1e-8)
        errors = [
            weight * style_error(layer_statistics([sums(seen[name])]), wanted[name], 0)
            for name, weight in self._layers.items()
        ]
        return content, torch.stack(errors).sum()


class _NetworkObjective:
    def __init__(
        self,
        model: NetworkModel,
        kept: Tensor,
        weights: Tensor,
        wanted: Mapping[str, LayerStatistics],
    ) -> None:
        self._model = model
        self._targets = (kept, weights, wanted)

    def losses(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self._model.losses(x, *self._targets)


def pyramid_statistics(pyramid: FilterPyramid, x: Tensor) -> list[LayerStatistics]:
    """Statistics of every level, strip by strip where a level is large.

    A strip's features are thrown away and computed once more on the way back, so that memory
    does not grow with the picture.
    """
    result = []
    for level, picture in enumerate(pyramid.pictures(x)):
        strips = list(_strips(picture, pyramid.side))

        def part(strip: Tensor, level: int = level) -> Part:
            return sums(pyramid.respond(level, strip))

        frugal = len(strips) > 1 and torch.is_grad_enabled()
        result.append(
            layer_statistics(
                checkpoint(part, strip, use_reentrant=False) if frugal else part(strip)
                for strip in strips
            )
        )
    return result


def _strips(picture: Tensor, side: int) -> Iterator[Tensor]:
    """Overlapping by side - 1 rows: each window lies in one of them, once."""
    height, width = picture.shape[-2:]
    rows = max(1, _TILE // width)
    for top in range(0, height - side + 1, rows):
        yield picture[:, :, top : min(top + rows + side - 1, height)]
