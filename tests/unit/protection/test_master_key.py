"""What the master key seals opens by it alone; its file is made once and never over another."""

import base64
import stat
import threading
from pathlib import Path

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from app.bootstrap.protection import open_master_key
from app.domain.errors import FacetError
from app.domain.errors.protection import (
    MasterKeyMissingError,
    SealBrokenError,
    WrongMasterKeyError,
)
from app.protection.key_files import KeySource, default_key_file
from app.protection.master_key import MasterKey, is_sealed, sealed_by
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage
from models.places import UnwritablePlaceError

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def text_of(*keys: bytes) -> bytes:
    return b"# a remark\n\n" + b"".join(base64.b64encode(key) + b"\n" for key in keys)


def test_what_was_sealed_opens_with_key_and_context() -> None:
    key = MasterKey([OLD])
    sealed = key.seal(b"a secret", "webhook/1")
    assert b"a secret" not in sealed and is_sealed(sealed) and sealed_by(sealed) == key.id
    assert key.open(sealed, "webhook/1") == b"a secret"
    assert key.seal(b"a secret", "webhook/1") != sealed
    assert key.open(key.seal(b"", "x"), "x") == b""


@pytest.mark.parametrize("place", range(0, 48, 3))
def test_every_changed_byte_is_noticed(place: int) -> None:
    key = MasterKey([OLD])
    sealed = bytearray(key.seal(b"a secret", "x"))
    sealed[place] ^= 1
    with pytest.raises(FacetError) as caught:
        key.open(bytes(sealed), "x")
    assert caught.value.slug in {"seal-broken", "wrong-master-key"}


def test_other_contexts_and_cut_ends_do_not_open() -> None:
    key = MasterKey([OLD])
    sealed = key.seal(b"a secret", "x")
    for wrong, context in ((sealed, "y"), (sealed[:-1], "x"), (sealed[:10], "x"), (b"", "x")):
        with pytest.raises(SealBrokenError):
            key.open(wrong, context)


def test_a_former_key_opens_and_the_first_seals() -> None:
    sealed = MasterKey([OLD]).seal(b"a secret", "x")
    both = MasterKey([NEW, OLD])
    assert both.open(sealed, "x") == b"a secret"
    assert sealed_by(both.seal(b"", "x")) == MasterKey([NEW]).id
    with pytest.raises(WrongMasterKeyError):
        MasterKey([NEW]).open(sealed, "x")


def test_the_file_is_made_for_its_user_alone_and_says_what_losing_it_means(tmp_path: Path) -> None:
    source = KeySource(tmp_path / "new" / "place" / "master.key")
    with capture_logs() as logs:
        made = source.read_or_make()
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(source.path.parent.stat().st_mode) == 0o700
    (line,) = [line for line in logs if line["event"] == "master-key-made"]
    assert str(source.path) in line["file"] and "loses" in line["hint"]
    assert base64.b64encode(OLD).decode() not in str(logs)
    content = source.path.read_bytes()
    assert source.read_or_make().id == made.id and source.path.read_bytes() == content


def test_starts_at_the_same_time_make_one_key(tmp_path: Path) -> None:
    source, names = KeySource(tmp_path / "master.key"), []
    threads = [
        threading.Thread(target=lambda: names.append(source.read_or_make().id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8 and len(set(names)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"short\n", b"\xff\xfe\n", text_of(OLD[:16]), text_of(OLD) * 2]
)
def test_what_is_no_key_is_refused_without_its_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    if content == text_of(OLD) * 2:
        assert KeySource(path).read_or_make().ids == MasterKey([OLD]).ids
        return
    with pytest.raises(MasterKeyMissingError) as caught:
        KeySource(path).read_or_make()
    assert str(path) in caught.value.message and "openssl" in caught.value.hint
    assert path.read_bytes() == content


def test_a_command_prints_it(tmp_path: Path) -> None:
    path = tmp_path / "a key"
    path.write_bytes(text_of(NEW, OLD))
    key = KeySource(command=f"cat '{path}'").read_or_make()
    assert key.id == MasterKey([NEW]).id and MasterKey([OLD]).id in key.ids


@pytest.mark.parametrize("command", ["false", "no-such-command-here", "'unclosed", "echo secret"])
def test_a_command_that_gives_no_key(command: str) -> None:
    with pytest.raises(MasterKeyMissingError) as caught:
        KeySource(command=command).read_or_make()
    assert "FACET_MASTER_KEY_COMMAND" in caught.value.message
    assert "secret" not in str(caught.value)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises((UnwritablePlaceError, MasterKeyMissingError)):
        KeySource(tmp_path / "file" / "master.key").read_or_make()


def test_one_source_alone(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="FACET_MASTER_KEY_COMMAND"):
        Settings(master_key_file=tmp_path / "key", master_key_command="cat key")


def test_tests_have_a_configuration_directory_of_their_own() -> None:
    assert "facet-tests-" in str(default_key_file())


def test_the_database_knows_its_key(database: str, tmp_path: Path) -> None:
    """A lost key is told and not replaced; a foreign one too; a rotated one is taken."""
    storage, path = SqlStorage.open(database), tmp_path / "master.key"
    settings = Settings(master_key_file=path)
    path.write_bytes(text_of(OLD))
    assert open_master_key(settings, storage).id == MasterKey([OLD]).id
    path.unlink()
    with pytest.raises(MasterKeyMissingError) as missing:
        open_master_key(settings, storage)
    assert MasterKey([OLD]).id in missing.value.message and not path.exists()
    path.write_bytes(text_of(NEW))
    with pytest.raises(WrongMasterKeyError):
        open_master_key(settings, storage)
    path.write_bytes(text_of(NEW, OLD))
    assert open_master_key(settings, storage).id == MasterKey([NEW]).id
    with storage.read() as uow:
        assert uow.protection.master_keys() == MasterKey([NEW, OLD]).ids
    storage.close()
