"""Names of classes and functions that are imported only when they are needed."""

from importlib import import_module
from typing import Any


def referred(reference: str) -> Any:
    """The class or function that `module:name` refers to."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
