"""Scopes of API keys: what a key may do, bundles of them, and presets for usual places."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from app.domain.errors.requests import InvalidRequestError

Scope = Literal[
    "detect",
    "verify",
    "recognize",
    "browse",
    "models",
    "jobs",
    "read",
    "embed",
    "enroll",
    "erase",
    "write",
    "audit",
    "admin",
]
"""Actions, and the bundles `read`, `write` and `admin`."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The order in which a key's scopes are told."""
Need = Scope | Literal["pictures"]
"""What an operation may need. `pictures` are those of enrolled faces: `browse` has them, and so has
`write`, but `read` has not."""

_READ: frozenset[Need] = frozenset({"detect", "verify", "recognize", "browse", "models", "jobs"})
_WRITE: frozenset[Need] = frozenset({*_READ, "read", "pictures", "enroll", "erase"})
_INCLUDED: Mapping[Scope, frozenset[Need]] = {
    "browse": frozenset({"pictures"}),
    "read": _READ,
    "write": _WRITE,
    # An embedding beside a similarity is an equation for a stored template, so no bundle but
    # the last has `embed`.
    "admin": frozenset({*SCOPES, "pictures"}),
}
"""What a scope includes beside itself."""

PRESETS: Mapping[str, tuple[Scope, ...]] = {
    "door": ("verify", "recognize"),
    "kiosk": ("verify", "enroll"),
}
"""Names for the scopes of a place. Neither has `browse`, so neither is told of anybody but who
stands before it."""


def in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Each scope once, in the order of `SCOPES`."""
    held = set(scopes)
    return tuple(scope for scope in SCOPES if scope in held)


def include(held: Iterable[Scope], needed: Need) -> bool:
    """Whether one of the scopes held is, or includes, the one needed."""
    return any(needed == scope or needed in _INCLUDED.get(scope, ()) for scope in held)


def grantable(needed: Need) -> Scope:
    """The scope to give a key that needs this."""
    return "browse" if needed == "pictures" else needed


def expanded(words: Iterable[str]) -> frozenset[str]:
    """The words with the scopes of presets in place of their names."""
    return frozenset(scope for word in words for scope in PRESETS.get(word, (word,)))


def written(scopes: Iterable[Scope]) -> str:
    """The scopes as one text, separated by spaces as OAuth 2.0 does (RFC 6749, 3.3)."""
    return " ".join(in_order(scopes))


def read_from(text: str) -> tuple[Scope, ...]:
    """The scopes of a text; one that only a newer version knows grants nothing here."""
    words = set(text.split())
    return tuple(scope for scope in SCOPES if scope in words)


def checked(scopes: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes of a new key, presets expanded. Raises InvalidRequestError."""
    wanted = expanded(scopes)
    strange = sorted(wanted.difference(SCOPES))
    if strange or not wanted:
        raise InvalidRequestError(
            f"There is no scope {strange[0]!r}." if strange else "A key needs a scope.",
            hint=f"Scopes are {', '.join(SCOPES)}; presets are {', '.join(PRESETS)}.",
        )
    return read_from(" ".join(wanted))
