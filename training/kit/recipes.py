"""Recipes: TOML files, with values that the command line puts in the place of theirs."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import typer
from pydantic import BaseModel, ValidationError

from training.kit.recipe import ConfigError, nearest

Recipe = TypeVar("Recipe", bound=BaseModel)
SHIPPED = Path(__file__).parents[1] / "configs"
"""Recipes that come with the project, in a folder for each kind of network."""


def recipe_file(given: str) -> Path:
    """A file, or the file of a shipped recipe by its name, such as "lenet-5-softmax".

    The folder may be named too, as in "routers/facenet-resnet29". Raises typer.BadParameter when
    there is neither.
    """
    path, name = Path(given), given.removesuffix(".toml")
    if path.is_file():
        return path
    shipped = sorted(SHIPPED.rglob("*.toml"))
    for one in shipped:
        if name in (one.stem, one.relative_to(SHIPPED).with_suffix("").as_posix()):
            return one
    raise typer.BadParameter(
        f"There is neither a file {given!r} nor a recipe of that name"
        f"{nearest(given, [one.stem for one in shipped])}"
    )


RecipeOption = Annotated[
    Path,
    typer.Option(
        "--config",
        parser=recipe_file,
        metavar="RECIPE",
        help="A TOML file, or the name of a recipe that comes along, such as lenet-5-softmax.",
    ),
]


def read_recipe(path: Path, kind: type[Recipe], changes: Sequence[str] = ()) -> Recipe:
    """A recipe with changes such as "schedule.steps=100" or "objectives.0.margin=0.2".

    Raises ConfigError that names the field and, for a typo, the nearest right name.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", path=str(path)) from error
    for change in changes:
        _put(content, change)
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        # A misspelt name is also a missing one; what is there to be corrected comes first.
        first = min(errors, key=lambda e: e["type"] == "missing")
        where = ".".join(str(part) for part in first["loc"])
        hint = ""
        if first["type"] == "extra_forbidden":
            hint = nearest(str(first["loc"][-1]), _fields_at(kind, first["loc"][:-1]))
        said = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{path}: {where}: {said}{hint}.", field=where) from error


def _put(content: dict[str, Any], change: str) -> None:
    """Replace one value of the tables, or add it. Raises ConfigError."""
    name, equals, value = change.partition("=")
    *tables, last = name.strip().split(".")
    if not equals or not all([*tables, last]):
        raise ConfigError(
            f"{change!r} is no change of the recipe.",
            hint="Write name=value, such as schedule.steps=100.",
        )
    place: Any = content
    for table in tables:
        place = place.setdefault(table, {}) if isinstance(place, dict) else _at(place, table, name)
    if isinstance(place, dict):
        place[last] = _value(value)
    else:
        _at(place, last, name)
        place[int(last)] = _value(value)


def _at(place: Any, number: str, name: str) -> Any:
    """The entry of a list. Raises ConfigError where there is none."""
    if not isinstance(place, list) or not number.isdigit() or int(number) >= len(place):
        raise ConfigError(f"The recipe has no {name!r} whose value could be changed.", field=name)
    return place[int(number)]


def _value(text: str) -> Any:
    """Value as TOML has it; what is no TOML is text, so that quotes can be left out."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


def _fields_at(kind: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    """Names that may stand at a place of the configuration."""
    parts: list[Any] = [kind]
    for step in location:
        if isinstance(step, int):
            continue
        by_kind = [p for p in parts if step in get_args(_kind(p))]
        parts = by_kind or [m for p in parts if step in p.model_fields for m in _models(p, step)]
    return {name for part in parts for name in part.model_fields}


def _kind(part: Any) -> Any:
    field = part.model_fields.get("kind")
    return field.annotation if field else None


def _models(part: Any, field: str) -> list[Any]:
    """The sections that a field's type mentions, however deep."""
    found, pending = [], [part.model_fields[field].annotation]
    while pending:
        kind = pending.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found.append(kind)
        pending += get_args(kind)
    return found
