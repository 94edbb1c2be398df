"""A wall clock that jumps: what the service reads as the time of day, and nothing else."""

import pkgutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

import app.services


def jumping_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock of every use case off by so much, at once and until told otherwise.

    Monotonic clocks go on as they do when somebody sets a machine's clock.
    """
    shift = timedelta()

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = UTC) -> Any:
            return datetime.now(tz) + shift

    for module in pkgutil.walk_packages(app.services.__path__, "app.services."):
        loaded = sys.modules.get(module.name)
        if loaded is not None and vars(loaded).get("datetime") is datetime:
            monkeypatch.setattr(loaded, "datetime", Shifted)

    def jump(by: timedelta) -> None:
        nonlocal shift
        shift = by

    return jump


class Clock:
    """Seconds since 1970 that stand still until they are moved."""

    def __init__(self, seconds: float = 1_700_000_000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds

    def advance(self, by: timedelta) -> None:
        self.seconds += by.total_seconds()
