"""The way from a picture to embeddings, shared by the service and by evaluation."""

from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from torch import nn

from models.nets.mtcnn import MTCNN
from models.nets.single_pass import SinglePass
from models.pipelines.detection.mtcnn_detection import MtcnnDetector
from models.pipelines.detection.mtcnn_stages import LaterStages
from models.pipelines.detection.results import Detections, FaceDetector
from models.pipelines.detection.single_pass_detection import SinglePassDetector
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.faces.mask_telling import MaskTeller
from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Manifest, Task
from models.registry.manifests.detectors import DetectorManifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.masks import MaskManifest

M = TypeVar("M", bound=Manifest)


class Networks(Protocol):
    """The registry, or what serves its networks by other means."""

    def manifest(self, key: str, kind: type[M]) -> M: ...

    def default(self, task: Task) -> str: ...

    def load(self, key: str) -> nn.Module: ...


def face_detector(registry: Networks, key: str | None = None) -> FaceDetector:
    """The detector with this key, or the default one. Raises what `Registry.load` raises."""
    manifest = registry.manifest(key or registry.default("detect-faces"), DetectorManifest)
    network = registry.load(manifest.key)
    if manifest.is_cascade:
        return MtcnnDetector(cast(MTCNN, network), manifest)
    stages = None
    if manifest.proposals.confirm is not None:
        judge = registry.manifest(manifest.proposals.confirm, DetectorManifest)
        stages = LaterStages(cast(MTCNN, registry.load(judge.key)), judge)
    return SinglePassDetector(cast(SinglePass, network), manifest, stages)


def face_encoder(
    registry: Networks, key: str | None = None, *, mirror: bool | None = None
) -> FaceEncoder:
    """The encoder with this key, or the default one. Raises what `Registry.load` raises.

    `mirror` overrides the manifest's mirror averaging. Raises InvalidManifestError for an encoder
    that is made of parts, too.
    """
    manifest = registry.manifest(key or registry.default("encode-faces"), EncoderManifest)
    network = registry.load(manifest.key)
    parts = [registry.manifest(key, EncoderManifest) for key in manifest.needs]
    if mirror is not None:
        if parts:
            raise InvalidManifestError(
                f"The parts of {manifest.key} say themselves whether they see faces mirrored.",
                model=manifest.key,
            )
        manifest = manifest.model_copy(update={"mirror": mirror})
    return FaceEncoder(network, manifest, parts)


def mask_teller(registry: Networks, key: str | None = None) -> MaskTeller:
    """The teller of masks with this key, or the default one. Raises what `Registry.load` raises."""
    manifest = registry.manifest(key or registry.default("tell-masks"), MaskManifest)
    return MaskTeller(registry.load(manifest.key), manifest.input, manifest.alignment)


def main_face(detections: Detections, height: int, width: int) -> int | None:
    """Index of the face a crop was made for: the largest of those that hold its center.

    When none holds the center, the largest of all; None when there are no faces.
    """
    if not len(detections):
        return None
    x, y, w, h = detections.boxes.T
    central = (x <= width / 2) & (width / 2 <= x + w) & (y <= height / 2) & (height / 2 <= y + h)
    sizes = w * h
    return int(np.argmax(np.where(central, sizes, 0) if central.any() else sizes))


def main_chip(
    rgb: NDArray[np.uint8], detector: FaceDetector, encoder: FaceEncoder
) -> NDArray[np.uint8] | None:
    """The aligned chip of the picture's main face, or None when no face is found.

    For crops that are known to show a face, so the detector's own last threshold decides.
    """
    detections = detector.detect(rgb, min_probability=0.0)
    index = main_face(detections, *rgb.shape[:2])
    return None if index is None else encoder.chip(rgb, detections.landmarks[index])
