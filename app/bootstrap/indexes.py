"""The index that the settings name, over a database or in memory."""

from functools import partial

from app.domain.deciding.identification import identification_threshold
from app.domain.errors.trouble import IndexUnavailableError
from app.index.engines import DEFAULT
from app.index.kit.engine import Opening
from app.services.ports import VectorIndex
from app.settings import Settings
from app.storage.dialects.protocol import Engines
from app.storage.dialects.table import DIALECTS
from app.storage.errors import domain_errors
from models.errors import ReportedError
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry


def open_index(settings: Settings, engines: Engines) -> VectorIndex:
    """The index that the settings name. Raises IndexUnavailableError when it cannot be had."""
    engine = settings.engine
    if engine.database and engines.dialect.name != engine.database:
        needed = DIALECTS[engine.database]
        raise IndexUnavailableError(
            f"The index {engine.name} lives in {needed.title}, and the database is "
            f"{engines.dialect.title}.",
            hint=f"Set FACET_DATABASE_URL={needed.example}, or FACET_INDEX={DEFAULT}.",
        )
    index: VectorIndex = engine.open(
        Opening(
            url=settings.index_url.get_secret_value(),
            directory=settings.index_dir,
            exact_limit=settings.index_exact_limit,
            sampling=settings.index_recall_sampling,
            likeness=partial(likeness, settings),
            reader=engines.reader,
            writer=engines.writer,
            guard=domain_errors,
        )
    )
    return index


def likeness(settings: Settings, encoder: str, faces: int) -> float | None:
    """Similarity of a match among so many people, by the rate that holds unless one is named.

    None of an encoder that is not there, or was never calibrated.
    """
    # Opened anew: lists are seldom made, and encoders come and are calibrated meanwhile.
    try:
        registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
        curve = registry.manifest(encoder, EncoderManifest).threshold_curve
    except ReportedError:
        return None
    return identification_threshold(curve, faces).similarity


def shared_name(settings: Settings) -> str | None:
    """The name that processes give an index they share; None for an index of one process."""
    return settings.engine.shared_name(settings.index_url.get_secret_value())
