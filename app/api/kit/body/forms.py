"""multipart/form-data to its parts, in memory and in the thread that asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from app.domain.deadlines import check_deadline
from app.domain.errors.requests import InvalidRequestError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LONGEST_BOUNDARY = 70
"""Characters, by RFC 2046."""
_STEP = 2**20
"""Bytes between two looks at the deadline."""


@dataclass(slots=True)
class Part:
    """One part of a form."""

    name: str = ""
    is_file: bool = False
    """It has a file name, or a type that is no text."""
    content: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return self.content.decode("latin-1")


def parse_form(
    content_type: str, body: bytearray, admit: Callable[[Part], None], *, strict: bool = True
) -> list[Part]:
    """The parts in their order.

    `admit` is shown each part before its content and may raise. Unless `strict`, a boundary that
    the type does not name is read from the first line. Raises InvalidRequestError for what is no
    multipart or not a whole one, and DeadlineExceededError.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary and not strict:
        boundary = _first_boundary(body)
    if not boundary:
        raise InvalidRequestError(
            "The Content-Type names no boundary between the parts of the form.",
            hint="Let the HTTP library write the header; it knows the boundary.",
        )
    collector = _Collector(admit)
    try:
        parser = MultipartParser(boundary, collector.callbacks())
        view = memoryview(body)
        for start in range(0, len(body), _STEP):
            check_deadline()
            parser.write(bytes(view[start : start + _STEP]))
    except FormParserError as error:
        raise InvalidRequestError(
            "The body is not multipart/form-data as RFC 7578 has it.",
            hint="Send the body that the HTTP library makes, with the boundary that it names.",
        ) from error
    if not collector.ended:
        raise InvalidRequestError(
            "The multipart body ends early: its closing boundary is missing.",
            hint="It was cut on its way, or its Content-Length is too small. Send it again.",
        )
    return collector.parts


def _first_boundary(body: bytearray) -> bytes:
    """The boundary that the body begins with; empty if it begins with none."""
    first, end, _ = bytes(body[: _LONGEST_BOUNDARY + 4]).partition(b"\r\n")
    return first[2:] if end and first.startswith(b"--") else b""


class _Collector:
    """Listens to the parser."""

    def __init__(self, admit: Callable[[Part], None]) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._admit = admit
        self._headers: dict[bytes, bytes] = {}
        self._field, self._value = bytearray(), bytearray()

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, a, b: self._field.extend(data[a:b]),
            "on_header_value": lambda data, a, b: self._value.extend(data[a:b]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": lambda data, a, b: self.parts[-1].content.extend(data[a:b]),
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._headers = {}

    def _end_header(self) -> None:
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"").decode("latin-1")
        options = parse_options_header(disposition)[1]
        if b"name" not in options:
            raise InvalidRequestError(
                "A part of the form has no name.",
                hint='Give each a header such as Content-Disposition: form-data; name="image".',
            )
        kind = self._headers.get(b"content-type", b"text/plain").strip().lower()
        is_file = b"filename" in options or not kind.startswith(b"text/")
        part = Part(options[b"name"].decode(errors="replace"), is_file)
        self._admit(part)
        self.parts.append(part)

    def _end(self) -> None:
        self.ended = True
