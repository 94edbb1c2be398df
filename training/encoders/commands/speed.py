"""`evaluate speed`."""

from typing import Annotated

import torch
import typer
from rich.table import Table

from models.registry.manifests.encoders import EncoderManifest
from training.encoders.commands.options import EncoderOption, MirrorOption
from training.encoders.measuring.embedding import encoder_of
from training.encoders.measuring.setup import setup
from training.encoders.measuring.speed import speed_report
from training.kit.options import (
    CacheOption,
    JsonOption,
    ManifestsOption,
    TimedThreadsOption,
    console,
    errors_reported,
)
from training.kit.run_files import write_json


def speed(
    encoder: EncoderOption,
    output: JsonOption,
    batch: Annotated[
        list[int] | None, typer.Option("--batch", min=1, help="Faces per call; several allowed.")
    ] = None,
    threads: TimedThreadsOption = 1,
    mirror: MirrorOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Milliseconds per face, from aligned chip to embedding."""
    with errors_reported():
        use = setup(encoder, None, 0.0, mirror, cache, manifests)
        torch.set_num_threads(threads)
        network = encoder_of(use)
        size = use.registry.manifest(use.encoder, EncoderManifest).input.size
        options = use.options()
        report = {key: options[key] for key in ("encoder", "mirror")}
        report |= speed_report(network, size, tuple(batch or (1, 16)))
    write_json(output, report)
    table = Table("faces per call", "ms per face", "fastest")
    for faces, times in report["ms_per_face"].items():
        table.add_row(faces, f"{times['median']:.2f}", f"{times['fastest']:.2f}")
    console.print(table)
