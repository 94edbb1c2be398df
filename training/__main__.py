"""`python -m training`: measure encoders, and later train them."""

import typer

from training.evaluate.cli import app as evaluate

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Work on models outside the service."""


app.add_typer(evaluate, name="evaluate")

if __name__ == "__main__":
    app(prog_name="python -m training")
