"""Addresses that operators state: of databases, pages and proxies, and prefixes of paths."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}){0,8}")
_ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?")


def is_path_prefix(text: str) -> bool:
    """True when the text is empty or such as `/facet`."""
    return _PREFIX.fullmatch(text) is not None


def with_password(url: str, password: str) -> str:
    """The database's URL with the password in it, unless it names one or has no user."""
    if not password:
        return url
    scheme, separator, rest = url.partition("://")
    user, at, place = rest.partition("@")
    if not at or ":" in user or "/" in user:
        return url
    return f"{scheme}{separator}{user}:{quote(password, safe='')}@{place}"


def _listed(value: object) -> object:
    """Text is a list with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _origin(text: str) -> str:
    if text != "*" and not _ORIGIN.fullmatch(text):
        raise ValueError(f"{text!r} is not an origin such as https://kiosk.example:8443, or *.")
    return text.lower()


def _network(text: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(text))
    except ValueError as error:
        raise ValueError(
            f"{text!r} is neither an address nor a network such as 10.1.0.0/16."
        ) from error


def _prefix(text: str) -> str:
    prefix = text.rstrip("/")
    if not is_path_prefix(prefix):
        raise ValueError(f"{text!r} is not the start of a path such as /facet.")
    return prefix


def _syslog(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text and not text.startswith("/") and not (host and port.isdigit()):
        raise ValueError(f"{text!r} is neither a socket such as /dev/log nor host:port.")
    return text


Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)
]
Networks = Annotated[
    tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)], ...],
    NoDecode,
    BeforeValidator(_listed),
]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
PathPrefix = Annotated[str, AfterValidator(_prefix)]
Syslog = Annotated[str, AfterValidator(_syslog)]
