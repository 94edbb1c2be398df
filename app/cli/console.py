"""Parts that every command shares: settings, use cases, output for people and machines."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.domain.errors.trouble import NO_SPACE, StorageFullError
from app.domain.texts import printable
from app.settings import Settings
from models.errors import ReportedError
from models.places import UnwritablePlaceError

if TYPE_CHECKING:
    from app.services.use_cases import UseCases


class _PlainConsole(Console):
    """Shows texts as they are: brackets, colons and control characters of names mean nothing."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as `Console.print` does; styles come as `said(…)` or `style=`."""
        super().print(*(said(o) if isinstance(o, str) else o for o in objects), **options)


class _PlainTable(Table):
    def add_row(self, *cells: Any, **options: Any) -> None:
        super().add_row(*(said(c) if isinstance(c, str) else c for c in cells), **options)


console = _PlainConsole()
errors = _PlainConsole(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON.")]
ImageFile = Annotated[
    Path, typer.Argument(help="An image file.", exists=True, dir_okay=False, readable=True)
]
CollectionName = Annotated[str, typer.Option("--collection", "-c", help="The collection's name.")]

EXIT_FAILED = 2
SMALLEST_RATE = 1e-7


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment, with what the command line overrides."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            prefix = f"FACET_{name.upper()}: " if name else ""
            what = problem["msg"].removeprefix("Value error, ")
            errors.print(said(("error", "red"), f" {prefix}{what}"), soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error


@contextmanager
def open_cases(as_json: bool) -> Iterator["UseCases"]:
    """The use cases, in this process; expected failures end the command with their slug."""
    with reporting(as_json):
        # Importing the networks takes seconds that `facet --help` should not.
        from app.bootstrap.use_cases import open_use_cases

        use_cases = open_use_cases(read_settings())
        try:
            yield use_cases
        finally:
            use_cases.sightings.recorder.flush()


@contextmanager
def recording(action: str) -> Iterator[dict[str, Any]]:
    """Record what the block does in the audit record; it gets the details to fill in."""
    details: dict[str, Any] = {}
    outcome = "failed"
    try:
        yield details
        outcome = "done"
    except ReportedError as error:
        outcome = error.slug
        raise
    finally:
        from app.bootstrap.auditing import record_command

        record_command(read_settings(), action, outcome, details)


@contextmanager
def reporting(as_json: bool) -> Iterator[None]:
    """Turn expected failures into a message and exit status 2."""
    try:
        yield
    except ReportedError as error:
        fail(error, as_json)
    except OSError as error:
        if error.errno in NO_SPACE:
            fail(_full(error), as_json)
        if error.filename is None or isinstance(error, BrokenPipeError):
            raise
        # Checked before, and gone or full meanwhile.
        fail(UnwritablePlaceError.of(Path(os.fsdecode(error.filename)), error), as_json)


def _full(error: OSError) -> StorageFullError:
    name = error.filename2 or error.filename
    return StorageFullError(
        f"There is no room left to write {os.fsdecode(name) if name else 'this'}.",
        hint="Free disk space or raise the quota, then try again.",
    )


def fail(error: ReportedError, as_json: bool) -> NoReturn:
    """Say what was wrong and what to do, and exit with status 2."""
    if as_json:
        problem = {"code": error.slug, "detail": error.message, "hint": error.hint, **error.data}
        print_json({"error": problem})
    else:
        shown = said(("error", "red"), " ", (error.slug, "bold"), f": {error.message}")
        errors.print(shown, soft_wrap=True)
        if error.hint:
            errors.print(f"  {error.hint}", highlight=False, soft_wrap=True)
    raise typer.Exit(EXIT_FAILED) from error


def print_json(value: BaseModel | Mapping[str, Any]) -> None:
    """One JSON document on standard output."""
    data = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    text = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # a file name that is not UTF-8, or a terminal that is not
        text = json.dumps(data, indent=2)
    sys.stdout.write(text + "\n")


def said(*parts: str | tuple[str, str]) -> Text:
    """Texts as they are, those given with a style in it; only line ends are kept of controls."""
    made = Text()
    for part in parts:
        text, style = (part, None) if isinstance(part, str) else part
        made.append(_visible(text), style)
    return made


def _visible(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


def table(title: str, *columns: str) -> Table:
    """An empty table in the house's style. Cells are shown as they are, or as `said(…)`, and whole:
    where there is no room for an id or an instant it goes on in the next line.
    """
    made = _PlainTable(title=said(title), title_justify="left", title_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def tell_left_out(truncated: bool) -> None:
    """Say that faces were left out, where they were."""
    if truncated:
        shown = said(
            ("Faces were left out", "yellow"),
            ": there were more than are told of, or the detector could not look at every place. "
            "--max-faces tells of more, and a larger --min-face looks for fewer.",
        )
        console.print(shown)


def rate(value: float | None, *, is_bound: bool = False) -> str:
    """An error rate as people read it; what lies far beyond any measurement is not spelt out.

    A bound is one that the rate may lie anywhere below.
    """
    if value is None:
        return "–"
    if value < SMALLEST_RATE:
        return f"fewer than 1 in {1 / SMALLEST_RATE:,.0f}"
    if is_bound:
        return f"at most {rate(value)}"
    return f"1 in {1 / value:,.0f}" if value < 0.1 else f"{value:.0%}"
