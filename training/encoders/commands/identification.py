"""`evaluate identification`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from training.encoders.commands.options import (
    DetectorOption,
    EncoderOption,
    FoldsOption,
    ImagesOption,
    MirrorOption,
    PadOption,
    PeopleOption,
)
from training.encoders.measuring.embedding import embed
from training.encoders.measuring.identification import identification_report
from training.encoders.measuring.plots import draw_cmc
from training.encoders.measuring.setup import setup
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
from training.measure.gallery import find_images, read_people
from training.measure.pairs import names_in, pairs_of


def identification(
    encoder: EncoderOption,
    images: ImagesOption,
    output: JsonOption,
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", exists=True, help="Use only the pictures named here."),
    ] = None,
    folds: FoldsOption = None,
    people: PeopleOption = None,
    gallery_size: Annotated[
        int | None,
        typer.Option(min=1, help="People in the open-set gallery; half of those possible."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws the open-set gallery.")] = 0,
    detector: DetectorOption = None,
    pad: PadOption = 0.0,
    mirror: MirrorOption = None,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Closed set: at which rank is the right person? Open set: who is found, who is not known?"""
    with errors_reported():
        set_threads(threads)
        use = setup(encoder, detector, pad, mirror, cache, manifests)
        named = None if pairs is None else names_in(pairs_of(pairs, folds))
        gallery = embed(use, find_images(images, named, read_people(people)))
        figures, cmc = identification_report(gallery, gallery_size, seed)
        report = use.options() | figures
    write_json(output, report)
    draw_cmc(output.with_name(f"{output.stem}-cmc.png"), cmc)
    table = Table("figure", "value")
    for rank, share in report["closed_set"]["cmc"].items():
        table.add_row(f"closed set, rank {rank}", f"{share:.4f}")
    for rate, share in report["open_set"]["dir"].items():
        table.add_row(f"open set, DIR at FPIR {rate}", f"{share:.4f}")
    console.print(table)
