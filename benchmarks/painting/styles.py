"""Style transfer: time, memory, how far losses fall, and a contact sheet to look at."""

import resource
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from PIL import Image, ImageDraw, ImageFont

from app.cli.demo.portraits import eileen, grace
from benchmarks.measuring import machine, write_report
from benchmarks.painting.style_pictures import STYLES
from models.pipelines.faces.pipeline import face_detector
from models.pipelines.style.objectives import style_model
from models.pipelines.style.options import Losses, Picture, TransferOptions
from models.pipelines.style.transfer import transfer
from models.registry.locations import open_registry
from models.registry.manifests.styles import StyleManifest
from models.registry.registry import Registry

_CELL = 256
_LINE = 26


def styles(
    json_path: Annotated[
        Path, typer.Option("--json", help="Where the figures go; the sheet lands beside it.")
    ] = Path("benchmarks/results/styles.json"),
    size: Annotated[int, typer.Option(help="Longer side of the results.")] = 256,
    only: Annotated[list[str] | None, typer.Option(help="Some styles, by name; else all.")] = None,
    quick: Annotated[bool, typer.Option(help="A sixth of the steps: rough pictures.")] = False,
) -> None:
    """Paint the two portraits in styles drawn by rules, on one thread."""
    if unknown := set(only or ()) - set(STYLES):
        raise typer.BadParameter(f"{', '.join(unknown)}: there are {', '.join(STYLES)}")
    torch.set_num_threads(1)
    registry = open_registry()
    options = TransferOptions(size=size, steps=10 if quick else 60)
    rows: list[tuple[str, Picture, Picture, Picture]] = []
    figures: dict[str, Any] = {}
    for number, (name, draw) in enumerate(STYLES.items()):
        if not only or name in only:
            portrait = np.asarray(_portraits()[number % 2])
            style = draw()
            painted, figures[name] = _paint(registry, portrait, style, options)
            rows.append((name, portrait, style, painted))
            typer.echo(f"{name}: {figures[name]}")
            json_path.parent.mkdir(parents=True, exist_ok=True)
            _sheet(rows, figures).save(json_path.with_suffix(".jpg"), quality=82, optimize=True)
    seconds = [one["processor_seconds"] for one in figures.values()]
    report = {"ratios": {"slowest_over_fastest": max(seconds) / min(seconds)}, "size": size}
    write_report(json_path, report | {"threads": 1, "styles": figures, "machine": machine()})


def _paint(
    registry: Registry, content: Picture, style: Picture, options: TransferOptions
) -> tuple[Picture, dict[str, float]]:
    manifest = registry.manifest(registry.default("transfer-style"), StyleManifest)
    faces = face_detector(registry).detect(content)
    losses: list[Losses] = []
    start, begun = time.process_time(), time.perf_counter()
    painted = transfer(
        content,
        style,
        style_model(registry, manifest),
        options,
        faces=faces,
        alpha=manifest.style.alpha,
        beta=manifest.style.beta,
        progress=lambda step, now, preview: losses.append(now),
    )
    return painted, {
        "processor_seconds": round(time.process_time() - start, 1),
        "seconds": round(time.perf_counter() - begun, 1),
        "peak_mib": _peak_mib(),
        "first_style_loss": losses[0].style,
        "last_style_loss": losses[-1].style,
        "last_content_loss": losses[-1].content,
    }


def _peak_mib() -> int:
    """Of this process, so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)


def _portraits() -> tuple[Image.Image, Image.Image]:
    """Head and shoulders, square."""
    return eileen().crop((80, 0, 370, 290)), grace().crop((0, 0, 512, 512))


def _sheet(
    rows: list[tuple[str, Picture, Picture, Picture]], figures: dict[str, Any]
) -> Image.Image:
    """Content, style and result of every row."""
    sheet = Image.new("RGB", (3 * _CELL, len(rows) * (_CELL + _LINE)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=15)
    for number, (name, *pictures) in enumerate(rows):
        top = number * (_CELL + _LINE)
        reported = f"{name}: {figures[name]['processor_seconds']:.0f} s of one core"
        draw.text((4, top + 4), reported, fill="black", font=font)
        for column, picture in enumerate(pictures):
            cell = Image.fromarray(picture).resize((_CELL, _CELL), Image.Resampling.LANCZOS)
            sheet.paste(cell, (column * _CELL, top + _LINE))
    return sheet
