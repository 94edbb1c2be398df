"""`python -m app.jobs.child`: takes one order from its standard input, does it, and ends.

It dies with its worker, whose end closes the standard input. Nothing heavy is imported here:
what the order needs comes with the order.
"""

import json
import os
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

from app.domain.errors.jobs import JobCrashedError
from app.domain.jobs import MAX_PREVIEW_BYTES, MAX_PROGRESS_BYTES, Failure, JobFile, Progress
from app.jobs.messages import Ended, Reported
from app.jobs.orders import OpenHandler, Order, Report
from app.platform.failures import failure_text
from app.platform.logs import configure_logging, inherited_form
from app.platform.shared_metrics import keep_apart
from models.errors import ReportedError


def main(descriptor: int) -> None:
    """Tell the worker everything through the pipe with that file descriptor."""
    keep_apart()  # a server's metrics have files of every process that ever counted
    configure_logging(inherited_form())
    sender = Connection(descriptor, readable=False)
    receiver = Connection(sys.stdin.fileno(), writable=False)
    open_handler, order = receiver.recv()
    threading.Thread(target=_die_with_worker, args=[receiver], daemon=True).start()

    def report(
        fraction: float, message: str = "", *, preview: JobFile | None = None, **data: Any
    ) -> None:
        sender.send(_checked(Progress(min(1.0, max(0.0, fraction)), message, data), preview))

    sender.send(_do(open_handler, order, report))


def _do(open_handler: OpenHandler, order: Order, report: Report) -> Ended:
    try:
        return Ended(open_handler()(order, report))
    except ReportedError as error:
        return Ended(Failure(error.slug, error.message, error.hint, error.data))
    except MemoryError:
        message = "The job needed more memory than there is."
        return Ended(Failure(JobCrashedError.slug, message, hint="Ask for less."))
    except Exception as error:
        failure = Failure(
            "internal-error",
            "The server made a mistake; it has been logged.",
            hint="Please report it with the job's id.",
        )
        return Ended(failure, failure_text((type(error), error, error.__traceback__)))


def _checked(progress: Progress, preview: JobFile | None) -> Reported:
    """Raises ValueError for what a kind must not send to everybody who follows the job."""
    if len(json.dumps(dict(progress.data), allow_nan=False)) > MAX_PROGRESS_BYTES:
        raise ValueError(f"progress may have {MAX_PROGRESS_BYTES} bytes of data")
    if preview is not None and len(preview.content) > MAX_PREVIEW_BYTES:
        raise ValueError(f"a preview may have {MAX_PREVIEW_BYTES} bytes")
    return Reported(progress, preview)


def _die_with_worker(receiver: Connection) -> None:
    try:
        receiver.recv()  # nothing more is ever sent
    except (EOFError, OSError):
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
