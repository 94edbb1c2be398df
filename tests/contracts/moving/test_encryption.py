"""Exports and backups that are encrypted hold nothing in the clear, and are read with the key."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.portable import PortableFace
from app.files.encryption import (
    decrypt,
    decrypting,
    encrypting,
    identities_in,
    pack,
    recipients_of,
    unpack,
)
from tests.contracts.conftest import Samples

pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
from app.files.parquet import CollectionFile, writing


@pytest.fixture
def key(tmp_path: Path) -> tuple[list[Any], list[Any]]:
    """Recipients and identities of one key, as files of age-keygen have them."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# public key: {made.to_public()}\n{made}\n")
    return recipients_of([str(made.to_public())]), identities_in(tmp_path / "key.txt")


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_what_was_encrypted_comes_back(
    key: tuple[list[Any], list[Any]], tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    with encrypting(tmp_path / "sealed", key[0]) as file:
        file.write(content)
    sealed = (tmp_path / "sealed").read_bytes()
    assert size < 64 or content[:64] not in sealed
    assert (tmp_path / "sealed").stat().st_mode & 0o777 == 0o600
    decrypt(tmp_path / "sealed", tmp_path / "plain", key[1])
    assert (tmp_path / "plain").read_bytes() == content


def _cut(sealed: bytes) -> bytes:
    return sealed[:-9]


def _changed(sealed: bytes) -> bytes:
    return sealed[:70_000] + bytes(9) + sealed[70_009:]


@pytest.mark.parametrize("damage", [_cut, _changed, lambda _: b"", lambda _: b"plain"])
def test_what_is_not_whole_is_refused(
    key: tuple[list[Any], list[Any]], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    with encrypting(tmp_path / "sealed", key[0]) as file:
        file.write(bytes(100_000))
    (tmp_path / "sealed").write_bytes(damage((tmp_path / "sealed").read_bytes()))
    with pytest.raises(InvalidRequestError):
        decrypt(tmp_path / "sealed", tmp_path / "plain", key[1])
    assert not (tmp_path / "plain").exists()
    with pytest.raises(InvalidRequestError):
        unpack(tmp_path / "sealed", tmp_path / "directory", key[1])


def test_nobody_else_reads_it(key: tuple[list[Any], list[Any]], tmp_path: Path) -> None:
    with encrypting(tmp_path / "sealed", key[0]) as file:
        file.write(b"content")
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(InvalidRequestError, match="cannot be decrypted"):
        decrypt(tmp_path / "sealed", tmp_path / "plain", [stranger])


@pytest.mark.parametrize("wrong", ["", "age1nobody", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQ"])
def test_what_is_no_key_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InvalidRequestError):
        recipients_of([wrong])
    (tmp_path / "key.txt").write_text(wrong)
    with pytest.raises(InvalidRequestError):
        identities_in(tmp_path / "key.txt")


def test_who_fails_while_writing_or_reading_leaves_nothing(
    key: tuple[list[Any], list[Any]], tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), encrypting(tmp_path / "sealed", key[0]) as file:
        file.write(bytes(200_000))
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["key.txt"]
    with encrypting(tmp_path / "sealed", key[0]) as file:
        file.write(bytes(2_000_000))
    with pytest.raises(ZeroDivisionError), decrypting(tmp_path / "sealed", key[1]) as stream:
        stream.read(10)
        raise ZeroDivisionError


def test_an_export_holds_neither_name_nor_template_in_the_clear(
    key: tuple[list[Any], list[Any]], tmp_path: Path, samples: Samples
) -> None:
    face = samples.face(seed=3)
    pages = [[PortableFace(samples.subject("Ada Unmistakable"), face, b"a picture of her" * 9)]]
    plain, sealed = tmp_path / "staff.parquet", tmp_path / "staff.parquet.age"
    for path, recipients in ((plain, []), (sealed, key[0])):
        with writing(path, samples.collection(), recipients) as file:
            for page in pages:
                file.write(page)
    secrets = [b"Ada Unmistakable", face.template.tobytes(), b"a picture of her", b"staff"]
    assert all(secret in plain.read_bytes() for secret in secrets)
    assert not any(secret in sealed.read_bytes() for secret in secrets)
    decrypt(sealed, tmp_path / "again.parquet", key[1])
    assert (tmp_path / "again.parquet").read_bytes() == plain.read_bytes()
    assert CollectionFile(tmp_path / "again.parquet").rows == 1


def test_a_directory_comes_back_and_belongs_to_nobody(
    key: tuple[list[Any], list[Any]], tmp_path: Path
) -> None:
    made = tmp_path / "backup"
    (made / "images" / "ab").mkdir(parents=True)
    (made / "images" / "ab" / "abcd").write_bytes(os.urandom(300_000))
    (made / "facet.db").write_bytes(b"names and templates")
    pack(made, tmp_path / "sealed", key[0])
    assert b"names and templates" not in (tmp_path / "sealed").read_bytes()
    unpack(tmp_path / "sealed", tmp_path / "again", key[1])
    for path in ("images/ab/abcd", "facet.db"):
        assert (tmp_path / "again" / path).read_bytes() == (made / path).read_bytes()
