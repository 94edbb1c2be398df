"""Dates in texts, on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import AsJson, console, print_json, read_settings, reporting, table


def dates(
    text: Annotated[str, typer.Argument(help="A text with a date in it.")],
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
    """Read the date in a text of any of many languages."""
    with reporting(as_json):
        # No database and no index: this needs one small network, and starts as fast as that.
        from app.api.schemas.dates import DateAnswer
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
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(service.picture(reading))
    if as_json:
        return print_json(answer.model_dump(mode="json", exclude={"attention"}))
    console.print(f"[bold]{answer.date}[/] (probability {answer.probability:.3f})")
    if answer.ambiguous:
        others = " or ".join(answer.other_readings)
        why = f"read as {answer.locale} writes dates" if answer.locale else "no --locale was given"
        console.print(f"[yellow]ambiguous[/]: it can mean {others} as well; {why}")
    rows = table("Candidates", "date", "score", "probability", "in the text")
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
