"""Style transfer from bytes to bytes."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.domain.errors.pictures import NoFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.styles import PreparedPicture, ResultFormat
from app.vision.decoding.decode import DecodeLimits, decode
from models.pipelines.detection.results import Detections
from models.pipelines.faces.pipeline import face_detector
from models.pipelines.style.objectives import style_model
from models.pipelines.style.options import LARGEST, Losses, Step, TransferOptions
from models.pipelines.style.transfer import transfer
from models.registry.manifests.styles import StyleManifest
from models.registry.registry import Registry

_KEPT = 2 * LARGEST
"""Longer side in pixels of a prepared picture: enough that nothing is lost in the result."""
_PREVIEW = 256
_SMALLEST = 16
_MOST_ELONGATED = 8
"""Times the shorter side that the longer one may be: a result has to be a picture."""
_QUALITY = 95

Rgb = NDArray[np.uint8]


class StylePainter:
    """Thread-safe; networks load on first use."""

    def __init__(
        self, registry: Registry, *, limits: DecodeLimits, detector: str | None = None
    ) -> None:
        self._registry = registry
        self._limits = limits
        self._detector = detector

    def prepare(self, image: bytes) -> PreparedPicture:
        """See `app.services.ports.styles`."""
        rgb = decode(image, self._limits).rgb
        shorter, longer = sorted(rgb.shape[:2])
        if shorter < _SMALLEST or longer > _MOST_ELONGATED * shorter:
            raise InvalidRequestError(
                f"A picture of {rgb.shape[1]}x{rgb.shape[0]} pixels has no style to lend or take.",
                hint=f"Send one of at least {_SMALLEST} pixels, its longer side at most "
                f"{_MOST_ELONGATED} times the shorter one.",
            )
        small = _fitting(rgb, _KEPT)
        return PreparedPicture(encoded(small, "jpeg"), "image/jpeg", small.shape[1], small.shape[0])

    def has_faces(self, picture: bytes) -> bool:
        return len(self._faces(self._rgb(picture))) > 0

    def model(self, key: str | None, options: TransferOptions) -> str:
        """See `app.services.ports.styles`."""
        wanted = key or self._registry.default("transfer-style")
        manifest = self._registry.manifest(wanted, StyleManifest)
        largest = manifest.style.largest
        if options.size > largest:
            raise InvalidRequestError(
                f"{manifest.key} makes pictures of at most {largest} pixels.",
                hint="Ask for less, or leave the model out.",
                largest=largest,
            )
        self._registry.prepare(manifest.key)
        return manifest.key

    def paint(
        self,
        content: bytes,
        style: bytes,
        options: TransferOptions,
        model: str,
        form: ResultFormat,
        watch: Callable[[Step, Losses, Callable[[], bytes]], None],
    ) -> bytes:
        """See `app.services.ports.styles`."""
        manifest = self._registry.manifest(model, StyleManifest)
        defaults = manifest.style
        picture = self._rgb(content)
        faces = self._faces(picture)
        if options.faces_only and not len(faces):
            raise NoFaceError("There is no face to be styled in the content.")

        def report(step: Step, losses: Losses, preview: Callable[[], Rgb]) -> None:
            watch(step, losses, lambda: encoded(_fitting(preview(), _PREVIEW), "jpeg", 80))

        painted = transfer(
            picture,
            self._rgb(style),
            style_model(self._registry, manifest),
            options,
            faces=faces,
            alpha=options.alpha or defaults.alpha,
            beta=options.beta or defaults.beta,
            progress=report,
        )
        return encoded(painted, form)

    def _faces(self, rgb: Rgb) -> Detections:
        return face_detector(self._registry, self._detector).detect(rgb)

    def _rgb(self, data: bytes) -> Rgb:
        # The smallest face there is keeps JPEGs from being decoded at a reduced size.
        return decode(data, self._limits, min_face=1).rgb


def encoded(rgb: Rgb, form: ResultFormat, quality: int = _QUALITY) -> bytes:
    """A file of the format, without metadata."""
    buffer = io.BytesIO()
    options = {"quality": quality, "subsampling": 0} if form == "jpeg" else {}
    Image.fromarray(rgb).save(buffer, form.upper(), **options)
    return buffer.getvalue()


def _fitting(rgb: Rgb, longer: int) -> Rgb:
    """Made smaller, if it has to be, until its longer side fits."""
    picture = Image.fromarray(rgb)
    picture.thumbnail((longer, longer), Image.Resampling.LANCZOS)
    return np.asarray(picture, dtype=np.uint8)
