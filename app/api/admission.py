"""From a route to the executor: what a request costs, and whether its client is still there."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from fastapi import Request

from app.api.executor import BoundedExecutor

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
PixelCounter = Callable[[bytes], int]
"""Pixels of an encoded picture by its header; 0 when it cannot be read."""


class Admission:
    """One request's way through the executor.

    Its pictures `images` tell what it costs, or it is said to be heavy.
    """

    def __init__(self, request: Request, *images: bytes, heavy: bool = False) -> None:
        state = request.app.state
        self._request = request
        self._executor: BoundedExecutor = state.executor
        pixels = sum(state.count_pixels(image) for image in images)
        self._heavy = heavy or pixels > state.settings.heavy_pixels

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
            return await self._executor.run(work, heavy=self._heavy, gone=gone)
        finally:
            gone.cancel()

    async def _client_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
