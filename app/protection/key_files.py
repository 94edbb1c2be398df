"""Sources of the master key: a file, or a command that prints it.

Either holds keys of 32 bytes in base64, a line each. The first seals, the others are former ones
that still open; lines that begin with # are remarks.
"""

import base64
import binascii
import secrets
import shlex
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import structlog

from app.domain.errors.protection import MasterKeyMissingError
from app.protection.master_key import KEY_BYTES, MasterKey
from models.files.locking import lock
from models.files.writing import write
from models.places import UnwritablePlaceError, made_directory

_COMMAND_SECONDS = 60
_MOST_BYTES = 64 * 1024
_REMARK = """\
# The master key of Facet. Without it nothing that it protects can be read again: neither kept
# pictures nor backups. Keep a copy apart from the data and from its backups.
"""
_NAME_ANOTHER = "Set FACET_MASTER_KEY_FILE to a place outside of the data directory."
_FORM = "It holds 32 bytes in base64 on a line; `openssl rand -base64 32` prints one."
_log = structlog.get_logger("app.protection")


def default_key_file() -> Path:
    """The file in the user's configuration directory."""
    return platformdirs.user_config_path("facet") / "master.key"


@dataclass(frozen=True, slots=True)
class KeySource:
    """The place of the master key: what a command prints, if there is one, or a file."""

    file: Path | None = None
    """None is the default one."""
    command: str = ""

    @property
    def path(self) -> Path:
        """The file, which is not read where there is a command."""
        return self.file or default_key_file()

    def read(self) -> MasterKey | None:
        """The master key; None where the file is not there.

        Raises MasterKeyMissingError for a command that fails, a file that cannot be read, and
        what is no key.
        """
        if self.command:
            return _parsed(_printed(self.command), "The output of FACET_MASTER_KEY_COMMAND")
        try:
            with self.path.open("rb") as file:
                content = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MasterKeyMissingError(
                f"The master key {self.path} cannot be read: {error.strerror}.",
                hint="Give this user the right to read it, and nobody else.",
            ) from error
        _warn_if_open(self.path)
        return _parsed(content, str(self.path))

    def read_or_make(self) -> MasterKey:
        """The master key, made where the file is not there; says what losing it means.

        Raises as `read` does, and UnwritablePlaceError.
        """
        if (found := self.read()) is not None:
            return found
        made_directory(self.path.parent, _NAME_ANOTHER)
        try:
            with lock(self.path.with_name(f".{self.path.name}.lock")):
                if (found := self.read()) is None:
                    found = self._make()
        except OSError as error:
            raise UnwritablePlaceError(
                f"The master key {self.path} cannot be written: {error.strerror}.",
                hint=_NAME_ANOTHER,
            ) from error
        return found

    def missing(self, needed: set[str]) -> MasterKeyMissingError:
        """The error for data under a key whose file is not there."""
        return MasterKeyMissingError(
            f"The data is protected by the master key {', '.join(sorted(needed))}, and there is "
            f"no {self.path}.",
            hint="Bring the file back from where you keep its copy, or name it by "
            "FACET_MASTER_KEY_FILE or FACET_MASTER_KEY_COMMAND. Nothing was changed.",
        )

    def _make(self) -> MasterKey:
        key = secrets.token_bytes(KEY_BYTES)
        write(self.path, _REMARK.encode() + base64.b64encode(key) + b"\n")
        made = MasterKey([key])
        _log.warning(
            "master-key-made",
            file=str(self.path),
            key=made.id,
            hint="Keep a copy apart from the data: whoever loses this file loses all kept "
            "pictures and backups, and whoever has it and the data can read them.",
        )
        return made


def _printed(command: str) -> bytes:
    """Output of the command, which is run without a shell; it is told to nobody."""
    why = ""
    try:
        done = subprocess.run(  # noqa: S603 - it is the operator's own
            shlex.split(command), stdout=subprocess.PIPE, check=False, timeout=_COMMAND_SECONDS
        )
        if done.returncode == 0:
            return done.stdout[:_MOST_BYTES]
        why = f"it ended with status {done.returncode}"
    except subprocess.TimeoutExpired:
        why = f"it took more than {_COMMAND_SECONDS} seconds"
    except (OSError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error)
    raise MasterKeyMissingError(
        f"FACET_MASTER_KEY_COMMAND gives no master key: {why}.",
        hint="Run the command by hand; it has to print the key to its standard output.",
    )


def _parsed(content: bytes, origin: str) -> MasterKey:
    keys = []
    for line in content.splitlines():
        if not (text := line.strip()) or text.startswith(b"#"):
            continue
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise MasterKeyMissingError(f"{origin} is no master key.", hint=_FORM)
        keys.append(key)
    if not keys:
        raise MasterKeyMissingError(f"{origin} holds no master key.", hint=_FORM)
    return MasterKey(keys)


def _warn_if_open(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_IRWXO:
        _log.warning(
            "master-key-open-to-others", file=str(path), mode=f"{mode:04o}", hint="chmod 600 it."
        )
