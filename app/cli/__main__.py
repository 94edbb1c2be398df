"""`python -m app.cli` is the `facet` command."""

import sys

from app.loading import loading
from app.shared_metrics import share_metrics

if sys.argv[1:2] == ["serve"]:
    share_metrics()  # before anything imports what counts

with loading():
    from app.cli.main import app


def main() -> None:
    """Run the command."""
    app(prog_name="facet")


if __name__ == "__main__":
    main()
