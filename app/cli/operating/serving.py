"""The command that runs the server."""

from pathlib import Path
from typing import Annotated, Literal

import structlog
import typer

from app.cli.console import EXIT_FAILED, errors, read_settings, reporting, said
from app.platform.loading import loading
from app.platform.logs import configure_logging
from app.serving.limits import raise_descriptor_limit
from app.serving.tls import check_certificate
from app.settings import Settings

_log = structlog.get_logger("app.serve")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default 8000.")] = None,
    auth: Annotated[
        Literal["keys", "off"] | None, typer.Option(help="`off` only while bound to loopback.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Default: one per core, up to four, while memory lasts.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate chain (PEM) to serve HTTPS with.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Log as JSON, a line each.")] = False,
) -> None:
    """Run the server; Ctrl-C ends it after the requests under way."""
    log_format = "json" if as_json else None
    settings = read_settings(
        host=host,
        port=port,
        auth=auth,
        processes=processes,
        tls_cert=tls_cert,
        tls_key=tls_key,
        log_format=log_format,
    )
    configure_logging(settings.log_format)
    try:
        check_certificate(settings)
    except ValueError as error:
        errors.print(said(("error", "red"), f" {error}"), soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error
    raise_descriptor_limit()
    with reporting(settings.log_format == "json"), loading():
        # Importing the networks takes seconds that `facet --help` should not.
        from app.bootstrap.application import open_application
        from app.bootstrap.capacity import server_processes
        from app.bootstrap.privacy import tell_what_is_plain, tell_what_others_may_read
        from app.serving.acceptor import Acceptor
        from app.serving.heartbeats import Silence
        from app.serving.workers import Workers

        count = server_processes(settings)
        application = open_application(settings, processes=count)
        tell_what_others_may_read(settings)
        planned = application.edge.use_cases.protector.plan(sightings=False)
        tell_what_is_plain(planned.pictures, planned.collections)
        if settings.auth == "keys" and not application.edge.use_cases.keys.list():
            _tell_how_to_make_a_key(settings)
    workers = Workers(count - 1, _environment(settings), Silence.of(settings))
    server = Acceptor(application, settings, workers)
    server.run()
    if not server.started:
        raise typer.Exit(1)


def _environment(settings: Settings) -> dict[str, str]:
    """Settings that the command line may have changed, for another process."""
    said = ("host", "port", "auth", "log_format", "tls_cert", "tls_key")
    values = {name: getattr(settings, name) for name in said}
    return {f"FACET_{name.upper()}": str(value) for name, value in values.items() if value}


def _tell_how_to_make_a_key(settings: Settings) -> None:
    if settings.log_format == "json":
        _log.warning("no-api-key", hint="Make one: facet keys create --name me --scope admin")
        return
    shown = said(
        ("No API key exists, so every /v1 request will be refused.", "yellow"),
        " Make one with\n"
        f"  FACET_DATA_DIR={settings.data_dir} facet keys create --name me --scope admin\n"
        "or, while bound to loopback, run with --auth off.",
    )
    errors.print(shown, soft_wrap=True)
