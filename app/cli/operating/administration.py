"""Commands for operators: models, keys, database."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from app.answers.models import ModelCard, ModelSummary
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    errors,
    open_cases,
    print_json,
    reporting,
    said,
    table,
)
from app.cli.operating import weights
from app.domain.gallery import ApiKey
from app.domain.scopes import PRESETS, SCOPES, written
from models.registry.locations import open_registry
from models.registry.registry import Registry

models = typer.Typer(help="The model registry.", no_args_is_help=True)
keys = typer.Typer(help="API keys.", no_args_is_help=True)
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
            said(("yes", "green") if item.commercial_use else ("no", "red")),
            said(("yes", "green")) if item.problem is None else f"no: {item.problem.code}",
        )
    console.print(listing)


@models.command("show")
def show_model(key: Key, as_json: AsJson = False) -> None:
    """A model's card: licence, data, limits, threshold curve, measured figures."""
    with reporting(as_json):
        registry = open_registry()
        card = ModelCard.of(registry.manifest(key), registry)
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


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What it is for.")] = "key",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help=f"What it may do: {', '.join(SCOPES)}; give it again for several. `read` "
            "without this and without a preset."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(help=f"Scopes for a usual place: {', '.join(PRESETS)}.", metavar="NAME"),
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Bind it to one collection.")
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, help="Days until it expires; never otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once and cannot be read again."""
    with open_cases(as_json) as cases:
        made, token = cases.keys.create(
            name,
            scopes=[*(scope or ()), *([preset] if preset else ())] or ["read"],
            collection=collection,
            lifetime=timedelta(days=days) if days is not None else None,
        )
    if as_json:
        return print_json({**_key_fields(made), "key": token})
    console.print(token, style="bold", soft_wrap=True)
    errors.print(
        f"Key {made.id} with scope {written(made.scopes)}. It is shown only now: keep it safe."
    )


@keys.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Every key, without its secret."""
    with open_cases(as_json) as cases:
        found = [_key_fields(key) for key in cases.keys.list()]
    if as_json:
        return print_json({"keys": found})
    listing = table(
        "Keys", "id", "name", "scope", "collection", "created", "expires", "last used", "revoked"
    )
    for fields in found:
        listing.add_row(*("–" if value is None else str(value) for value in fields.values()))
    console.print(listing)


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="The key's id.")], as_json: AsJson = False
) -> None:
    """End a key at once."""
    with open_cases(as_json) as cases:
        cases.keys.revoke(key_id)
    if as_json:
        return print_json({"id": key_id, "revoked": True})
    console.print(f"Key {key_id} is revoked.")


@db.command("upgrade")
def upgrade_database(as_json: AsJson = False) -> None:
    """Bring the database's tables up to date; the server does it at start as well."""
    with open_cases(as_json):
        pass
    if as_json:
        return print_json({"current": True})
    console.print("The database is up to date.")


def _key_fields(key: ApiKey) -> dict[str, Any]:
    def when(moment: Any) -> str | None:
        return None if moment is None else str(moment.isoformat(timespec="seconds"))

    return {
        "id": key.id,
        "name": key.name,
        "scope": written(key.scopes),
        "collection_id": key.collection_id,
        "created_at": when(key.created_at),
        "expires_at": when(key.expires_at),
        "last_used_at": when(key.last_used_at),
        "revoked_at": when(key.revoked_at),
    }


def _present(registry: Registry) -> list[str]:
    """Every model but those whose download nobody has asked for."""
    return [key for key in registry.keys() if not registry.awaits_download(key)]  # noqa: SIM118


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {item}" for name, item in value.items() if item is not None)
    return str(value)
