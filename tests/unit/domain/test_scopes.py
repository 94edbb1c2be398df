"""What scopes include, and how a key's are written down."""

from unittest.mock import Mock

import pytest

from app.domain.errors.requests import InsufficientScopeError, InvalidRequestError
from app.domain.scopes import (
    PRESETS,
    SCOPES,
    Need,
    Scope,
    expanded,
    grantable,
    in_order,
    include,
    read_from,
    written,
)
from app.services.keys import LOCAL, Keys, Principal
from app.services.ports import Storage

READ = {"read", "detect", "verify", "recognize", "browse", "models", "jobs"}
WRITE = READ | {"write", "pictures", "enroll", "erase"}
INCLUDED = {scope: {scope} for scope in SCOPES} | {
    "browse": {"browse", "pictures"},
    "read": READ,
    "write": WRITE,
    "admin": {*SCOPES, "pictures"},
}


@pytest.mark.parametrize("held", SCOPES)
@pytest.mark.parametrize("needed", [*SCOPES, "pictures"])
def test_what_a_scope_includes(held: Scope, needed: Need) -> None:
    assert include([held], needed) is (needed in INCLUDED[held])
    caller = Principal("key", (held,))
    if needed in INCLUDED[held]:
        caller.require(needed)
    else:
        wanted = grantable(needed)
        with pytest.raises(InsufficientScopeError, match=f"'{wanted}'; the key has '{held}'") as it:
            caller.require(needed)
        assert include([wanted], needed) and it.value.hint.endswith(f"--scope {wanted}")


def test_scopes_add_up() -> None:
    caller = Principal("key", ("read", "embed"))
    assert {scope for scope in SCOPES if caller.may(scope)} == READ | {"embed"}
    assert all(LOCAL.may(scope) for scope in SCOPES)


def test_scopes_are_written_in_order_and_read_back() -> None:
    assert written(["embed", "read", "embed"]) == "read embed"
    assert read_from("read embed") == in_order(["embed", "read"]) == ("read", "embed")


def test_a_scope_of_a_newer_version_grants_nothing() -> None:
    assert read_from("read teleport") == ("read",)
    assert read_from("teleport") == ()


@pytest.mark.parametrize("scopes", [[], ["reed"], ["read", ""]])
def test_a_key_without_a_real_scope_is_not_made(scopes: list[str]) -> None:
    with pytest.raises(InvalidRequestError):
        Keys(Mock(spec=Storage)).create("key", scopes=scopes)


def test_presets_stand_for_scopes_and_add_to_others() -> None:
    assert expanded(["door"]) == {"verify", "recognize"}
    assert expanded(["kiosk", "embed"]) == {"verify", "enroll", "embed"}
    assert set(PRESETS).isdisjoint(SCOPES)
    assert not any(include(scopes, "browse") for scopes in PRESETS.values())
