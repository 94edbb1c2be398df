"""Of the enrolled who come again, how many are found, by people and pictures of each?"""

import itertools
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from app.domain.deciding.identification import DEFAULT_FPIR, identification_threshold
from benchmarks.galleries.big_gallery import ENCODER
from benchmarks.galleries.drawn.difficult import Difficult
from benchmarks.galleries.drawn.synthetic import STATISTICS, Population
from benchmarks.measuring import JsonOption, QuickOption, machine, write_report
from models.pipelines.faces.templates import lengthened
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest

_SIZES = (100, 1_000, 10_000)
_PICTURES = (1, 3, 5)
_STRANGERS = 1_000


def found_again(
    encoder: Annotated[str, typer.Option(help="Whose curve gives the thresholds.")] = ENCODER,
    statistics: Annotated[
        Path, typer.Option(exists=True, help="Of that encoder, by fit-embeddings.")
    ] = STATISTICS,
    json_path: JsonOption = Path("benchmarks/results/found-again.json"),
    quick: QuickOption = False,
) -> None:
    """Draw people and their pictures; the template of a person's against the real curve.

    Enrolled pictures are clear; those looked for are clear, too, or difficult.
    """
    manifest = open_registry().manifest(encoder, EncoderManifest)
    curve = manifest.threshold_curve
    population, rng = Population.load(statistics), np.random.default_rng(5)
    sizes = _SIZES[:2] if quick else _SIZES
    people = population.identities(max(sizes), rng)
    probes = {"clear": population.images(people, rng)}
    enrolled = [population.images(people, rng) for _ in range(max(_PICTURES))]
    others = population.identities(_STRANGERS, rng)
    strangers = {"clear": population.images(others, rng)}
    for name, condition in Difficult.load(statistics).items():
        probes[name] = condition.images(people, population, rng)
        strangers[name] = condition.images(others, population, rng)
    rows: list[dict[str, Any]] = []
    for size, count, name in itertools.product(sizes, _PICTURES, probes):
        threshold = identification_threshold(curve, size, fpir=DEFAULT_FPIR).similarity
        # As `fused_similarity` does, of everybody at once.
        templates = lengthened(np.mean(enrolled[:count], axis=0), manifest.template_power)
        own = (templates * probes[name]).sum(axis=1)
        named = (strangers[name] @ templates[:size].T).max(axis=1) >= threshold
        rows.append(
            {
                "condition": name,
                "people": size,
                "pictures": count,
                "threshold": threshold,
                "found": float(np.mean(own >= threshold)),
                "strangers_named": float(np.mean(named)),
            }
        )
        typer.echo(f"{name:10} {size:6} {count} {rows[-1]['found']:.3f} {named.mean():.3f}")
    write_report(json_path, {"encoder": encoder, "rows": rows, "machine": machine()})
