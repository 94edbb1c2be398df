"""Garbage collections that pass over what stays: imports, and what tests keep for ever."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_ALLOCATIONS = 20_000
"""Between two collections of the youngest; by default 700, which imports reach all the time."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    gc.set_threshold(_ALLOCATIONS, 10, 10)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Make a million objects that stay, none of which is looked at by a collection."""
    gc.collect()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
