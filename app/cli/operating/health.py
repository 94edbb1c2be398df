"""The command that asks how the server on this machine is, or a collection."""

import http.client
import ssl
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import EXIT_FAILED, AsJson, console, errors, print_json, read_settings, said
from app.cli.gallery.health import check
from app.settings import Settings

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not bound


def health(
    collection: Annotated[
        str | None, typer.Argument(help="A collection to check; the server if left out.")
    ] = None,
    ready: Annotated[
        bool, typer.Option("--ready", help="Ask whether it is ready, not only whether it runs.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for the answer.")] = 4.0,
    picture: Annotated[
        Path | None, typer.Option(help="PNG to draw of a collection's self-test.", dir_okay=False)
    ] = None,
    listed: Annotated[
        int, typer.Option(min=1, max=1000, help="Findings of a kind about a collection.")
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """Ask the server that these settings start whether it answers; exit status 2 if not.

    With a collection: check how well its people are found and told apart, by its own faces.
    Knows of TLS, of FACET_PORT, and of the listener for operations.
    """
    if collection is not None:
        if ready:
            raise typer.BadParameter("--ready is about the server: leave the collection out.")
        return check(collection, picture, listed, as_json)
    if picture is not None:
        raise typer.BadParameter("--picture is of a collection: name one.")
    _ask_server(ready, timeout, as_json)


def _ask_server(ready: bool, timeout: float, as_json: bool) -> None:
    settings = read_settings()
    path = "/readyz" if ready else "/healthz"
    try:
        status = _ask(settings, path, timeout)
        trouble = "" if status == http.client.OK else f"{path} answers {status}"
    except (OSError, http.client.HTTPException) as error:
        trouble = f"nothing answers: {error or type(error).__name__}"
    host, port = _address(settings)
    if as_json:
        print_json({"healthy": not trouble, "host": host, "port": port, "trouble": trouble or None})
    elif trouble:
        errors.print(said(("error", "red"), f" {host}:{port}: {trouble}"), soft_wrap=True)
        errors.print(
            "  Run this with the server's settings (FACET_HOST, FACET_PORT, "
            "FACET_OPERATIONS_PORT, FACET_TLS_CERT), or look into its log.",
            highlight=False,
        )
    else:
        console.print("ok")
    if trouble:
        raise typer.Exit(EXIT_FAILED)


def _ask(settings: Settings, path: str, timeout: float) -> int:
    host, port = _address(settings)
    if settings.tls_cert is None:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    else:
        # The certificate is for the name that clients use; this is the machine itself.
        unchecked = ssl.create_default_context()
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=unchecked)
    try:
        # While auth is off only local names are answered.
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    finally:
        connection.close()


def _address(settings: Settings) -> tuple[str, int]:
    host, port = settings.host, settings.port
    if settings.operations_port:
        host, port = settings.operations_host or host, settings.operations_port
    return _EVERYWHERE.get(host, host), port
