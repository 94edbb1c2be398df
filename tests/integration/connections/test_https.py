"""A server with a certificate of its own."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from app.serving.tls import check_certificate
from app.settings import Settings
from tests.integration.connections.acceptors import (
    GET,
    answer_on,
    connect,
    read,
    serving,
    wait_until,
)


def _certificate(directory: Path) -> dict[str, Any]:
    made = trustme.CA().issue_cert("localhost")
    made.cert_chain_pems[0].write_to_path(directory / "cert.pem")
    made.private_key_pem.write_to_path(directory / "key.pem")
    return {"tls_cert": directory / "cert.pem", "tls_key": directory / "key.pem"}


def test_https_is_spoken(tmp_path: Path) -> None:
    with serving(**_certificate(tmp_path), max_connections=4) as server:
        context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        secret = context.wrap_socket(connect(server), server_hostname="localhost")
        secret.sendall(GET)
        assert b"HTTP/1.1 200" in answer_on(secret)
        secret.close()
        plain = connect(server)
        plain.sendall(GET)
        assert b"200" not in read(plain)
        assert read(connect(server)) == b""  # a handshake has to come in time too
        silent = [connect(server) for _ in range(8)]
        wait_until(lambda: len(server.connections) == 0)
        for connection in silent:
            connection.close()


def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    usable = _certificate(tmp_path)
    check_certificate(Settings(**usable))
    (tmp_path / "other").mkdir()
    other = _certificate(tmp_path / "other")["tls_key"]
    for cert, key in ((usable["tls_cert"], other), (tmp_path / "none.pem", usable["tls_key"])):
        with pytest.raises(ValueError, match="cannot be used for TLS"):
            check_certificate(Settings(tls_cert=cert, tls_key=key))
