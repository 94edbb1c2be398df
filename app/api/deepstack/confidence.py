"""Confidence as these clients know it, by a monotone map from false-match rates.

The rate at which the decision is made lands at the clients' customary cut, whatever the encoder
and the size of the collection. Ranges: rates in (0, 1], confidence in [0, 1].
"""

import math

from app.domain.deciding.disclosure import UNLIKE_FMR

CUT = 0.6
"""The confidence at the rate that is decided at."""
_STRANGERS = 0.39
"""At the rate of one pair of strangers in a hundred, of which no exact numbers are given."""
_DECADES = 4.0
"""Powers of ten below the rate in which what is missing to 1 falls to 1/e of it."""


def confidence(rate: float, operating: float) -> float:
    """The confidence of a similarity by its false-match rate, decided at the rate `operating`."""
    strictness = math.log10(operating) - math.log10(rate)
    if strictness >= 0:
        return 1 - (1 - CUT) * math.exp(-strictness / _DECADES)
    unlike = math.log10(UNLIKE_FMR)
    if rate >= UNLIKE_FMR:
        return _STRANGERS * math.log10(rate) / unlike
    share = (unlike - math.log10(rate)) / (unlike - math.log10(operating))
    return _STRANGERS + (CUT - _STRANGERS) * share


def rate(wanted: float, operating: float) -> float:
    """The false-match rate at which to decide for a confidence; `UNLIKE_FMR` at the most."""
    unlike = math.log10(UNLIKE_FMR)
    if wanted >= CUT:
        missing = max((1 - wanted) / (1 - CUT), 1e-9)
        return operating * 10 ** (_DECADES * math.log(missing))
    share = max(0.0, (wanted - _STRANGERS) / (CUT - _STRANGERS))
    return max(operating, float(10 ** (unlike + share * (math.log10(operating) - unlike))))
