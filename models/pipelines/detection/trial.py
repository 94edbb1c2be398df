"""A trial of a single-pass detector: whether the network does what its manifest says."""

import torch
from torch import nn

from models.errors import InvalidWeightsError
from models.pipelines.detection.anchors import anchors
from models.registry.errors import InvalidManifestError
from models.registry.manifests.detectors import DetectorManifest


def try_detector(network: nn.Module, manifest: DetectorManifest) -> None:
    """Run a single-pass detector once on noise.

    Raises InvalidWeightsError when it does not fit, and InvalidManifestError for a cascade.
    """
    if manifest.is_cascade:
        raise InvalidManifestError(
            f"{manifest.key} is no single-pass detector, and no other kind can be published.",
            model=manifest.key,
        )
    picture = torch.randn((1, 1, 64, 96), generator=torch.Generator().manual_seed(0))
    try:
        with torch.inference_mode():
            answers = network(picture)
            shapes = [tuple(part.shape) for part in answers]
    except Exception as error:  # torch has errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on a grey picture: {error}", model=manifest.key
        ) from error
    count = len(anchors(64, 96))
    if shapes != [(1, count), (1, count, 4), (1, count, 10)]:
        raise InvalidWeightsError(
            f"{manifest.key} gives numbers of shape {shapes}, which are not answers for "
            f"{count} anchors.",
            model=manifest.key,
        )
    if not all(bool(part.isfinite().all()) for part in answers):
        raise InvalidWeightsError(
            f"{manifest.key} gives values that are not numbers.", model=manifest.key
        )
