"""Kinds of jobs that do what their parameters say, and nothing but that.

Processes of their own have to be able to import them.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

from app.domain.errors.pictures import NoFaceError
from app.domain.jobs import JobFile, JobKind
from app.jobs.orders import Handler, Order, Report

REPEATABLE = JobKind("repeatable", timeout=60, attempts=2)
ONCE = JobKind("once", timeout=60)
BRIEF = JobKind("brief", timeout=1.0)
ALONE = JobKind("alone", timeout=60, exclusive=True)
KINDS = (REPEATABLE, ONCE, BRIEF, ALONE)
TICK = 0.05
PREVIEW = JobFile("image/png", b"a small picture")


def open_handler() -> Handler:
    return act


def act(order: Order, report: Report) -> JobFile:
    """Note in the file `journal` that it has begun, then take `ticks`, then end as told."""
    chosen: dict[str, Any] = dict(order.parameters)
    if "journal" in chosen:
        with Path(chosen["journal"]).open("a") as journal:
            journal.write(f"{order.job_id} {os.getpid()}\n")
    for tick in range(ticks := chosen.get("ticks", 0)):
        preview = PREVIEW if tick % 4 == 0 else None
        report(tick / ticks, f"tick {tick}", preview=preview, loss=1 / (tick + 1))
        time.sleep(TICK)
    return _end(chosen.get("end"), order)


def open_talker() -> Handler:
    return talk


def talk(order: Order, report: Report) -> JobFile:
    """Tell more than a job may."""
    report(-1.0)
    report(2.0, "too far", **order.parameters.get("data", {}))
    report(0.5, preview=JobFile("image/png", b"x" * order.parameters.get("preview", 1)))
    return JobFile("text/plain", b"said")


def open_nothing() -> Handler:
    raise OSError("the weights cannot be read")


def _end(how: str | None, order: Order) -> JobFile:
    if how == "refuse":
        raise NoFaceError("Nobody is there.", hint="Send another picture.", pixels=7)
    if how == "bug":
        raise ZeroDivisionError("a secret of the server")
    if how == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "niceness":
        return JobFile("text/plain", str(os.getpriority(os.PRIO_PROCESS, 0)).encode())
    given = order.inputs.get("content")
    return JobFile("text/plain", given.content[::-1] if given else b"done")
