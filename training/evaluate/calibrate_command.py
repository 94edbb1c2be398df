"""`evaluate calibrate`."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from training.evaluate.calibration import Calibration, calibrate
from training.evaluate.embedding import embed
from training.evaluate.gallery import EvaluationError, find_images, read_pairs
from training.evaluate.impostors import cross_identity_histogram
from training.evaluate.manifest_update import describe_method, update_curve
from training.evaluate.options import (
    CacheOption,
    DetectorOption,
    EncoderOption,
    ImagesOption,
    ManifestsOption,
    MirrorOption,
    PadOption,
    console,
    errors_reported,
    names_in,
    setup,
    write_json,
)


def calibration(
    encoder: EncoderOption,
    images: ImagesOption,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="Use only the pictures named here.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--json")] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="Manifest file to write the curve into.")
    ] = None,
    data: Annotated[str, typer.Option("--data", help="Name of the data, for the manifest.")] = "",
    detector: DetectorOption = None,
    pad: PadOption = 0.0,
    mirror: MirrorOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Measure similarity → false-match rate over all comparisons of different people."""
    with errors_reported():
        use = setup(encoder, detector, pad, mirror, cache, manifests)
        named = None if pairs is None else names_in(read_pairs(pairs))
        gallery = embed(use, find_images(images, named))
        faces = gallery.detected
        people = np.asarray(gallery.identities)[faces].tolist()
        try:
            result = calibrate(cross_identity_histogram(gallery.embeddings[faces], people))
        except ValueError as error:
            raise EvaluationError(f"{error}.") from error
        provenance = f"{data or images.name}: {len(people)} faces of {len(set(people))} people"
        if manifest is not None:
            update_curve(manifest, result, provenance)
        options = use.options()
    if output is not None:
        counts = {"images": len(faces), "undetected": int((~faces).sum())}
        write_json(output, options | counts | _as_json(result, provenance))
    _print(result)


def _as_json(result: Calibration, provenance: str) -> dict[str, Any]:
    return {
        "points": result.points,
        "tail_from": result.tail_from,
        "impostor_comparisons": result.comparisons,
        "method": describe_method(result),
        "data": provenance,
    }


def _print(result: Calibration) -> None:
    table = Table("FMR", "similarity", "how")
    for similarity, fmr in result.points:
        table.add_row(
            f"{fmr:.0e}",
            f"{similarity:.5f}",
            "fitted" if similarity > result.tail_from else "counted",
        )
    console.print(table)
    console.print(f"{result.comparisons:,} comparisons; {describe_method(result)}.")
