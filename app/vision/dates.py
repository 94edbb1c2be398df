"""Runs the network that reads dates."""

from models.pipelines.dates.answers import DateReading
from models.pipelines.dates.reading import date_reader
from models.registry.registry import Registry


class NetworkDateReader:
    """Thread-safe; the network loads on first use."""

    def __init__(self, registry: Registry, model: str | None = None) -> None:
        self._registry, self._model = registry, model

    def read(
        self, text: str, locale: str | None, *, beam_width: int, length_penalty: float
    ) -> DateReading:
        """Raises UnknownLocaleError, and what `Registry.load` raises."""
        reader = date_reader(self._registry, self._model)
        return reader.read(text, locale, beam_width=beam_width, length_penalty=length_penalty)
