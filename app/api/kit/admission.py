"""Admission of a route's work to the executor, by its cost, while its client is there."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from fastapi import Request
from pydantic import BaseModel

from app.api.edge import PixelCounter
from app.api.executor import Arrival
from app.api.kit.body.parsing import BodyFormat
from app.api.kit.body.reading import BODY_PROBLEMS, received
from app.api.kit.rates import count
from app.api.kit.wire_format import Mounted
from app.domain.deadlines import check_deadline
from app.services.keys import current_asker

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Body = TypeVar("Body", bound=BaseModel)
Parsed = TypeVar("Parsed")

ADMISSION_PROBLEMS = (*BODY_PROBLEMS, "deadline-exceeded")
"""Codes that `admit` and `Admission.run` may answer by themselves."""

_HEAVY_BYTES = 4 * 2**20
"""A body with more of them is parsed in the line of the heavy."""


class FilesFormat(Protocol[Parsed]):
    """A format of bodies with files, `BodyFormat` or one that clients bring along."""

    @property
    def largest(self) -> int: ...

    def check_type(self, content_type: str) -> None: ...

    def parse(self, content_type: str, content: bytearray) -> Parsed: ...

    def images(self, body: Parsed) -> list[bytes]: ...


class Admission:
    """One step of a request's way through the executor; a later one comes `after` the first."""

    def __init__(
        self, request: Request, *, heavy: bool = False, after: "Admission | None" = None
    ) -> None:
        self._request = request
        self._executor = Mounted.of(request).edge.executor
        self._heavy = heavy
        self._arrival: Arrival = self._executor.arrival() if after is None else after._arrival

    async def run(
        self,
        call: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """The call's result. Raises what `BoundedExecutor.run` raises."""
        gone = asyncio.ensure_future(self._client_gone())
        work = partial(call, *args, **kwargs)
        try:
            return await self._executor.run(
                work,
                heavy=self._heavy,
                gone=gone,
                arrival=self._arrival,
                key=current_asker().key_id,
                share=current_asker().limits.workers,
            )
        finally:
            gone.cancel()

    async def _client_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass


async def admit(
    request: Request, model: type[Body], *, heavy: bool = False
) -> tuple[Body, Admission]:
    """Read a body with files, and tell by them what the request costs.

    Raises what reading and parsing the body raises.
    """
    mounted = Mounted.of(request)
    form = BodyFormat(model, mounted.edge.settings, mounted.wire_format.body_limits)
    return await admit_as(request, form, heavy=heavy)


async def admit_as(
    request: Request, form: FilesFormat[Parsed], *, heavy: bool = False
) -> tuple[Parsed, Admission]:
    """Admit a body of a format, as `admit` does."""
    edge = Mounted.of(request).edge
    content_type, content = await received(request, form)
    reading = Admission(request, heavy=heavy or len(content) > _HEAVY_BYTES)

    def parse() -> tuple[Parsed, int, bool]:
        body = form.parse(content_type, content)
        files = form.images(body)
        large = _exceed(files, edge.count_pixels, edge.settings.heavy_pixels)
        return body, len(files), large

    body, files, large = await reading.run(parse)
    await count(request, current_asker(), "pictures", max(1, files))
    return body, Admission(request, heavy=heavy or large, after=reading)


def _exceed(images: list[bytes], count_pixels: PixelCounter, bound: int) -> bool:
    """Whether the images together have more pixels than the bound."""
    pixels = 0
    for image in images:
        check_deadline()
        pixels += count_pixels(image)
        if pixels > bound:
            return True
    return False
