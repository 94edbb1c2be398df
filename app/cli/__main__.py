"""`python -m app.cli` is the `facet` command."""

from app.cli.main import app

app(prog_name="facet")
