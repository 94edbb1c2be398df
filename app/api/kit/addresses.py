"""Paths as the routes know them."""

import re
from urllib.parse import unquote

from starlette.types import Scope

SLASH = "\x1f"
"""Stands in a tidied path for a slash that a client wrote as %2F: it belongs to a name."""
_SLASHES = re.compile("/{2,}")
UNMATCHED = "unmatched"
"""Stands for the paths of requests that no route answers."""


def path_within(scope: Scope) -> str:
    """The request's path without the prefix below which the service is found."""
    path: str = scope["path"]
    prefix = scope.get("root_path", "")
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path


def tidy(path: str) -> str:
    """The path without double slashes, and without one at the end."""
    return _SLASHES.sub("/", path).rstrip("/") or "/"


def tidy_path(scope: Scope) -> str:
    """The request's path, tidied.

    What is written as %2F is no slash between names: with it dropped, `subjects/%2F` would mean
    all subjects, and not the one of that name.
    """
    path: str = scope["path"]
    raw = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")
    decoded = unquote(raw)
    if "%2f" not in raw.lower() or not path.endswith(decoded):
        return tidy(path)
    names = [unquote(name).replace("/", SLASH) for name in raw.split("/")]
    return tidy(path[: len(path) - len(decoded)] + "/".join(names))


def route_template(scope: Scope) -> str:
    """The route's path with its parameters' names, prefix included, once a route was found.

    The framework gives the part that a router was told; whatever segments the request has more
    are the prefix it was included with.
    """
    template: str | None = getattr(scope.get("route"), "path_format", None)
    if template is None:
        return UNMATCHED
    segments = path_within(scope).split("/")
    prefix = segments[: len(segments) - template.count("/")]
    return "/".join(prefix) + template
