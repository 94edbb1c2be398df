"""Runs `facet` in processes that have their imports behind them.

Importing the networks' library is nine tenths of a start and the same every time, so it is done
once, here. Every line read is an order, with arguments, environment and log of one command; its
process id is the answer. From there on it is the process that the command makes.
"""

import faulthandler
import json
import os
import signal
import sys
from pathlib import Path

import app.bootstrap.application  # noqa: F401 - `serve` imports it late
from app.cli.main import app as facet
from app.platform.logs import configure_logging, inherited_form
from tests.integration.revision import pretend


def main() -> None:
    """Fork a process per order until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            _run(**order)
        print(process, flush=True)


def _run(
    arguments: list[str], environment: dict[str, str], log: str, answer: str | None = None
) -> None:
    """Be the command. With `answer`, standard output goes there, and the exit status beside it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    pretend()
    for stream, path in ((sys.stdout, answer or log), (sys.stderr, log)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), stream.fileno())
    configure_logging(inherited_form())
    faulthandler.enable()  # SIGABRT makes a process that hangs say where
    try:
        facet(arguments, prog_name="facet")
    except SystemExit as end:
        # Libraries would wait for threads of theirs that a fork does not take along.
        sys.stdout.flush()
        sys.stderr.flush()
        code = end.code if isinstance(end.code, int) else 1
        if answer:
            Path(answer + ".status").write_text(str(code))
        os._exit(code)


if __name__ == "__main__":
    main()
