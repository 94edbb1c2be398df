"""`evaluate robustness`."""

from functools import partial
from typing import Any

from rich.table import Table

from training.encoders.commands.options import ChipOptions, EncoderOptions, PairOptions
from training.encoders.measuring.embedding import (
    chips_of,
    encoder_of,
    gallery_of,
    panels_of_parts,
)
from training.encoders.measuring.plots import draw_robustness
from training.encoders.measuring.robustness import FMRS, robustness_report
from training.kit.option_groups import with_groups
from training.kit.options import JsonOption, console, errors_reported
from training.kit.run_files import write_json
from training.measure.encoding import encode_chips


@with_groups
def robustness(
    *,
    measured: EncoderOptions,
    material: PairOptions,
    output: JsonOption,
    chips: ChipOptions,
) -> None:
    """The same pairs with the second face masked, blurred, dark, ….

    The aligned face is changed, not the picture before detection, and always in the same way.
    """
    with errors_reported():
        use = measured.setup(chips)
        taken = material.compared()
        cut = chips_of(use, taken.paths)
        network = encoder_of(use)
        clean = encode_chips(network, cut.chips)
        gallery = gallery_of(cut, clean, taken.paths, taken.names)
        encode = partial(encode_chips, network)
        figures = robustness_report(gallery, cut, taken.pairs, encode, panels_of_parts(use))
        options = use.options() | {"pairs_from": taken.origin}
    # By condition at the top, like the figures of the other reports, and as one object.
    write_json(output, options | figures | {"robustness": figures})
    draw_robustness(output.with_suffix(".png"), figures)
    _print(figures)


def _print(figures: dict[str, Any]) -> None:
    table = Table("condition", "accuracy", *(f"FNMR at {rate}" for rate in FMRS))
    for name, values in figures.items():
        rates = [f"{rate:.3f}" for rate in values["fnmr"].values()]
        table.add_row(name, f"{values['accuracy']:.4f}", *rates)
    console.print(table)
