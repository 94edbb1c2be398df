"""Commands for operators: models, database."""

from typing import Annotated, Any

import typer
from rich.text import Text

from app.answers.models import ModelCard, ModelSummary
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    open_cases,
    print_json,
    reporting,
    said,
    table,
)
from app.cli.operating import weights
from app.services.models.pulling import ModelPuller
from models.registry.download import DownloadRules
from models.registry.locations import open_registry
from models.registry.registry import Registry

models = typer.Typer(help="The model registry.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="`name@version`, or a name for its newest version.")]


@models.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Models that there are, and which one does each task by default."""
    with reporting(as_json):
        registry = open_registry()
        shown = [ModelSummary.of(manifest, registry) for manifest in registry.manifests()]
    if as_json:
        return print_json({"models": [item.model_dump() for item in shown]})
    listing = table("Models", "key", "task", "default", "commercial", "ready")
    for column in listing.columns:
        column.no_wrap = True
    for item in shown:
        listing.add_row(
            item.key,
            item.task,
            "yes" if item.default else "",
            _commercial(item),
            said(("yes", "green")) if item.problem is None else f"no: {item.problem.code}",
        )
    console.print(listing)


def _commercial(item: ModelSummary) -> Text:
    """Say whether the licence allows commercial use, and whether the data may not have."""
    if not item.commercial_use:
        return said(("no", "red"))
    return said(("in doubt", "yellow") if item.provenance_doubt else ("yes", "green"))


@models.command("show")
def show_model(key: Key, as_json: AsJson = False) -> None:
    """A model's card: licence, data, limits, threshold curve, measured figures."""
    with reporting(as_json):
        registry = open_registry()
        manifest = registry.manifest(key)
        downloadable = ModelSummary.of(manifest, registry).downloadable
        terms = ModelPuller(registry, DownloadRules()).terms(key) if downloadable else ()
        card = ModelCard.of(manifest, registry, terms)
    if as_json:
        return print_json(card)
    listing = table(card.key, "field", "value")
    for name, value in card.model_dump(mode="json").items():
        if name != "key" and value is not None:
            listing.add_row(name.replace("_", " "), _readable(value))
    console.print(listing)


@models.command("verify")
def verify_models(
    key: Annotated[str | None, typer.Argument(help="One model; all otherwise.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compute the checksums of the weights again."""
    with reporting(as_json):
        registry = open_registry()
        checks = [registry.verify(one) for one in ([key] if key else _present(registry))]
    if as_json:
        print_json(
            {
                "models": [
                    {
                        "key": check.key,
                        "ok": check.ok,
                        "problem": check.problem,
                        "files": [
                            {"path": str(f.path), f.algorithm: f.actual, "ok": f.ok}
                            for f in check.files
                        ],
                    }
                    for check in checks
                ]
            }
        )
    else:
        for check in checks:
            word = ("ok", "green") if check.ok else ("wrong", "red")
            text = f" ({len(check.files)} files) {check.problem or ''}"
            console.print(said(f"{check.key}: ", word, text))
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_FAILED)


models.command("pull")(weights.pull)
models.command("add")(weights.add)


@db.command("upgrade")
def upgrade_database(as_json: AsJson = False) -> None:
    """Bring the database's tables up to date; the server does it at start as well."""
    with open_cases(as_json) as cases, cases.audit.trail.doing("upgrade-database"):
        pass
    if as_json:
        return print_json({"current": True})
    console.print("The database is up to date.")


def _present(registry: Registry) -> list[str]:
    """Every model but those whose download nobody has asked for."""
    return [key for key in registry.keys() if not registry.awaits_download(key)]  # noqa: SIM118


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {item}" for name, item in value.items() if item is not None)
    return str(value)
