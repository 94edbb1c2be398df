"""The certificate that a server shows."""

import ssl

from app.settings import Settings


def check_certificate(settings: Settings) -> None:
    """Raise ValueError, for people to read, when TLS is asked for and could not be spoken."""
    if settings.tls_cert is None or settings.tls_key is None:
        return
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(
            f"{settings.tls_cert} and {settings.tls_key} cannot be used for TLS: "
            f"{error.strerror or error}. Both have to be PEM files that this user can read, the "
            "key without a password, and the key that of the certificate."
        ) from error
