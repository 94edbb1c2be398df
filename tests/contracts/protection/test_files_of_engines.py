"""Files of PostgreSQL, pgvector and Milvus hold no picture, usable template or sealed name.

Looked through, byte by byte, is what the engines have written to disk: tables, indexes, their
graphs, PostgreSQL's write-ahead log and its log of errors, Milvus' log, segments and indexes.
Words, pictures and templates are made up anew, so that files of before cannot hold them. Columns
are stored without compression in the databases of this test, which would hide bytes from the
search, and Parquet is looked through a second time as it is read. Open collections beside the
protected ones show that the search finds what is there.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits

import numpy as np
import pytest
from sqlalchemy import text

from app.bootstrap.stores import Stores, open_backups, open_stores
from app.domain.errors.gallery import DuplicateSubjectError
from app.domain.gallery import Partition
from app.domain.jobs import Job, JobFile
from app.domain.protection import stored_encoder
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.protection.data_keys import DataKeys
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.settings import Settings
from tests.contracts.conftest import NOON, Samples
from tests.contracts.engines import end_milvus_lite, unit
from tests.contracts.protection import naming
from tests.contracts.protection.traces import contents, has_picture, has_template, has_word
from tests.contracts.protection.usable import ALIKE, likeness

FACES = 24
EVERYTHING = {*naming.NAMES, "picture", "template", "usable"}
_NO_COMPRESSION = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS its, a.attname AS named FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attstorage IN ('x', 'm')
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL', one.its, one.named);
  END LOOP; END $$
"""


