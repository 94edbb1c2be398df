"""Bytes in, faces out."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.deadlines import check_deadline
from app.domain.faces import AnalysisOptions, Box, Face, ImageAnalysis
from app.vision.decoding.decode import DecodeLimits, Picture, decode
from app.vision.decoding.rotation import rotate, rotate_back
from app.vision.faces.crops import Crop
from models.pipelines.detection.results import Detections, FaceDetector, default_min_face
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.faces.face_quality import judge
from models.pipelines.faces.mask_wearing import MaskWearing
from models.pipelines.faces.measures import measure
from models.pipelines.faces.pipeline import Networks, face_detector, face_encoder, mask_teller
from models.registry.manifests.detectors import DetectorManifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.masks import MaskManifest

StageObserver = Callable[[str, float], None]
"""Called with the name of a stage (`decode`, `detect`, `encode`, `masks`) and its seconds."""

_ROTATIONS = (90, 180, 270)
_SURE = 0.999
"""Probability from which on a face is surely the right way up. Upside-down faces pass for
faces now and then, with eyes and mouth confused, but hardly ever that surely."""
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 95]
_JPEG += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


class FaceAnalyser:
    """Decode, detect, align, encode, judge. Thread-safe; networks load on first use."""

    def __init__(
        self,
        networks: Networks,
        *,
        limits: DecodeLimits | None = None,
        detector: str | None = None,
        observer: StageObserver | None = None,
        in_flight: AbstractContextManager[None] | None = None,
    ) -> None:
        self._networks = networks
        self._limits = limits or DecodeLimits()
        self._default_detector = detector
        self._observer = observer
        self._in_flight = in_flight or nullcontext()

    def analyse(self, data: bytes, options: AnalysisOptions) -> ImageAnalysis:
        """Find the faces of an encoded picture, largest first, `max_faces` at most.

        Coordinates are pixels of the upright picture at its full size. Without an encoder in
        the options, faces have no embedding. Raises what `decode` raises, and the registry's
        errors for models that are unknown or without weights.
        """
        with self._in_flight:
            with self._stage("decode"):
                picture = decode(data, self._limits, options.min_face)
            return self._analysis(picture, options)

    def analyse_picture(self, picture: Picture, options: AnalysisOptions) -> ImageAnalysis:
        """Find the faces of a decoded picture, as `analyse` does."""
        with self._in_flight:
            return self._analysis(picture, options)

    def _analysis(self, picture: Picture, options: AnalysisOptions) -> ImageAnalysis:
        detector_key, encoder_key = self._keys(options)
        detector = face_detector(self._networks, detector_key)
        encoder = self._encoder(options)
        smallest = options.min_face or default_min_face(picture.width, picture.height)
        with self._stage("detect"):
            found, rotation = self._detect(detector, picture, options, smallest)
        truncated = found.truncated or len(found) > options.max_faces
        found = _largest_first(found, options.max_faces)
        with self._stage("encode"):
            chips = [encoder.chip(picture.rgb, points) for points in found.landmarks]
            embeddings = None
            if options.encoder is not None and chips:
                embeddings = encoder.encode(np.stack(chips))
        teller, worn = self._masks(picture, found) if options.masks else (None, None)
        faces = tuple(
            _face(
                picture,
                found,
                i,
                chip,
                embedding=None if embeddings is None else embeddings[i],
                options=options,
                mask=None if worn is None else worn[i],
            )
            for i, chip in enumerate(chips)
        )
        return ImageAnalysis(
            picture.width,
            picture.height,
            faces,
            detector_key,
            encoder_key,
            rotation,
            smallest,
            truncated,
            teller,
        )

    def _masks(self, picture: Picture, found: Detections) -> tuple[str, list[MaskWearing]]:
        """The key of the model that tells masks, and what it tells of each face.

        It is loaded when it is asked for the first time.
        """
        key = self._networks.manifest(self._networks.default("tell-masks"), MaskManifest).key
        with self._stage("masks"):
            if not len(found):
                return key, []
            teller = mask_teller(self._networks, key)
            chips = [teller.chip(picture.rgb, points) for points in found.landmarks]
            return key, teller.tell(np.stack(chips))

    def _keys(self, options: AnalysisOptions) -> tuple[str, str | None]:
        """Full keys of the models to use; bare names become the newest version."""
        wanted = (
            options.detector or self._default_detector or self._networks.default("detect-faces")
        )
        detector = self._networks.manifest(wanted, DetectorManifest).key
        if options.encoder is None:
            return detector, None
        return detector, self._networks.manifest(options.encoder, EncoderManifest).key

    def _encoder(self, options: AnalysisOptions) -> FaceEncoder:
        """The encoder; chips are cut as it wants them even without embeddings, to judge quality."""
        return face_encoder(self._networks, options.encoder)

    def _detect(
        self, detector: FaceDetector, picture: Picture, options: AnalysisOptions, smallest: int
    ) -> tuple[Detections, int]:
        """Detections in decoded pixels, and the rotation that was necessary to find them."""
        reduced = max(1, round(smallest / max(picture.scale)))
        found, angle = detector.detect(picture.rgb, reduced, options.min_probability), 0
        if not options.rotations or _surest(found) >= _SURE:
            return found, 0
        for degrees in _ROTATIONS:
            check_deadline()
            rotated = rotate(picture.rgb, degrees)
            other = detector.detect(rotated, reduced, options.min_probability)
            if _surest(other) > _surest(found):
                found, angle = other, degrees
        return rotate_back(found, angle, *picture.rgb.shape[:2]), angle

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        check_deadline()
        start = time.perf_counter()
        yield
        if self._observer is not None:
            self._observer(name, time.perf_counter() - start)


def _surest(found: Detections) -> float:
    """The highest probability; 0 when there is no face."""
    return float(found.probabilities.max(initial=0.0))


def _largest_first(found: Detections, max_faces: int) -> Detections:
    areas = found.boxes[:, 2] * found.boxes[:, 3]
    return found.take(np.argsort(-areas, kind="stable")[:max_faces])


def _face(
    picture: Picture,
    found: Detections,
    index: int,
    chip: NDArray[np.uint8],
    *,
    embedding: NDArray[np.float32] | None,
    options: AnalysisOptions,
    mask: MaskWearing | None,
) -> Face:
    scale = np.asarray(picture.scale, dtype=np.float32)
    box = found.boxes[index] * np.tile(scale, 2)
    landmarks = found.landmarks[index] * scale
    probability = float(found.probabilities[index])
    measures = measure(chip, box, landmarks, probability, (picture.height, picture.width))
    return Face(
        box=Box(*(float(v) for v in box)),
        probability=probability,
        landmarks=landmarks,
        pose=measures.pose,
        quality=judge(measures),
        embedding=embedding,
        portrait=_portrait(picture.rgb, found.boxes[index]) if options.portraits else None,
        crop=Crop(picture.rgb, found.boxes[index]) if options.crops else None,
        mask=mask,
    )


def _portrait(rgb: NDArray[np.uint8], box: NDArray[np.float32]) -> bytes:
    """JPEG of the box with one box size around it, as far as the picture reaches."""
    x, y, width, height = (float(v) for v in box)
    rows = slice(max(0, int(y - height)), max(1, int(y + 2 * height)))
    columns = slice(max(0, int(x - width)), max(1, int(x + 2 * width)))
    part = cv2.cvtColor(np.ascontiguousarray(rgb[rows, columns]), cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".jpg", part, _JPEG)
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG")
    return encoded.tobytes()
