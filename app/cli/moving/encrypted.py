"""Options of commands that encrypt what they write, and decrypt what they read."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.console import read_settings, reporting
from app.domain.errors.requests import InvalidRequestError
from app.files.encryption import ENDING, decrypt, identities_in, recipients_of, unpack
from models.files.locking import ScratchDirectory
from models.places import made_directory

Recipients = Annotated[
    list[str] | None,
    typer.Option(
        "--recipient",
        help="Encrypt to this public key (age1… or ssh-…); may be repeated.",
    ),
]
Identity = Annotated[
    Path | None,
    typer.Option(
        help="The secret key that opens an encrypted file, as age-keygen makes it.",
        exists=True,
        dir_okay=False,
    ),
]
_SCRATCH = ".encrypted-"
_HINT = "Set FACET_DATA_DIR to a place that this user can write to."


def read_recipients(texts: list[str] | None, as_json: bool) -> list[Any]:
    """The keys, before any work is begun."""
    with reporting(as_json):
        return recipients_of(texts or [])


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory beside the data, which is as private; it goes with the block."""
    place = read_settings().data_dir
    made_directory(place, _HINT)
    with closing(ScratchDirectory(place, _SCRATCH)) as directory:
        yield directory.path


@contextmanager
def decrypted(source: Path, identity: Path | None) -> Iterator[Path]:
    """The file in the clear, for the block; as it is where no key is named."""
    if identity is None:
        if source.suffix == ENDING:
            raise InvalidRequestError(
                f"{source} is encrypted.", hint="Name the secret key that opens it by --identity."
            )
        yield source
        return
    keys = identities_in(identity)
    with scratch() as directory:
        plain = directory / (source.stem or "file")
        decrypt(source, plain, keys)
        yield plain


@contextmanager
def unpacked(source: Path, identity: Path | None) -> Iterator[Path]:
    """The directory that a backup is, for the block; unpacked where it is an encrypted file."""
    if source.is_dir():
        yield source
        return
    if identity is None:
        raise InvalidRequestError(
            f"{source} is a file: an encrypted backup, or none.",
            hint="Name the secret key that opens it by --identity.",
        )
    keys = identities_in(identity)
    with scratch() as directory:
        plain = directory / "backup"
        plain.mkdir(mode=0o700)
        unpack(source, plain, keys)
        yield plain
