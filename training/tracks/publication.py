"""Publish an aggregator, with the threshold curve of its templates."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.registry.manifests.base import Manifest
from models.registry.registry import Registry
from training.kit import checkpoints
from training.kit.run_files import BEST
from training.measure.calibration import calibrate
from training.publish.curve import describe_method
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
    than a single face does, so the encoder's own curve would promise too much.
    Without a run, the fresh network is published, which weighs by the quality score.
    Raises what `publish_state` raises.
    """
    network = build(recipe, filmed.clean.shape[1]).eval()
    if run is not None:
        network.load_state_dict(checkpoints.load(run / BEST)["average"])
    places = Places.under(into)
    histogram = None
    count = 0
    for group in people:
        enrolled = filmed.enrolled(group)
        composer = filmed.composer(group, recipe.composition)
        found = compare(film(composer, _PER_CLIP, recipe.seed), enrolled, by_network(network))
        histogram = found.histogram if histogram is None else histogram.plus(found.histogram)
        count += len(group)
    assert histogram is not None  # noqa: S101 - there are people
    calibration = calibrate(histogram)
    fields: dict[str, Any] = {
        "task": "aggregate-tracks",
        "encoder": registry.manifest(recipe.encoder).key,
        **texts,
        "architecture": {
            "name": "track-aggregator",
            "arguments": {"dimension": filmed.clean.shape[1], **recipe.model.model_dump()},
        },
        "curve": {
            "points": [list(point) for point in calibration.points],
            "method": describe_method(calibration),
            "data": f"degraded tracks against clean photographs of {count} people",
            "impostors": calibration.comparisons,
            "tail_from": round(calibration.tail_from, 5),
        },
    }
    if figures is not None:
        fields["metrics"] = {"tracks": json.loads(figures.read_text(encoding="utf-8"))}
    return publish_state(network.state_dict(), fields, registry, places)
