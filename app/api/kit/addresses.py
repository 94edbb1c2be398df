"""Paths as the routes know them."""

from starlette.types import Scope

UNMATCHED = "unmatched"
"""Stands for the paths of requests that no route answers."""


def path_within(scope: Scope) -> str:
    """The request's path without the prefix below which the service is found."""
    path: str = scope["path"]
    prefix = scope.get("root_path", "")
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path


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
