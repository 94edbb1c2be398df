"""The texts that a person writes for a model: a TOML file, and its name and version."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from models.registry.errors import InvalidManifestError

NameOption = Annotated[
    str | None,
    typer.Option("--name", help="Of the model: small letters, digits, dashes; else the card's."),
]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="Of the model; else the card's.")
]


def read_card(path: Path, name: str | None, version: int | None) -> dict[str, Any]:
    """The card's values with `name` and `version`, which every model is published under.

    Raises InvalidManifestError when it cannot be read, or nobody says name or version.
    """
    try:
        card: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidManifestError(f"{path} cannot be read: {error}", path=str(path)) from error
    given = {"name": name, "version": version}
    card |= {field: value for field, value in given.items() if value is not None}
    missing = [field for field in given if field not in card]
    if missing:
        raise InvalidManifestError(
            f"Nobody says the model's {' and '.join(missing)}.",
            hint="Give --name and --version, or write them into the card.",
        )
    return card
