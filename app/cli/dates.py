"""Dates in texts, on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import AsJson, console, print_json, read_settings, reporting, said, table
from app.cli.places import check_file

if TYPE_CHECKING:
    from app.answers.dates import DateAnswer


def dates(
    text: Annotated[str, typer.Argument(help="A text with dates in it.")],
    locale: Annotated[
        str | None, typer.Option("--locale", "-l", help="Such as de or pt-BR; decides the order.")
    ] = None,
    beam_width: Annotated[int, typer.Option(min=1, max=10, help="1 decodes greedily.")] = 5,
    length_penalty: Annotated[
        float, typer.Option(min=0, max=2, help="Scores are divided by T to this power.")
    ] = 0.6,
    picture: Annotated[
        Path | None, typer.Option("--picture", "-o", help="Write the attention as a PNG.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the dates in a text of any of many languages and several calendars."""
    check_file(picture, as_json, (".png",))
    with reporting(as_json):
        # No database and no index: this needs one small network, and starts as fast as that.
        from app.answers.dates import DateAnswer
        from app.services.dates import DateOptions, Dates
        from app.vision.attention_picture import attention_png
        from app.vision.dates import NetworkDateReader
        from models.registry.registry import Registry

        settings = read_settings()
        registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
        service = Dates(NetworkDateReader(registry, settings.date_reader or None), attention_png)
        reading = service.read(text, DateOptions(locale, beam_width, length_penalty))
    answer = DateAnswer.of(reading)
    if picture is not None:
        with reporting(as_json):
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(service.picture(reading))
    if as_json:
        return print_json(answer.model_dump(mode="json", exclude={"attention"}))
    _print_dates(answer, text)
    rows = table("Candidates of the first", "date", "score", "probability", "in the text")
    for candidate in answer.candidates:
        rows.add_row(
            candidate.date,
            f"{candidate.score:.3f}",
            f"{candidate.probability:.4f}",
            "yes" if candidate.supported else "no",
        )
    console.print(rows)
    if picture is not None:
        console.print(f"Picture: {picture}")


def _print_dates(answer: "DateAnswer", text: str) -> None:
    """All dates with their places, and why the answer is not the only one."""
    rows = table("Dates", "date", "calendar", "place", "in the text", "can mean as well")
    for each in answer.dates:
        written = text[each.start : each.end]
        others = ", ".join(each.other_readings)
        rows.add_row(each.date, each.calendar, f"{each.start}-{each.end}", written, others)
    console.print(rows)
    for place in answer.refused:
        written = text[place.start : place.end]
        console.print(said(("not read", "yellow"), f": {written}: {place.detail}"))
    if answer.other_readings:
        why = f"read as {answer.locale} writes dates" if answer.locale else "no --locale was given"
        shown = f": the digits have several readings; {why}"
        console.print(said(("ambiguous", "yellow"), shown))
    elif answer.ambiguous:
        console.print(said(("ambiguous", "yellow"), ": the text has several dates"))
