"""A picture of a gallery's self-test: friends and strangers by how alike they are."""

import io

from PIL import Image, ImageDraw, ImageFont

from app.answers.upkeep.health import Health

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 900, 430, 60, 78, 60
_INK, _GREY, _FRIENDS, _STRANGERS = "#111827", "#d1d5db", "#1d4ed8", "#d97706"


def health_png(health: Health) -> bytes:
    """PNG of the shares of faces by the power of ten of their rate.

    To the left are similarities that strangers often have. Friends are each face's most similar
    other face of its subject, strangers its most similar face of another one.
    """
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    test = health.self_test
    shares = [_shares(test.friends), _shares(test.strangers)]
    top = max(0.05, *shares[0], *shares[1])
    _draw_axes(draw, len(test.friends), top)
    wide = (_WIDTH - _LEFT - 20) / max(1, len(test.friends))
    floor = _HEIGHT - _BOTTOM
    for side, (values, color) in enumerate(zip(shares, (_FRIENDS, _STRANGERS), strict=True)):
        for place, value in enumerate(values):
            left = _LEFT + place * wide + wide * (0.1 + 0.4 * side)
            high = value / top * (floor - _TOP)
            if high:
                draw.rectangle((left, floor - high, left + wide * 0.38, floor), color)
    _write_legend(draw, health)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _shares(counts: list[int]) -> list[float]:
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]


def _draw_axes(draw: ImageDraw.ImageDraw, decades: int, top: float) -> None:
    small = ImageFont.load_default(12)
    floor = _HEIGHT - _BOTTOM
    for part in range(5):
        high = floor - part / 4 * (floor - _TOP)
        draw.line((_LEFT, high, _WIDTH - 20, high), _GREY)
        draw.text((_LEFT - 6, high), f"{top * part / 4:.0%}", _INK, small, anchor="rm")
    wide = (_WIDTH - _LEFT - 20) / max(1, decades)
    for place in range(decades):
        center = _LEFT + (place + 0.5) * wide
        label = "1" if place == 0 else f"1e-{place}"
        if place and place == decades - 1:
            label += " or fewer"
        draw.text((center, floor + 6), label, _INK, small, anchor="ma")
    text = "at most so many pairs of strangers are as alike"
    draw.text(((_LEFT + _WIDTH) / 2, floor + 30), text, _INK, small, anchor="ma")


def _write_legend(draw: ImageDraw.ImageDraw, health: Health) -> None:
    font, test = ImageFont.load_default(14), health.self_test
    found, named = test.found, test.strangers_named
    first = f"friends: most similar other face of the subject ({sum(test.friends)})"
    second = f"strangers: most similar face of another subject ({sum(test.strangers)})"
    for place, (text, color) in enumerate(((first, _FRIENDS), (second, _STRANGERS))):
        left = _LEFT + place * 420
        draw.rectangle((left, 16, left + 12, 28), color)
        draw.text((left + 18, 22), text, _INK, font, anchor="lm")
    shares = []
    for label, one in (("found", found), ("wrong", test.wrong), ("strangers named", named)):
        value = "-" if one.share is None else f"{one.share:.2%} ({one.low:.2%} to {one.high:.2%})"
        shares.append(f"{label} {value}")
    draw.text((_LEFT, 50), ", ".join(shares), _INK, font, anchor="lm")
