"""`evaluate identification`."""

from typing import Annotated

import typer
from rich.table import Table

from training.encoders.commands.options import ChipOptions, EncoderOptions, PictureOptions
from training.encoders.measuring.embedding import embed
from training.encoders.measuring.identification import identification_report
from training.encoders.measuring.plots import draw_cmc
from training.kit.option_groups import with_groups
from training.kit.options import JsonOption, console, errors_reported
from training.kit.run_files import write_json


@with_groups
def identification(
    *,
    measured: EncoderOptions,
    taken: PictureOptions,
    output: JsonOption,
    gallery_size: Annotated[
        int | None,
        typer.Option(min=1, help="People in the open-set gallery; half of those possible."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws the open-set gallery.")] = 0,
    chips: ChipOptions,
) -> None:
    """Closed set: at which rank is the right person? Open set: who is found, who is not known?"""
    with errors_reported():
        use = measured.setup(chips)
        gallery = embed(use, taken.paths())
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
