"""`evaluate robustness`."""

from functools import partial
from typing import Any

from rich.table import Table

from training.evaluate.embedding import chips_of, encode_chips, encoder_of, gallery_of
from training.evaluate.gallery import find_images
from training.evaluate.options import (
    CacheOption,
    DetectorOption,
    EncoderOption,
    FoldsOption,
    ImagesOption,
    JsonOption,
    ManifestsOption,
    MirrorOption,
    PadOption,
    PairsOption,
    ThreadsOption,
    console,
    errors_reported,
    names_in,
    pairs_of,
    set_threads,
    setup,
    write_json,
)
from training.evaluate.plots import draw_robustness
from training.evaluate.robustness import FMRS, robustness_report
from training.evaluate.verification import require_protocol


def robustness(
    encoder: EncoderOption,
    images: ImagesOption,
    pairs: PairsOption,
    output: JsonOption,
    folds: FoldsOption = None,
    detector: DetectorOption = None,
    pad: PadOption = 0.0,
    mirror: MirrorOption = None,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """The same pairs with the second face masked, blurred, dark, ….

    The aligned face is changed, not the picture before detection, and always in the same way.
    """
    with errors_reported():
        set_threads(threads)
        use = setup(encoder, detector, pad, mirror, cache, manifests)
        table = pairs_of(pairs, folds)
        require_protocol(table)
        paths = find_images(images, names_in(table))
        chips = chips_of(use, paths)
        network = encoder_of(use)
        gallery = gallery_of(chips, encode_chips(network, chips.chips), paths)
        figures = robustness_report(gallery, chips, table, partial(encode_chips, network))
        options = use.options()
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