@dataclass(frozen=True)
class Secrets:
    """What is kept of the people of one collection, and of nobody else."""

    words: dict[str, str]
    picture: bytes
    templates: np.ndarray
    """(FACES, 128) float32, as the encoder gives them."""

    @classmethod
    def made_up(cls) -> "Secrets":
        seed = randbits(60)
        picture = b"\xff\xd8\xff" + np.random.default_rng(seed).bytes(3000)
        return cls(naming.fresh(), picture, unit(FACES, 128, seed))

    def found(self, places: list[Path], since: int = 0) -> set[str]:
        """Which of them lie in files that were written after that time, in nanoseconds."""
        found: set[str] = set()
        for _, content in contents(places, since):
            content = content.rstrip(b"\0") + bytes(8)
            found |= has_word(content, self.words)
            one = self.templates[FACES // 2]
            kinds = {
                "picture": has_picture(content, self.picture),
                "template": has_template(content, one),
                "usable": likeness(content, one) > ALIKE,
            }
            found |= {kind for kind, there in kinds.items() if there}
        return found


def fill(stores: Stores, samples: Samples, secrets: Secrets, *, protected: bool) -> None:
    """Words, faces with a picture, a sighting, templates that wait, and a job's picture."""
    if not protected:
        stores.storage.seal_with(None)  # type: ignore[arg-type]
    naming.fill(stores.storage, samples, sealed=protected, words=secrets.words)
    pictures = KeptPictures(stores.storage, stores.images, DataKeys(stores.master_key))
    with stores.storage.write() as uow:
        gallery = uow.collections.get("staff")
        digest = pictures.keep(uow, naming.SUBJECT, secrets.picture)
        for template in secrets.templates:
            face = samples.face(naming.SUBJECT, template=template, image_digest=digest)
            known = uow.faces.add(face)
        waiting = stored_encoder("encoder@2", gallery.rotation)
        uow.staged.put(waiting, [known.id], secrets.templates[FACES // 2][None])
        job = Job("job-1", "paint", "key-1", None, {}, 60.0, 2, NOON)
        uow.jobs.add(job, {"content": JobFile("image/jpeg", secrets.picture)})
    # What the database refuses it may write to its own log, with the values.
    with pytest.raises(DuplicateSubjectError), stores.storage.write() as uow:
        uow.subjects.add(samples.subject(secrets.words["name"], id="sub-again"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", master_key_file=tmp_path / "else" / "master.key")


def _opened(settings: Settings, url: str) -> Stores:
    stores = open_stores(settings.model_copy(update={"database_url": url, "index": "pgvector"}))
    with stores.storage._engines.writer.begin() as connection:
        connection.execute(text(_NO_COMPRESSION))
    return stores


def _with_graph(stores: Stores, probe: np.ndarray) -> None:
    """Vectors in tables of pgvector, and a graph over them."""
    index = stores.index
    assert isinstance(index, PgvectorIndex)
    index._exact_below = FACES // 2
    stores.follower.catch_up()
    with stores.storage.read() as uow:
        (partition,) = uow.faces.partitions()
    assert index.search(partition, probe[None], 1)[1].size == 1
    index.wait_for_graphs()


def _asked(stores: Stores, statement: str) -> str:
    with stores.storage._engines.writer.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        found = alone.execute(text(statement))
        return str(found.scalar()) if found.returns_rows else ""


def test_files_of_postgresql_hold_nothing_of_a_protected_collection(
    postgresql: Callable[[str], str],
    migrated_postgresql: str,
    settings: Settings,
    tmp_path: Path,
    samples: Samples,
) -> None:
    stores = _opened(settings, postgresql(migrated_postgresql))
    other = settings.model_copy(update={"data_dir": tmp_path / "open"})
    in_the_open = _opened(other, postgresql(migrated_postgresql))
    server = Path(_asked(stores, "SHOW data_directory"))
    for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
        _asked(stores, statement)
    mark = tmp_path / "began"
    mark.touch()
    began = mark.stat().st_mtime_ns
    secrets, known = Secrets.made_up(), Secrets.made_up()
    fill(stores, samples, secrets, protected=True)
    _with_graph(stores, secrets.templates[0])
    place = settings.model_copy(update={"database_url": _url(stores), "index": "pgvector"})
    open_backups(place)[0].take(tmp_path / "backup", lambda stage, done, total: None)
    fill(in_the_open, samples, known, protected=False)
    _with_graph(in_the_open, known.templates[0])
    _asked(stores, "CHECKPOINT")
    places = [server, settings.data_dir, tmp_path / "backup"]
    assert secrets.found(places, began) == set()
    for part in ("base", "pg_wal"):  # tables and indexes, and the log of all changes to them
        assert known.found([server / part], began) == EVERYTHING
    stores.storage.close()
    in_the_open.storage.close()


def _url(stores: Stores) -> str:
    return str(stores.storage._engines.writer.url.render_as_string(hide_password=False))


def test_files_of_milvus_hold_nothing_of_a_protected_collection(
    settings: Settings, tmp_path: Path, samples: Samples
) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is missing")
    place = tmp_path / "milvus" / "index.db"
    place.parent.mkdir()
    index = MilvusIndex(f"milvus://{place}")
    stores = open_stores(settings)
    secrets, known = Secrets.made_up(), Secrets.made_up()
    fill(stores, samples, secrets, protected=True)
    IndexFollower(stores.storage, index).catch_up()
    index.add(Partition("open", "encoder@1"), np.arange(FACES), known.templates, seq=99)
    for ended in (False, True):
        if ended:
            index.close()
            end_milvus_lite(place)
        assert secrets.found([place.parent]) == set()
        assert known.found([place.parent]) == {"template", "usable"}
    suffixes = {path.suffix for path in place.rglob("*") if path.is_file()}
    assert ".parquet" in suffixes
    stores.storage.close()


@pytest.mark.parametrize("kind", ["<f2", "<f4", "<f8", ">f4"])
def test_the_search_finds_any_run_of_what_it_looks_for(kind: str) -> None:
    secrets, noise = Secrets.made_up(), os.urandom(5000)
    numbers = secrets.templates[0].astype(kind).tobytes()
    assert has_template(noise + numbers[45:61] + noise, secrets.templates[0])
    assert not has_template(noise + numbers[45:48] + noise, secrets.templates[0])
    assert has_picture(noise + secrets.picture[777:809] + noise, secrets.picture)
    assert not has_picture(noise + secrets.picture[777:784] + noise, secrets.picture)


def test_a_word_that_a_page_of_the_log_parts_is_found(tmp_path: Path) -> None:
    words = naming.fresh()
    first, second = b"answer: " + words["answer"][:5].encode(), words["answer"][5:].encode()
    log = tmp_path / "pg_wal"
    log.mkdir()
    page = bytes(8192 - len(first)) + first
    (log / "000000010000000000000001").write_bytes(page + os.urandom(24) + second + bytes(8000))
    found = [has_word(content, words) for _, content in contents([log])]
    assert found == [set(), {"answer"}]
