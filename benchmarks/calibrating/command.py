"""Does a gallery of people of one kind keep the promised rate, by which curve?"""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.domain.curves.calibration import impostors, refined
from app.domain.curves.fusing import template_of
from app.domain.deciding.identification import rate_of_one
from app.domain.people.shares import share
from app.vision.faces.catalogue import EncoderCatalogue
from benchmarks.measuring import JsonOption, QuickOption, finish
from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry

FPIRS = (0.01, 0.05)
_QUICK = 400
"""Pictures of a quick run."""
Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


def calibrating(
    images: Annotated[Path, typer.Option(exists=True, help="One folder per person.")],
    pad: Annotated[float, typer.Option(help="Replicate the border by this share.")] = 0.25,
    kinds: Annotated[int, typer.Option(min=2, help="Kinds of people that are alike.")] = 4,
    encoder: Annotated[str | None, typer.Option(help="Encoder; the default one.")] = None,
    splits: Annotated[int, typer.Option(min=1, help="Draws of who is enrolled.")] = 20,
    json_path: JsonOption = Path("benchmarks/results/calibrating.json"),
    quick: QuickOption = False,
) -> None:
    """Measure the rate of strangers named, in galleries of everybody and of each kind."""
    from training.encoders.measuring.embedding import embed
    from training.encoders.measuring.setup import setup

    use = setup(encoder or open_registry().default("encode-faces"), None, pad, None, None, None)
    files = sorted(path for path in images.rglob("*") if path.is_file())
    gallery = embed(use, files[:_QUICK] if quick else files)
    vectors = gallery.embeddings[gallery.detected]
    names = np.array(gallery.identities)[gallery.detected]
    people = np.unique(names, return_inverse=True)[1].astype(np.int64)
    catalogue = EncoderCatalogue(use.registry)
    curve, power = catalogue.curve(use.encoder), catalogue.template_power(use.encoder)
    kind = _kinds(vectors, people, kinds)
    rows: list[dict[str, Any]] = []
    for name, chosen in [("everybody", np.arange(len(kind)))] + [
        (f"kind {number + 1}", np.flatnonzero(kind == number)) for number in range(kinds)
    ]:
        rows += _measured(name, vectors, people, chosen, curve, power, splits)
    report = {"faces": len(vectors), "people": len(kind), "rows": rows}
    finish(json_path, report | {"ratios": {}})


def _kinds(vectors: Vectors, people: Ids, kinds: int) -> Ids:
    """(people,) the kind of each: k-means of the means of their faces."""
    means = np.zeros((int(people.max()) + 1, vectors.shape[1]))
    np.add.at(means, people, vectors)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    centers = means[np.random.default_rng(0).choice(len(means), kinds, replace=False)]
    for _ in range(100):
        kind = ((means[:, None] - centers[None]) ** 2).sum(axis=2).argmin(axis=1)
        centers = np.stack([means[kind == number].mean(axis=0) for number in range(kinds)])
    found: Ids = kind.astype(np.int64)
    return found


def _measured(
    name: str,
    vectors: Vectors,
    people: Ids,
    chosen: Ids,
    general: ThresholdCurve,
    power: float,
    splits: int,
) -> list[dict[str, Any]]:
    """Half of the people are enrolled, drawn anew each time; the others are strangers."""
    named: dict[tuple[str, float], list[NDArray[np.bool_]]] = {}
    whose: list[Ids] = []
    for split in range(splits):
        order = np.random.default_rng(split).permutation(chosen)
        enrolled = np.isin(people, order[: len(order) // 2])
        stranger = np.isin(people, order[len(order) // 2 :])
        own = _own_curve(general, vectors[enrolled], people[enrolled], power)
        templates = _templates(vectors[enrolled], people[enrolled], power)
        best = (vectors[stranger] @ templates.T).max(axis=1)
        whose.append(people[stranger])
        for fpir in FPIRS:
            fmr = rate_of_one(fpir, len(order) // 2)
            for curve, by in ((general, "encoder"), (own, "own people")):
                named.setdefault((by, fpir), []).append(best >= curve.similarity(fmr))
    rows = []
    for (by, fpir), hits in named.items():
        found = share(np.concatenate(hits), np.concatenate(whose))
        rows.append(
            {
                "gallery": name,
                "enrolled": len(chosen) // 2,
                "curve": by,
                "promised": fpir,
                "measured": found.value,
                "low": found.low,
                "high": found.high,
            }
        )
        typer.echo(
            f"{name:10} {by:10} promised {fpir:<5g} measured {found.value:.4f} "
            f"[{found.low:.4f}, {found.high:.4f}]"
        )
    return rows


def _templates(vectors: Vectors, people: Ids, power: float) -> Vectors:
    """(subjects, dimension), of all faces of each, as searches compare with them."""
    return np.stack([template_of(vectors[people == one], power) for one in np.unique(people)])


def _own_curve(
    general: ThresholdCurve, vectors: Vectors, people: Ids, power: float
) -> ThresholdCurve:
    fitted = refined(general, impostors(vectors, people, power), len(vectors))
    return ThresholdCurve.of([(one.similarity, one.fmr) for one in fitted.points])
