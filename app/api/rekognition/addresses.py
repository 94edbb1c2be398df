"""Requests that are this format's: all of its operations have one address."""

from starlette.datastructures import Headers
from starlette.types import Scope

from app.api.kit.addresses import path_within
from app.domain.access.signatures import ALGORITHM

TARGET = "x-amz-target"


def is_root(scope: Scope) -> bool:
    """Whether the request is for the server's own address, with whatever prefix it has."""
    return path_within(scope) in ("/", "", scope.get("root_path") or "/")


def takes(scope: Scope) -> bool:
    """Whether the request is for this format: its address, and one of its headers or POST.

    Whoever looks at the address with a browser gets the server's own page.
    """
    if not is_root(scope):
        return False
    headers = Headers(scope=scope)
    signed = headers.get("authorization", "").startswith(ALGORITHM)
    return scope["method"] == "POST" or TARGET in headers or signed


def signed_paths(scope: Scope) -> list[str]:
    """Forms of the address that a client may have signed: a proxy may have cut a prefix off."""
    prefix = scope.get("root_path", "")
    return list(dict.fromkeys(["/", *([prefix, f"{prefix}/"] if prefix else [])]))
