"""Scores of a subject with several faces: by its nearest face, a template of all, or both."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from numpy.typing import NDArray

from app.domain.deciding.identification import identification_threshold
from benchmarks.measuring import JsonOption, QuickOption, machine, write_report
from benchmarks.scores.faces import (
    EncoderOption,
    Faces,
    FoldsOption,
    ImagesOption,
    PadOption,
    PairsOption,
    Vectors,
    WithoutOption,
    read_faces,
)
from models.pipelines.faces.templates import lengthened

FPIRS = (1e-2, 1e-3)
_ENROLLED = (1, 2, 3, 5)
_HARD = 3
"""Faces enrolled where they are chosen to be hard."""
_MOST_PROBES = 10
"""Of one person, so that nobody decides alone."""
_DRAWS = 5
Scores = NDArray[np.float32]
Choice = Literal["at random", "least alike", "one of another person"]


def several_faces(
    images: ImagesOption,
    pairs: PairsOption,
    folds: FoldsOption = "4,5",
    everybody: bool = False,
    without: WithoutOption = None,
    encoder: EncoderOption = "",
    power: Annotated[
        float | None, typer.Option(min=0, max=1, help="Of templates; else the encoder's.")
    ] = None,
    pad: PadOption = 0.25,
    json_path: JsonOption = Path("benchmarks/results/several-faces.json"),
    quick: QuickOption = False,
) -> None:
    """Measure FNIR and FPIR with several faces enrolled; `--everybody` takes all people."""
    faces = read_faces(encoder, images, pairs, folds, without, pad, others=everybody)
    if power is not None:
        faces = replace(faces, template_power=power)
    rows: list[dict[str, Any]] = []
    draws = range(1 if quick else _DRAWS)
    cases: list[tuple[int, Choice]] = [(count, "at random") for count in _ENROLLED]
    cases += [(_HARD, "least alike"), (_HARD, "one of another person")]
    for count, choice in cases:
        drawn = [_measured(faces, count, choice, draw, measured=not everybody) for draw in draws]
        for name in drawn[0]:
            mean = {
                key: float(np.mean([one[name][key] for one in drawn])) for key in drawn[0][name]
            }
            rows.append({"faces": count, "chosen": choice, "score": name, **mean})
            shown = {key: round(value, 4) for key, value in mean.items()}
            typer.echo(f"{count} {choice}, {name}: {shown}")
    options = {"encoder": faces.encoder, "power": faces.template_power, "draws": len(draws)}
    options |= {"folds": "all" if everybody else folds}
    write_report(json_path, options | {"rows": rows, "machine": machine()})


def _measured(
    faces: Faces, count: int, choice: Choice, draw: int, *, measured: bool
) -> dict[str, dict[str, float]]:
    """Figures by score: people with more faces than `count` are enrolled, the others strangers.

    Of each the faces are drawn, or those that are least alike, or one of them is a stranger's, who
    is then no stranger any more.
    """
    rng = np.random.default_rng(draw)
    enrolled: list[NDArray[np.intp]] = []
    probes: list[int] = []
    whose: list[int] = []
    strangers: list[int] = []
    for own in faces.several(1, measured=measured).values():
        rows = rng.permutation(own)
        if len(rows) > count:
            if choice == "least alike":
                rows = _least_alike_first(faces.embeddings, rows, count)
            probes += rows[count : count + _MOST_PROBES].tolist()
            whose += [len(enrolled)] * len(rows[count : count + _MOST_PROBES])
            enrolled.append(rows[:count])
        else:
            strangers += rows.tolist()
    if choice == "one of another person":
        wrong = rng.choice(len(strangers), len(enrolled), replace=False)
        for rows, one in zip(enrolled, wrong.tolist(), strict=True):
            rows[-1] = strangers[one]
        taken = set(faces.people[[strangers[one] for one in wrong]].tolist())
        strangers = [row for row in strangers if faces.people[row] not in taken]
    gallery, quality = faces.embeddings[np.stack(enrolled)], faces.quality[np.stack(enrolled)]
    power = faces.template_power
    own_scores = scores_of(faces.embeddings[probes], gallery, quality, power)
    of_strangers = scores_of(faces.embeddings[strangers], gallery, quality, power)
    return {
        name: _rates(found, np.array(whose), of_strangers[name].max(axis=1), faces)
        | {"enrolled": len(enrolled), "probes": len(probes), "strangers": len(strangers)}
        for name, found in own_scores.items()
    }


def _least_alike_first(embeddings: Vectors, rows: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The rows, first `count` whose highest similarity to those before them is the lowest."""
    similarities = embeddings[rows] @ embeddings[rows].T
    chosen = [int(n) for n in np.unravel_index(similarities.argmin(), similarities.shape)]
    while len(chosen) < count:
        nearest = similarities[:, chosen].max(axis=1)
        nearest[chosen] = np.inf
        chosen.append(int(nearest.argmin()))
    rest = np.setdiff1d(np.arange(len(rows)), chosen)
    return np.asarray(rows[np.concatenate([np.array(chosen), rest])])


def scores_of(
    probes: Vectors, gallery: Vectors, quality: NDArray[np.float64], power: float
) -> dict[str, Scores]:
    """(P, people) scores by name, of (P, dim) probes with (people, faces, dim) enrolled faces."""
    nearest = np.einsum("pd,gfd->pgf", probes, gallery).max(axis=2)
    mean = lengthened(gallery.mean(axis=1), power)
    shares = (quality[..., None] + 0.05).astype(np.float32)
    weighted = lengthened((gallery * shares).sum(axis=1) / shares.sum(axis=1), power)
    of_mean, of_weighted = probes @ mean.T, probes @ weighted.T
    return {
        "nearest face": nearest,
        "template": of_mean,
        "template by quality": of_weighted,
        "mean of nearest face and template": (nearest + of_mean) / 2,
        "larger of nearest face and template": np.maximum(nearest, of_mean),
        "larger of nearest face and template by quality": np.maximum(nearest, of_weighted),
    }


def _rates(
    own: Scores, whose: NDArray[np.intp], strangers: Scores, faces: Faces
) -> dict[str, float]:
    """FNIR where so many strangers are named, and FNIR and FPIR at the curve's thresholds."""
    of_theirs = own[np.arange(len(own)), whose]
    first = of_theirs >= own.max(axis=1)
    highest = np.sort(strangers)[::-1]
    rates: dict[str, float] = {}
    for fpir in FPIRS:
        threshold = float(highest[int(fpir * len(highest))])
        rates[f"fnir_{fpir:g}"] = 1 - float(np.mean(first & (of_theirs > threshold)))
        served = identification_threshold(faces.curve, own.shape[1], fpir=fpir).similarity
        rates[f"served_fnir_{fpir:g}"] = 1 - float(np.mean(first & (of_theirs >= served)))
        rates[f"served_fpir_{fpir:g}"] = float(np.mean(strangers >= served))
    return rates
