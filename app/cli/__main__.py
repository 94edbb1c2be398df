"""`python -m app.cli` is the `facet` command."""

import io
import os
import sys

from app.platform.loading import loading
from app.platform.logs import configure_logging, inherited_form
from app.platform.shared_metrics import share_metrics

if sys.argv[1:2] == ["serve"]:
    share_metrics()  # before anything imports what counts

with loading():
    from app.cli.main import app


def main() -> None:
    """Run the command. What it writes is for its user alone, and its log is no part of its
    answer.
    """
    os.umask(0o077)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character of a name, or of a table, ends no command.
        sys.stdout.reconfigure(errors="backslashreplace")
    configure_logging(inherited_form())
    app(prog_name="facet")


if __name__ == "__main__":
    main()
