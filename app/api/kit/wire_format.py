"""Wire formats: the parts that each of them owns, and the one that a request belongs to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.api.edge import Edge
from app.api.kit.addresses import path_within
from app.api.kit.problems import Problem, problem_of
from app.services.keys import Principal
from models.errors import ReportedError

HEADERS = "facet.headers"
"""Where a request keeps headers that its answer gets, whatever it is."""
_KEY = "facet.mounted"


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes of a request's body."""

    without_files: int = 64 * 2**10
    """Metadata of 16 KiB in the longest spelling that programs use."""
    with_files: int | None = None
    """In all; None leaves it to FACET_MAX_REQUEST_BYTES, which holds in any case."""
    strict_forms: bool = True
    """False for the sake of careless clients: a form whose header names no boundary is read by its
    first line, of parts that come too often the first one counts, parts of unknown names are passed
    over, and whether a body is a form or JSON its first bytes say where its type does not."""


@dataclass(frozen=True, slots=True)
class WireFormat:
    """The part of the edge that clients of one kind see; the rest comes from the kit."""

    name: str
    """As FACET_WIRE_FORMATS has it."""
    takes: Callable[[Scope], bool]
    """Whether a request is this format's, by its path (and method)."""
    router: Callable[[Edge], APIRouter]
    authenticate: Callable[[Edge, Request], Awaitable[Principal]]
    """The caller; raises MissingKeyError, InvalidKeyError or ExpiredKeyError.

    Called once for each request, before anything of its body is read, unless auth is off.
    """
    answer: Callable[[Problem], Response]
    """An error in the format's own shape."""
    body_limits: BodyLimits = BodyLimits()
    sent_headers: tuple[str, ...] = ()
    """Headers of its own that pages of other origins may send, such as that of its key."""
    described: bool = False
    """Whether its routes stand in the description of the API."""
    normalize: Callable[[Scope], None] = lambda scope: None
    """Brings the address of a request into the form that its routes know, in place."""


def below(prefix: str) -> Callable[[Scope], bool]:
    """Make the test whether a request's path is the prefix or lies below it."""

    def takes(scope: Scope) -> bool:
        path = path_within(scope)
        return path == prefix or path.startswith(f"{prefix}/")

    return takes


class Formats:
    """The formats of a server. Where two take a request, it is the earlier one's."""

    def __init__(self, mounted: Sequence[WireFormat], otherwise: WireFormat) -> None:
        """`otherwise` answers where none takes the request: the server's own addresses."""
        self.mounted = tuple(mounted)
        self._otherwise = otherwise

    @property
    def sent_headers(self) -> tuple[str, ...]:
        """Headers that pages of other origins may send to one of them."""
        return tuple(dict.fromkeys(name for one in self.mounted for name in one.sent_headers))

    def of(self, scope: Scope) -> WireFormat:
        """The format that a request belongs to."""
        return next((one for one in self.mounted if one.takes(scope)), self._otherwise)

    def refuse(self, scope: Scope, error: ReportedError) -> Response:
        """The answer to a request that does not reach any route."""
        return self.of(scope).answer(problem_of(error))


class OwnRoutes(APIRouter):
    """The routes of one format, which look at its own requests alone.

    The framework asks every route in turn, and all formats together have more than a hundred.
    """

    def __init__(self, wire_format: WireFormat, edge: Edge) -> None:
        super().__init__()
        self._format = wire_format
        self.include_router(wire_format.router(edge))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if Mounted.in_scope(scope).wire_format is not self._format:
            return Match.NONE, {}
        return super().matches(scope)


def add_headers(scope: Scope, headers: Mapping[str, str]) -> None:
    """Give the answer to the request these headers, several values of one name side by side."""
    kept: dict[str, str] = scope.setdefault(HEADERS, {})
    for name, value in headers.items():
        kept[name] = f"{kept[name]}, {value}" if name in kept else value


@dataclass(frozen=True, slots=True)
class Mounted:
    """A request's wire format, and what it stands on."""

    edge: Edge
    wire_format: WireFormat

    @classmethod
    def of(cls, request: Request) -> "Mounted":
        """The one that `enter` has put into the request."""
        return cls.in_scope(request.scope)

    @classmethod
    def in_scope(cls, scope: Scope) -> "Mounted":
        """The same, where there is no request yet."""
        found: Mounted = scope[_KEY]
        return found

    def enter(self, scope: Scope) -> None:
        """Make it known to everything that handles the request."""
        scope[_KEY] = self
