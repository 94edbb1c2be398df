"""The command that runs the server."""

from socket import socket
from typing import TYPE_CHECKING, Annotated, Literal

import typer
import uvicorn

from app.cli.console import errors, read_settings, reporting
from app.cli.loading import loading
from app.settings import Settings
from app.telemetry import configure_logging

if TYPE_CHECKING:
    from app.api.application import Application


def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default 8000.")] = None,
    auth: Annotated[
        Literal["keys", "off"] | None, typer.Option(help="`off` only while bound to loopback.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Log as JSON, a line each.")] = False,
) -> None:
    """Run the server; Ctrl-C ends it after the requests under way."""
    log_format = "json" if as_json else None
    settings = read_settings(host=host, port=port, auth=auth, log_format=log_format)
    configure_logging(settings.log_format)
    with reporting(as_json=False), loading():
        from app.bootstrap.application import open_application

        application = open_application(settings)
        if settings.auth == "keys" and not application.state.use_cases.keys.list():
            _tell_how_to_make_a_key(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=30,
    )
    server = _Server(config, application)
    server.run()
    if not server.started:
        raise typer.Exit(1)


class _Server(uvicorn.Server):
    """Tells the application when it is about to end, so that streams of events do as well."""

    def __init__(self, config: uvicorn.Config, application: "Application") -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._application.state.closing = True
        await super().shutdown(sockets)


def _tell_how_to_make_a_key(settings: Settings) -> None:
    errors.print(
        "[yellow]No API key exists, so every /v1 request will be refused.[/] Make one with\n"
        f"  FACET_DATA_DIR={settings.data_dir} facet keys create --name me --scope admin\n"
        "or, while bound to loopback, run with --auth off.",
        highlight=False,
        soft_wrap=True,
    )
