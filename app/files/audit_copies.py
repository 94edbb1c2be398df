"""Copies of the audit record outside of the database: a file of JSON lines, and syslog."""

import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from app.domain.auditing.entries import AuditRecord

_AUTH_INFO = 4 * 8 + 6
"""Facility and severity of the messages (RFC 3164)."""


class AuditFile:
    """Appends a JSON object a line. Opened for every write, so that it may be rotated away."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, records: Sequence[AuditRecord]) -> None:
        """Append the entries at once, so that those of several processes do not mix."""
        text = "".join(json.dumps(record.fields(), sort_keys=True) + "\n" for record in records)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


class AuditSyslog:
    """Sends a message for each entry, to a socket of this machine or to a server by UDP."""

    def __init__(self, address: str) -> None:
        """`address` is the path of a socket, such as /dev/log, or `host:port`."""
        self._address = address
        self._socket: socket.socket | None = None

    def write(self, records: Sequence[AuditRecord]) -> None:
        """Send the entries. Raises OSError; the next call connects anew."""
        try:
            self._socket = self._socket or self._connected()
            for record in records:
                text = json.dumps(record.fields(), sort_keys=True)
                self._socket.send(f"<{_AUTH_INFO}>facet: {text}".encode())
        except OSError:
            if self._socket is not None:
                self._socket.close()
            self._socket = None
            raise

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            made.connect(self._address)
            return made
        host, _, port = self._address.rpartition(":")
        family, kind, _, _, place = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_DGRAM
        )[0]
        made = socket.socket(family, kind)
        made.connect(place)
        return made
