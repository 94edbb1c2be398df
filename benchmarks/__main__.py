"""`python -m benchmarks`: every benchmark writes a JSON file and a picture beside it."""

import typer

from benchmarks import backbones, peers

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Measure; nothing is sent anywhere, and no gallery is touched."""


app.command("backbones")(backbones.backbones)
app.command("peers")(peers.peers)

if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
