"""All use cases as a server has them, with made-up people instead of networks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.bootstrap import use_cases as wiring
from app.bootstrap.stores import open_stores
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage
from models.registry.registry import Registry
from tests.fakes.analyser import MadeUpAnalyser, OneEncoder


@contextmanager
def opened(place: Path, migrated_sqlite: Path) -> Iterator[tuple[Any, SqlStorage, Path]]:
    """The use cases over a new data directory, their storage, and its file."""
    place.mkdir(mode=0o700)
    (place / "facet.db").write_bytes(migrated_sqlite.read_bytes())
    settings = Settings(data_dir=place, model_cache_dir=place / "models")
    sight = SimpleNamespace(
        registry=Registry(settings.resolved_model_cache_dir),
        encoders=Encoders(),
        analyser=MadeUpAnalyser(),
        finder=None,
        load=lambda _: None,
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(wiring, "open_sight", lambda *_: sight)
        stores = open_stores(settings)
        yield wiring.open_use_cases(settings, stores), stores.storage, place / "facet.db"
    stores.storage.close()


class Encoders(OneEncoder):
    """One that there is, and one that collections may change to."""

    def resolve(self, encoder: str | None) -> str:
        return encoder if encoder == "other@1" else super().resolve(encoder)
