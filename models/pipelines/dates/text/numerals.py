"""Numbers in Chinese characters, as years, months and days are written with them."""

_DIGITS = {
    sign: value
    for value, signs in enumerate(
        ("〇零", "一壱壹", "二弐貳贰", "三参參叁", "四", "五", "六", "七", "八", "九")
    )
    for sign in signs
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100}
_TENS = {"廿": 20, "卅": 30}
FIRST = "元"
"""The first year of an era."""
SIGNS = "".join((*_DIGITS, *_UNITS, *_TENS, FIRST))


def chinese_number(text: str) -> int | None:
    """The value of a number such as 六十二, 一九八七 or 元; None where it is none."""
    if text == FIRST:
        return 1
    if FIRST in text:
        return None
    if not any(sign in _UNITS or sign in _TENS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, None
    for sign in text:
        if sign in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[sign]
            digit = None
        elif sign in _TENS:
            total += _TENS[sign]
        elif digit:
            return None
        else:
            digit = _DIGITS[sign]
    return total + (digit or 0)
