"""Scopes of API keys, and what each of them includes."""

from collections.abc import Iterable
from typing import Literal, get_args

Scope = Literal["read", "embed", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""From the least to the most; the order in which a key's scopes are told."""

_INCLUDED: dict[Scope, frozenset[Scope]] = {
    "read": frozenset({"read"}),
    # An embedding beside a similarity is an equation for a stored template.
    "embed": frozenset({"embed"}),
    "write": frozenset({"read", "write"}),
    "admin": frozenset(SCOPES),
}


def in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Each scope once, in the order of `SCOPES`."""
    held = set(scopes)
    return tuple(scope for scope in SCOPES if scope in held)


def include(held: Iterable[Scope], needed: Scope) -> bool:
    """Whether one of the scopes held is, or includes, the one needed."""
    return any(needed in _INCLUDED[scope] for scope in held)


def written(scopes: Iterable[Scope]) -> str:
    """The scopes as one text, separated by spaces as OAuth 2.0 does (RFC 6749, 3.3)."""
    return " ".join(in_order(scopes))


def read_from(text: str) -> tuple[Scope, ...]:
    """The scopes of a text; one that only a newer version knows grants nothing here."""
    words = set(text.split())
    return tuple(scope for scope in SCOPES if scope in words)
