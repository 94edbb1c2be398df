"""Bands of a contact sheet, from a network and chips."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.nets.encoders.routed_resnet29 import RoutedResNet29
from models.pipelines.pixels import to_tensor
from models.registry.manifests.encoders import EncoderManifest
from training.encoders.explain.excitation import Peaks, chosen_units, influence, peaks_of
from training.encoders.explain.layers import Layer, layers_of, named, spread
from training.encoders.explain.receptive import Field, receptive_fields
from training.encoders.explain.sheet import Depth, Unit, lit, patch

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Choice:
    """Amount that is shown."""

    depths: int = 5
    layers: tuple[str, ...] = ()
    """Names in place of `depths` even steps."""
    units: int = 6
    patches: int = 9
    seed: int = 0


def units_of(
    network: nn.Module, manifest: EncoderManifest, chips: NDArray[np.uint8], choice: Choice
) -> tuple[list[Depth], dict[str, Any]]:
    """Bands of the sheet, and the same as a report. Raises ConfigError.

    `chips` is (N, H, W, 3) as the manifest wants them, and may be mapped from disk.
    """
    height, width = chips.shape[1:3]
    layers = layers_of(network, (height, width))
    shown = named(layers, choice.layers) if choice.layers else spread(layers, choice.depths)
    fields = receptive_fields(network, shown, (height, width))
    peaks = peaks_of(network, shown, _batches(chips, manifest))
    depths, report = [], {}
    for layer in shown:
        units = chosen_units(peaks[layer.name], choice.units, choice.seed, layer.number)
        drawn = [
            _unit(
                network, layer, fields[layer.name], peaks[layer.name], unit, chips, manifest, choice
            )
            for unit in units
        ]
        depths.append(_depth(layer, len(layers), fields[layer.name], peaks[layer.name], drawn))
        report[layer.name] = _reported(layer, fields[layer.name], peaks[layer.name], units, choice)
    return depths, report


def _batches(chips: NDArray[np.uint8], manifest: EncoderManifest) -> Iterator[Tensor]:
    for start in range(0, len(chips), _BATCH):
        yield to_tensor(np.array(chips[start : start + _BATCH]), manifest.input)


def _unit(
    network: nn.Module,
    layer: Layer,
    field: Field,
    peaks: Peaks,
    unit: int,
    chips: NDArray[np.uint8],
    manifest: EncoderManifest,
    choice: Choice,
) -> Unit:
    rows = peaks.pictures(unit, choice.patches)
    places = peaks.places[rows, unit]
    pictures = np.array(chips[rows])
    moved = influence(network, layer, to_tensor(pictures, manifest.input), unit, places)
    patches = [
        patch(lit(picture, light, field), field, (int(row), int(column)))
        for picture, light, (row, column) in zip(pictures, moved, places, strict=True)
    ]
    return Unit(unit, tuple(patches))


def _depth(layer: Layer, count: int, field: Field, peaks: Peaks, units: Sequence[Unit]) -> Depth:
    height, width = field.size
    silent = layer.channels - len(peaks.alive)
    caption = f"{layer.channels} units, each of which sees {height} x {width} pixels"
    if field.step is not None:
        caption += f" at places {field.step} pixels apart"
    if silent:
        caption += f"; {silent} answer all pictures alike"
    return Depth(f"Convolution {layer.number} of {count}: {layer.name}", caption, tuple(units))


def _reported(
    layer: Layer, field: Field, peaks: Peaks, units: Sequence[int], choice: Choice
) -> dict[str, Any]:
    return {
        "number": layer.number,
        "units": layer.channels,
        "alive": len(peaks.alive),
        "receptive_field": list(field.size),
        "step": field.step,
        "shown": {str(unit): _strongest(peaks, unit, choice.patches) for unit in units},
    }


def _strongest(peaks: Peaks, unit: int, count: int) -> list[Mapping[str, Any]]:
    return [
        {
            "picture": int(row),
            "place": peaks.places[row, unit].tolist(),
            "answer": round(float(peaks.values[row, unit]), 5),
        }
        for row in peaks.pictures(unit, count)
    ]


def sent(network: nn.Module, chips: NDArray[np.uint8], manifest: EncoderManifest) -> dict[str, int]:
    """Count the pictures a router would show to each expert; both see those it is unsure of.

    Empty for a network without a router.
    """
    if not isinstance(network, RoutedResNet29):
        return {}
    with torch.inference_mode():
        shares = torch.cat([network.shares(batch) for batch in _batches(chips, manifest)])
    return {"clear": int((shares < 1).sum()), "difficult": int((shares > 0).sum())}
