"""A trial of a single-pass detector: whether the network does what its manifest says."""

import torch
from torch import nn

from models.errors import InvalidWeightsError
from models.nets.single_pass import FIELDS
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
            said = network(picture)
            shape = tuple(said.shape)
    except Exception as error:  # torch has errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on a grey picture: {error}", model=manifest.key
        ) from error
    count = len(anchors(64, 96))
    if shape != (1, count, FIELDS):
        raise InvalidWeightsError(
            f"{manifest.key} gives numbers of shape {shape}, which are not answers for "
            f"{count} anchors.",
            model=manifest.key,
        )
    if not bool(said.isfinite().all()):
        raise InvalidWeightsError(
            f"{manifest.key} gives values that are not numbers.", model=manifest.key
        )
