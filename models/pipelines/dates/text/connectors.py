"""Words and signs between the two ends of a range, in the languages of the network."""

import re

_SIGNS = re.compile(r"[-‐‑–—−~〜～/&+]|から|まで|부터|에서|까지|[至到与與和と及]")
_BETWEEN = frozenset(
    """to till until through thru and or by bis und oder au aux et ou jusqu al a y o hasta e ed ate
    ao aos tot en t m til och og eller do oraz az es ile ve veya по до и или і й та або εωσ μεχρι
    και asti ja tai pana la si sau الى حتى و او से तक और""".split()  # noqa: SIM905
)
_BESIDE = frozenset(
    """the of on st nd rd th den dem der zum am le les la l el il lo o os as er ere i ii de del di
    da het de d dnia dne ktore από το την στις στισ ab from vom du dal na a""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+")
_STRANGE = 1
"""Other words, such as one weekday."""


def is_range(gap: str) -> bool:
    """Whether a text between two dates, or two days, makes a range or a pair of them."""
    if "," in gap and not _WORD.search(gap):
        return False
    words = _WORD.findall(gap)
    signs = _SIGNS.search(gap)
    known = [word for word in words if word in _BETWEEN]
    strange = [w for w in words if w not in _BETWEEN | _BESIDE and not _SIGNS.search(w)]
    return bool(signs or known) and len(strange) <= _STRANGE and len(gap) <= 20
