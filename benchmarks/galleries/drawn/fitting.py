"""Statistics of an encoder's embeddings, which synthetic galleries are drawn with."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from benchmarks.galleries.drawn.difficult import CONDITIONS, fit_difficult
from benchmarks.galleries.drawn.synthetic import STATISTICS, Floats, Population, fit
from models.pipelines.faces.pipeline import face_encoder
from models.registry.locations import open_registry
from training.encoders.measuring.embedding import chips_of, panels_of_parts
from training.encoders.measuring.robustness import changed_chips
from training.encoders.measuring.setup import Setup
from training.measure.encoding import encode_chips
from training.measure.gallery import find_images

_LEVELS = {"strangers": (0.5, 0.9, 0.99, 0.999, 0.9999), "one person": (0.01, 0.1, 0.25, 0.5, 0.75)}


def fit_embeddings(
    images: Annotated[Path, typer.Option(exists=True, help="One folder per person.")],
    pad: Annotated[float, typer.Option(help="Replicate the border by this share.")] = 0.25,
    encoder: Annotated[str, typer.Option(help="Model key; the default encoder if empty.")] = "",
    out: Annotated[Path, typer.Option(help="The statistics.")] = STATISTICS,
) -> None:
    """Fit the statistics that synthetic embeddings are drawn with, and say how well they fit."""
    registry = open_registry()
    setup = Setup(registry, encoder or registry.default("encode-faces"), None, pad, None)
    chips = chips_of(setup, find_images(images))
    served = ServingNetworks(registry, open_runtime("auto", registry.cache_dir))
    network = face_encoder(served, setup.encoder)
    people = chips.labels
    clear = encode_chips(network, chips.chips)
    population = fit(clear, people)
    arrays = {name: getattr(population, name) for name in Population.__slots__}
    rng = np.random.default_rng(0)
    drawn = population.identities(people.max() + 1, rng)
    enrolled = population.images(drawn, rng)
    _tell("clear", clear, clear, people, enrolled, population.images(drawn, rng))
    rows, panels = range(len(chips)), panels_of_parts(setup)
    for name in CONDITIONS:
        changed = encode_chips(network, changed_chips(chips, rows, name, panels), name)
        condition = fit_difficult(clear, changed, people)
        arrays |= condition.arrays(name)
        made = condition.images(drawn, population, rng)
        _tell(name, clear, changed, people, enrolled, made)
    np.savez(out, **arrays)


def _tell(
    name: str,
    clear: Floats,
    changed: Floats,
    people: NDArray[np.int64],
    enrolled: Floats,
    made: Floats,
) -> None:
    """Quantiles of cosines of clear pictures with changed ones, real and drawn, side by side."""
    firsts = np.unique(people, return_index=True)[1]
    singles, spoiled = clear[firsts], changed[firsts]
    apart = ~np.eye(len(singles), dtype=bool)
    same = (people[:, None] == people[None]) & ~np.eye(len(people), dtype=bool)
    cosines = {
        "strangers": ((singles @ spoiled.T)[apart], (enrolled @ made.T)[apart]),
        "one person": (_each(clear @ changed.T, same, people), (enrolled * made).sum(axis=1)),
    }
    for who, pair in cosines.items():
        for kind, some in zip(("real", "drawn"), pair, strict=True):
            typer.echo(f"{name}, {who}, {kind}: {np.quantile(some, _LEVELS[who]).round(3)}")


def _each(cosines: Floats, same: NDArray[np.bool_], people: NDArray[np.int64]) -> Floats:
    """Pairs of one person, everybody's as often as anybody else's."""
    rng, chosen = np.random.default_rng(0), []
    for person in range(people.max() + 1):
        rows = np.flatnonzero(people == person)
        pairs = cosines[np.ix_(rows, rows)][same[np.ix_(rows, rows)]]
        if len(pairs):
            chosen.append(rng.choice(pairs, 20))
    return np.concatenate(chosen)
