"""Facts about encoders that decisions need, read from the model registry."""

from models.registry.curve import ThresholdCurve
from models.registry.errors import EncoderNotReadyError
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry


class EncoderCatalogue:
    """Keys and threshold curves of the registry's encoders; `default` overrides its default."""

    def __init__(self, registry: Registry, default: str | None = None) -> None:
        self._registry = registry
        self._default = default

    def resolve(self, encoder: str | None) -> str:
        """The full key of a key or bare name; that of new collections for None.

        Raises UnknownModelError or WrongTaskError.
        """
        wanted = encoder or self._default or self._registry.default("encode-faces")
        return self._registry.manifest(wanted, EncoderManifest).key

    def curve(self, encoder: str) -> ThresholdCurve:
        """Similarity to false-match rate.

        Raises UnknownModelError, WrongTaskError, or InvalidManifestError when the encoder was
        never calibrated.
        """
        manifest = self._registry.manifest(encoder, EncoderManifest)
        if not manifest.calibrated:
            self._registry.refresh()  # it may have been calibrated since
            manifest = self._registry.manifest(encoder, EncoderManifest)
        return manifest.threshold_curve

    def dimension(self, encoder: str) -> int:
        """The length of its embeddings. Raises UnknownModelError or WrongTaskError."""
        return self._registry.manifest(encoder, EncoderManifest).output.dimension

    def template_power(self, encoder: str) -> float:
        """The power by which templates of several faces are lengthened, in [0, 1].

        Raises UnknownModelError or WrongTaskError.
        """
        return self._registry.manifest(encoder, EncoderManifest).template_power

    def require_ready(self, encoder: str) -> None:
        """Raises UnknownModelError, or EncoderNotReadyError when it could not serve now."""
        key = self._registry.manifest(encoder, EncoderManifest).key
        found = self._registry.obstacle(key)
        if found is not None:
            raise EncoderNotReadyError(
                found.message, hint=found.hint, model=key, reason=found.reason
            )
