"""The contact sheet: for several depths, the patches that excite some units most."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.encoders.explain.receptive import Field

Picture = NDArray[np.uint8]

_TILE, _LINE, _GAP, _MARGIN = 72, 1, 16, 24
_OUTSIDE = 235
"""Grey of what a unit sees beyond the border of the picture."""
_WIDE = 0.3
"""Share of the picture from which on a patch is shown by what matters in it."""
_DIM, _FULL = 0.5, 0.2
"""Light of what does not matter, and the share of the strongest influence that is fully lit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit and its patches, the most exciting first."""

    number: int
    patches: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Depth:
    """A band of the sheet."""

    title: str
    caption: str
    """What its units see."""
    units: tuple[Unit, ...]


def patch(picture: Picture, field: Field, place: tuple[int, int]) -> Picture:
    """(field's height, field's width, 3): what the unit at (row, column) sees of an (H, W, 3)
    picture; what lies beyond the border is grey."""
    height, width = field.size
    tile = np.full((height, width, 3), _OUTSIDE, np.uint8)
    (top, bottom), (left, right) = field.rows[place[0]], field.columns[place[1]]
    # The last lines of a picture may be seen by nobody: a stride can step over them.
    y = _offset(top, bottom, height, field.rows[:, 1].max())
    x = _offset(left, right, width, field.columns[:, 1].max())
    tile[y : y + bottom - top, x : x + right - left] = picture[top:bottom, left:right]
    return tile


def lit(picture: Picture, influence: NDArray[np.float32], field: Field) -> Picture:
    """The (H, W, 3) picture with what moves a unit little in the dark, if the unit sees much of
    it; else as it is."""
    if max(field.size[0] / picture.shape[0], field.size[1] / picture.shape[1]) < _WIDE:
        return picture
    soft = cv2.GaussianBlur(influence, (0, 0), max(field.size) / 24)
    light = np.clip(soft / (_FULL * max(float(soft.max()), 1e-12)), 0, 1)
    shown = picture * (_DIM + (1 - _DIM) * light[..., None])
    return np.asarray(shown, dtype=np.uint8)


def draw_sheet(path: Path, title: str, depths: Sequence[Depth]) -> None:
    """A PNG: a band per depth, in it a square of patches per unit."""
    most = max(len(unit.patches) for depth in depths for unit in depth.units)
    side = int(np.ceil(np.sqrt(most)))
    grid = side * (_TILE + _LINE) - _LINE
    columns = max(len(depth.units) for depth in depths)
    rows = int(np.ceil(most / side))
    band = 62 + rows * (_TILE + _LINE) + _GAP
    width = 2 * _MARGIN + columns * (grid + _GAP) - _GAP
    sheet = Image.new("RGB", (max(width, 720), 56 + band * len(depths)), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, 16), title, "black", ImageFont.load_default(20))
    for number, depth in enumerate(depths):
        top = 56 + number * band
        draw.text((_MARGIN, top), depth.title, "black", ImageFont.load_default(16))
        draw.text((_MARGIN, top + 21), depth.caption, "dimgray", ImageFont.load_default(12))
        for place, unit in enumerate(depth.units):
            left = _MARGIN + place * (grid + _GAP)
            label = f"unit {unit.number}"
            draw.text((left, top + 42), label, "dimgray", ImageFont.load_default(11))
            for i, one in enumerate(unit.patches):
                y, x = divmod(i, side)
                corner = (left + x * (_TILE + _LINE), top + 58 + y * (_TILE + _LINE))
                sheet.paste(Image.fromarray(_tile(one)), corner)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, optimize=True)


def _tile(one: Picture) -> Picture:
    """A square of one size, without changing the patch's proportions."""
    factor = _TILE / max(one.shape[:2])
    size = [max(1, round(side * factor)) for side in one.shape[1::-1]]
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    scaled = np.asarray(cv2.resize(one, size, interpolation=way), dtype=np.uint8)
    tile = np.full((_TILE, _TILE, 3), 255, np.uint8)
    y, x = (_TILE - scaled.shape[0]) // 2, (_TILE - scaled.shape[1]) // 2
    tile[y : y + scaled.shape[0], x : x + scaled.shape[1]] = scaled
    return tile


def _offset(start: int, end: int, whole: int, border: int) -> int:
    """Place in a field where its visible part begins: cut at one border or at both."""
    missing = whole - (end - start)
    if start == 0 and end == border:
        return missing // 2
    return missing if start == 0 else 0
