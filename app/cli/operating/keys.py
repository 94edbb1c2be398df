"""Commands on API keys."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import timedelta
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from app.answers.keys import Key, RevokedKey
from app.cli.console import AsJson, console, errors, open_cases, print_json, table
from app.domain.access.key_forms import KEY_FORMS, NATIVE
from app.domain.access.limits import MOST, KeyLimits
from app.domain.gallery import ApiKey
from app.domain.scopes import PRESETS, SCOPES, written
from app.services.keys import LIFETIME, OVERLAP

keys = typer.Typer(help="API keys.", no_args_is_help=True)

_DEFAULT_SCOPES = ", ".join(
    f"{' '.join(f'`{scope}`' for scope in form.scopes)} for {form.name}"
    for form in KEY_FORMS.values()
)
KeyId = Annotated[str, typer.Argument(help="The key's id.")]
Days = Annotated[float, typer.Option(min=0, max=36_500, help="Days until it expires.")]
NoExpiry = Annotated[
    bool, typer.Option("--no-expiry", help="It never expires, whatever --days says.")
]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What it is for.")] = "key",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help=f"What it may do: {', '.join(SCOPES)}; give it again for several. Without this "
            f"and without a preset {_DEFAULT_SCOPES}."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(help=f"Scopes for a usual place: {', '.join(PRESETS)}.", metavar="NAME"),
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Bind it to one collection.")
    ] = None,
    days: Days = LIFETIME.days,
    no_expiry: NoExpiry = False,
    form: Annotated[
        str, typer.Option("--for", help=f"Clients that send it: {', '.join(KEY_FORMS)}.")
    ] = NATIVE.name,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once and cannot be read again."""
    with open_cases(as_json) as cases:
        made, token = cases.keys.create(
            name,
            scopes=[*(scope or ()), *([preset] if preset else ())] or None,
            collection=collection,
            lifetime=_lifetime(days, no_expiry=no_expiry),
            form=form,
        )
    _show_token(made, token, as_json)


@keys.command("rotate")
def rotate_key(
    key_id: KeyId,
    overlap: Annotated[
        float,
        typer.Option(
            min=0, max=90 * 24, help="Hours in which the secret before is taken, too.", metavar="H"
        ),
    ] = OVERLAP / timedelta(hours=1),
    days: Days = LIFETIME.days,
    no_expiry: NoExpiry = False,
    as_json: AsJson = False,
) -> None:
    """Give a key a new secret, which is shown once."""
    with open_cases(as_json) as cases:
        made, token = cases.keys.rotate(
            key_id,
            overlap=timedelta(hours=overlap),
            lifetime=_lifetime(days, no_expiry=no_expiry),
        )
    _show_token(made, token, as_json)


@keys.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Every key, without its secret."""
    with open_cases(as_json) as cases:
        found = [_fields(key) for key in cases.keys.list()]
    if as_json:
        return print_json({"keys": found})
    shown = ("id", "name", "scope", "collection_id", "created_at", "expires_at", "last_used_at")
    listing = table("Keys", *(name.split("_")[0] for name in shown), "from", "revoked", "for")
    for row in found:
        cells = (row[name] for name in (*shown, "last_used_from", "revoked_at", "form"))
        listing.add_row(*("–" if value is None else str(value) for value in cells))
    console.print(listing)


def _option_for_each_limit(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes limits by name an option for each that there is."""
    taken = signature(command)
    named = [one for one in taken.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    for each in fields(KeyLimits):
        text = f"{each.metadata['description'].removesuffix('.')}; 0: no limit."
        option = typer.Option(min=0, max=MOST, help=text, metavar="N")
        hint = command.__annotations__[each.name] = Annotated[int | None, option]
        named.append(Parameter(each.name, Parameter.KEYWORD_ONLY, default=None, annotation=hint))
    command.__signature__ = taken.replace(parameters=named)  # type: ignore[attr-defined]
    return command


@keys.command("limit")
@_option_for_each_limit
def limit_key(key_id: KeyId, as_json: AsJson = False, **asked: int | None) -> None:
    """Show what a key may ask for, or change it."""
    changes = {name: value or None for name, value in asked.items() if value is not None}
    with open_cases(as_json) as cases:
        limits = asdict(cases.keys.limit(key_id, changes).limits)
    if as_json:
        return print_json(limits)
    for name, value in limits.items():
        console.print(f"{name}: {'no limit' if value is None else value}")


@keys.command("revoke")
def revoke_key(
    key_id: KeyId,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be revoked.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Be it the last that may administer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """End a key at once and for good."""
    with open_cases(as_json) as cases:
        revocation = cases.keys.revoke(key_id, force=force, dry_run=dry_run)
    if as_json:
        answer = RevokedKey.of(revocation, dry_run=dry_run).model_dump(mode="json")
        return print_json({"id": key_id, "revoked": not dry_run, **answer})
    last = ", the last that may administer the service" if revocation.last_admin else ""
    done = "would be revoked" if dry_run else "is revoked"
    console.print(f"Key {key_id} ({revocation.key.name}){last} {done}.", soft_wrap=True)


def _lifetime(days: float, *, no_expiry: bool) -> timedelta | None:
    return None if no_expiry else timedelta(days=days)


def _show_token(key: ApiKey, token: str, as_json: bool) -> None:
    parts = KEY_FORMS[key.form].parts(token)
    if as_json:
        return print_json({**_fields(key), **parts})
    for part in parts.values():
        console.print(part, style="bold", soft_wrap=True)
    end = "never" if key.expires_at is None else f"{key.expires_at:%Y-%m-%d}"
    errors.print(
        f"Key {key.id} with scope {written(key.scopes)} expires: {end}. It is shown only now: "
        "keep it safe.",
        soft_wrap=True,
    )


def _fields(key: ApiKey) -> dict[str, Any]:
    return {**Key.of(key).model_dump(mode="json"), "scope": written(key.scopes)}
