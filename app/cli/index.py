"""The commands on the index."""

import typer

from app.cli import index_migration

index = typer.Typer(help="The index: a cache that can be built again.", no_args_is_help=True)
index.command("migrate")(index_migration.migrate)
index.command("discard")(index_migration.discard)
