"""Which listener a request came to: the public one, or that for operations alone."""

from starlette.types import Scope

OPERATIONS = "operations"
"""The server says so in the state of each connection."""


def is_for_operations(scope: Scope) -> bool:
    """Whether the request came to the listener for operations."""
    return bool(scope.get("state", {}).get(OPERATIONS))
