"""What scopes include, and how a key's are written down."""

import pytest

from app.domain.errors.requests import InsufficientScopeError, InvalidRequestError
from app.domain.scopes import SCOPES, Scope, in_order, include, read_from, written
from app.services.keys import LOCAL, Keys, Principal

INCLUDED = {
    "read": {"read"},
    "embed": {"embed"},
    "write": {"read", "write"},
    "admin": {"read", "embed", "write", "admin"},
}


@pytest.mark.parametrize("held", SCOPES)
@pytest.mark.parametrize("needed", SCOPES)
def test_what_a_scope_includes(held: Scope, needed: Scope) -> None:
    assert include([held], needed) is (needed in INCLUDED[held])
    caller = Principal("key", (held,))
    if needed in INCLUDED[held]:
        caller.require(needed)
    else:
        with pytest.raises(InsufficientScopeError, match=f"'{needed}'; the key has '{held}'"):
            caller.require(needed)


def test_scopes_add_up() -> None:
    caller = Principal("key", ("read", "embed"))
    assert [scope for scope in SCOPES if caller.may(scope)] == ["read", "embed"]
    assert all(LOCAL.may(scope) for scope in SCOPES)


def test_scopes_are_written_in_order_and_read_back() -> None:
    assert written(["embed", "read", "embed"]) == "read embed"
    assert read_from("read embed") == in_order(["embed", "read"]) == ("read", "embed")


def test_a_scope_of_a_newer_version_grants_nothing() -> None:
    assert read_from("read audit") == ("read",)
    assert read_from("audit") == ()


@pytest.mark.parametrize("scopes", [[], ["reed"], ["read", ""]])
def test_a_key_without_a_real_scope_is_not_made(scopes: list[str]) -> None:
    with pytest.raises(InvalidRequestError):
        Keys(storage=None).create("key", scopes=scopes)
