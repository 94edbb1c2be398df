"""Does serving cost accuracy? Verification by every runtime, on the same faces."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from app.vision.running.runtimes.choice import RuntimeName, open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import JsonOption, QuickOption, draw_lines, finish, machine
from models.pipelines.faces.pipeline import face_encoder
from models.registry.locations import open_registry
from training.encoders.measuring.embedding import chips_of, gallery_of
from training.encoders.measuring.setup import setup
from training.encoders.measuring.verification import verification_report
from training.measure.encoding import encode_chips
from training.measure.gallery import find_images
from training.measure.pairs import names_in, pairs_of

_RATES = ("1e-2", "1e-3")


def accuracy(
    images: Annotated[Path, typer.Option(help="One folder per person.")] = Path(
        "../shared/data/lfw-gray/dev"
    ),
    pairs: Annotated[Path, typer.Option(help="Fold, first, second, same.")] = Path(
        "../shared/data/lfw-gray/pairs.tsv"
    ),
    pad: Annotated[float, typer.Option(help="Border replicated, as a share of the size.")] = 0.25,
    encoder: Annotated[str, typer.Option(help="Model key; the default if empty.")] = "",
    json_path: JsonOption = Path("benchmarks/results/accuracy.json"),
    quick: QuickOption = False,
) -> None:
    """Compare every runtime with torch over labelled pairs; quick takes two folds."""
    set_threads(1)
    wanted = encoder or open_registry().default("encode-faces")
    use = setup(wanted, None, pad, None, None, None)
    table = pairs_of(pairs, "1,2" if quick else None)
    paths = find_images(images, names_in(table))
    chips = chips_of(use, paths)
    reports: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as cache:
        for name in get_args(RuntimeName):
            networks = ServingNetworks(use.registry, open_runtime(name, Path(cache)))
            served = face_encoder(networks, use.encoder)
            gallery = gallery_of(chips, encode_chips(served, chips.chips, name), paths)
            reports[name] = verification_report(gallery, table)
    reference = reports["torch"]
    report = {
        "ratios": {
            f"accuracy_{name}_minus_torch": one["accuracy"] - reference["accuracy"]
            for name, one in reports.items()
            if name != "torch"
        },
        "runtimes": reports,
        "pairs": len(table),
        "machine": machine(),
    }
    rates = {
        name: {float(rate): one["fnmr"][rate] for rate in _RATES} for name, one in reports.items()
    }
    draw_lines(json_path.with_suffix(".png"), {"FNMR": rates}, "FMR")
    finish(json_path, report)
