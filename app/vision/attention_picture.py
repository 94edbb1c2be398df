"""Heat maps of attention."""

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.pipelines.dates.answers import DateAttention

_CELL, _LEFT, _TOP, _BOTTOM = 26, 30, 12, 46
_INK, _PAPER = "#111827", "white"


def attention_png(attention: DateAttention) -> bytes:
    """PNG with one row per digit of the date and one column per character of the text.

    Brighter cells have more weight. Characters outside of ASCII are named by their code point,
    for which no font is needed.
    """
    levels = np.clip(attention.weights * 255, 0, 255).astype(np.uint8)
    colours = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    rows, columns = levels.shape
    map_ = Image.fromarray(colours).resize(
        (columns * _CELL, rows * _CELL), Image.Resampling.NEAREST
    )
    picture = Image.new("RGB", (_LEFT + map_.width + 10, _TOP + map_.height + _BOTTOM), _PAPER)
    picture.paste(map_, (_LEFT, _TOP))
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(16), ImageFont.load_default(9)
    for i, label in enumerate(attention.rows):
        text = label if label.isascii() else "end"
        font = large if label.isascii() else small
        draw.text((_LEFT - 8, _TOP + (i + 0.5) * _CELL), text, _INK, font, anchor="rm")
    below = _TOP + map_.height
    for j, label in enumerate(attention.columns):
        x = _LEFT + (j + 0.5) * _CELL
        if len(label) == 1 and label.isascii():
            draw.text((x, below + 4), label, _INK, large, anchor="ma")
        else:
            shown = label if label.isascii() else _code_point(label)
            draw.multiline_text((x, below + 5), shown, _INK, small, anchor="ma", spacing=1)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _code_point(label: str) -> str:
    """Code in lines that fit below a column; nothing for "no locale was told"."""
    code = f"{ord(label[0]):04X}"
    return "" if label == "–" else "\n".join(("U+", code[:-2], code[-2:]))
