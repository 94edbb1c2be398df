"""Publish an aggregator, with the threshold curve of its templates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from torch import nn

from models.registry.curve import ThresholdCurve
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.data.sources import TrainingDataError
from training.kit import checkpoints
from training.kit.run_files import BEST
from training.measure.calibration import FEWEST, Calibration, calibrate
from training.measure.impostors import ScoreHistogram
from training.publish.curve import curve_fields
from training.publish.places import Places
from training.publish.publication import publish_state
from training.tracks.material import Filmed, People
from training.tracks.measuring import by_network, compare, film
from training.tracks.recipe import TracksConfig
from training.tracks.trainer import build

_PER_CLIP = 6


def publish_aggregator(
    run: Path | None,
    recipe: TracksConfig,
    filmed: Filmed,
    people: Sequence[People],
    texts: Mapping[str, Any],
    registry: Registry,
    *,
    figures: Path | None = None,
    into: Path | None = None,
) -> Manifest:
    """Weights and manifest, in the project or in a directory of its own.

    The curve is counted from all tracks against all photographs of other people, among
    `people` that were not trained on: the mean of several frames lies nearer to everybody
    than a single face does, so the encoder's own curve would promise too much. Where the curve
    is fitted, it is no kinder than the encoder's, which more comparisons carry.
    Without a run, the fresh network is published, which weighs by the quality score.
    Raises TrainingDataError where they are too few, and what `publish_state` raises.
    """
    network = build(recipe, filmed.clean.shape[1]).eval()
    if run is not None:
        network.load_state_dict(checkpoints.load(run / BEST)["average"])
    fields: dict[str, Any] = {
        "task": "aggregate-tracks",
        "encoder": registry.manifest(recipe.encoder).key,
        **texts,
        "architecture": {
            "name": "track-aggregator",
            "arguments": {"dimension": filmed.clean.shape[1], **recipe.model.model_dump()},
        },
        "curve": _curve(
            calibrate(_impostors(network, recipe, filmed, people)),
            registry.manifest(recipe.encoder, EncoderManifest).threshold_curve,
            f"degraded tracks against clean photographs of {sum(map(len, people))} people",
        ),
    }
    if figures is not None:
        fields["metrics"] = {"tracks": json.loads(figures.read_text(encoding="utf-8"))}
    return publish_state(network.state_dict(), fields, registry, Places.under(into))


def _curve(counted: Calibration, encoder: ThresholdCurve, data: str) -> dict[str, Any]:
    """The curve's fields, no kinder than the encoder's own where it is fitted."""
    points = tuple(
        (s if s <= counted.tail_from else max(s, round(encoder.similarity(fmr), 5)), fmr)
        for s, fmr in counted.points
    )
    below = tuple(point for point in points if point[0] < 1)  # a cosine's end is no threshold
    fields = curve_fields(replace(counted, points=below), data)
    raised = points != counted.points
    return fields | ({"method": f"{fields['method']}, or the encoder's own"} if raised else {})


def _impostors(
    network: nn.Module, recipe: TracksConfig, filmed: Filmed, people: Sequence[People]
) -> ScoreHistogram:
    """Scores of tracks against photographs of others, within each group of people."""
    found = [
        compare(
            film(filmed.composer(group, recipe.composition), _PER_CLIP, recipe.seed),
            filmed.enrolled(group),
            by_network(network),
        ).histogram
        for group in people
    ]
    scores = reduce(ScoreHistogram.plus, found)
    if scores.total < FEWEST:
        raise TrainingDataError(
            f"{scores.total:,} comparisons of tracks with photographs of others are too few: "
            f"a curve takes {FEWEST:,}.",
            hint="Give more people with several photographs, or hold more of them out.",
        )
    return scores
