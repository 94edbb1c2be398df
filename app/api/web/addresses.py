"""Paths as the routes know them."""

from starlette.types import Scope


def path_within(scope: Scope) -> str:
    """The request's path without the prefix below which the service is found."""
    path: str = scope["path"]
    prefix = scope.get("root_path", "")
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path
