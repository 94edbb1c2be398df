"""`python -m app.cli` is the `facet` command."""

from app.cli.loading import loading

with loading():
    from app.cli.main import app


def main() -> None:
    """Run the command."""
    app(prog_name="facet")


if __name__ == "__main__":
    main()
