"""`python -m training evaluate sequence`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.progress import track
from rich.table import Table

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.reading import DateReader, date_reader
from models.pipelines.dates.text.normalization import Vocabulary
from models.registry.locations import open_registry
from models.registry.manifests.dates import DateReaderManifest
from training.dates.measuring.attention import draw_attention
from training.dates.measuring.places import placed_dates, placed_figures
from training.dates.measuring.report import (
    SearchFigures,
    beam_figures,
    dated,
    settings,
    undated,
)
from training.dates.texts.generator import Example, examples
from training.dates.texts.locales import ORDERS
from training.kit.options import (
    CacheOption,
    JsonOption,
    ManifestsOption,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
)
from training.kit.run_files import write_json

_SENTENCES = sorted((Path(__file__).parents[1] / "written").glob("without_dates*.txt"))
"""Some were looked at while the reader was made, `unseen` ones were not."""
_PLACED = sorted((Path(__file__).parents[1] / "written").glob("texts_other_calendars*.jsonl"))
"""Texts with several dates and with other calendars, which no generator has written."""
_SHOWN = (
    ("Thursday, the 3rd of May 1987", "en_GB"),
    ("né le 14 juillet 1989", "fr"),
    ("03/04/2005", "en_US"),
    ("03/04/2005", "de"),
    ("2024年2月29日", "ja"),
    ("31 февраля 1999", "ru"),
)
Figures = dict[str, Any]


def sequence(
    json_path: JsonOption,
    model: Annotated[str | None, typer.Option(help="Key of the reader; else the default.")] = None,
    per_locale: Annotated[int, typer.Option(min=1, help="Texts of every locale.")] = 200,
    beam_texts: Annotated[int, typer.Option(min=1, help="Texts for each beam width.")] = 1000,
    other_texts: Annotated[int, typer.Option(min=1, help="Generated texts without date.")] = 2000,
    sentences: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Texts without a date, one a line."),
    ] = None,
    placed: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="Texts with dates, places and calendars: JSON lines."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the texts that are written.")] = 2026,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Readers of dates, on patterns and days held out: exact match, BLEU, beam search, refusals."""
    with errors_reported():
        set_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        reader = date_reader(registry, model)
        manifest = registry.manifest(model or registry.default("read-dates"), DateReaderManifest)
        texts = _texts(per_locale, seed)
        report: Figures = {"model": manifest.key, **settings(), "seed": seed}
        report |= _dated_figures(reader, texts)
        other = examples((seed, 1), other_texts, none_share=1.0)
        report["without_dates"] = {
            "generated": undated(reader, [(e.text, e.known_locale) for e in other])
        }
        for path in sentences or _SENTENCES:
            lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
            figures = undated(reader, [(line, None) for line in lines])
            report["without_dates"][path.stem] = figures
        report["several_and_other_calendars"] = {
            path.stem: placed_figures(reader, placed_dates(path)) for path in placed or _PLACED
        }
        known = manifest.text
        report["beam"] = _beam(
            cast(AttentionSeq2Seq, registry.load(manifest.key)),
            Vocabulary(known.characters, tuple(known.locales)),
            [text for part in texts.values() for text in part][
                :: max(1, len(ORDERS) * per_locale // beam_texts)
            ],
        )
    write_json(json_path, report)
    picture = json_path.with_name(f"{json_path.stem}-attention.png")
    draw_attention([reader.read(text, locale) for text, locale in _SHOWN], picture)
    _print(report)
    console.print(f"Figures: {json_path}. Attention: {picture}")


def _texts(per_locale: int, seed: int) -> dict[str, list[Example]]:
    """Held-out patterns and days, the same number of every locale."""
    texts: dict[str, list[Example]] = {key: [] for key in ORDERS}
    batch = 0
    while any(len(part) < per_locale for part in texts.values()):
        for example in examples((seed, 0, batch), per_locale * len(ORDERS), unseen=True):
            if len(texts[example.locale]) < per_locale:
                texts[example.locale].append(example)
        batch += 1
    return texts


def _dated_figures(reader: DateReader, texts: dict[str, list[Example]]) -> Figures:
    locales = {}
    for key in track(texts, "Locales", console=console):
        locales[key] = {
            "told": dated(reader, texts[key], with_locale=True),
            "untold": dated(reader, texts[key], with_locale=False),
        }
    return {
        "locales": locales,
        "overall": {
            way: {
                name: _weighted([figures[way] for figures in locales.values()], name)
                for name in ("exact_match", "character_accuracy", "bleu", "refused", "wrong_date")
            }
            for way in ("told", "untold")
        },
    }


def _weighted(figures: list[Figures], name: str) -> float:
    total = sum(f["texts"] for f in figures)
    return float(sum(f[name] * f["texts"] for f in figures) / total)


def _beam(network: AttentionSeq2Seq, vocabulary: Vocabulary, texts: list[Example]) -> list[Figures]:
    widths = track(range(1, 11), "Beam widths", console=console)
    return [asdict(beam_figures(network, vocabulary, texts, width)) for width in widths]


def _print(report: Figures) -> None:
    rows = Table(title=f"{report['model']}: held-out patterns and days")
    for column in ("locale", "exact", "characters", "BLEU", "wrong", "exact, locale not told"):
        rows.add_column(column)
    parts = {**report["locales"], "all": report["overall"]}
    for key, figures in parts.items():
        known, unknown = figures["told"], figures["untold"]
        rows.add_row(
            key,
            f"{known['exact_match']:.2%}",
            f"{known['character_accuracy']:.2%}",
            f"{known['bleu']:.4f}",
            f"{known['wrong_date']:.2%}",
            f"{unknown['exact_match']:.2%}",
        )
    console.print(rows)
    for name, part in report["without_dates"].items():
        console.print(f"No date in {name}: {part['refused']:.2%} of {part['texts']} refused")
    _print_placed(report["several_and_other_calendars"])
    beams = Table(title="Beam search: whose fault are the errors?")
    for column in ("width", "exact", "ms per text", "search", "model"):
        beams.add_column(column)
    for row in report["beam"]:
        figures = SearchFigures(**row)
        beams.add_row(
            str(figures.width),
            f"{figures.exact_match:.2%}",
            f"{figures.milliseconds:.1f}",
            str(figures.search_at_fault),
            str(figures.model_at_fault),
        )
    console.print(beams)


def _print_placed(files: Figures) -> None:
    rows = Table(title="Several dates and other calendars")
    for column in ("file", "kind", "texts", "right", "wrong", "refused"):
        rows.add_column(column)
    for name, part in files.items():
        for kind, figures in {**part["kinds"], "all": part}.items():
            shares = [f"{figures[share]:.2%}" for share in ("right", "wrong", "refused")]
            rows.add_row(name, kind, str(figures["texts"]), *shares)
    console.print(rows)
