"""Jobs: work that takes longer than a request."""

from collections.abc import AsyncIterator

from facet_client.asynchronous.gallery import pages
from facet_client.asynchronous.transport import Sender
from facet_client.errors import OverloadedError
from facet_client.events import SETTLED, EventReader, JobEvent
from facet_client.failures import UnreachableError
from facet_client.generated.models import Job, JobPage, ReencodingForecast
from facet_client.requests import Request, address
from facet_client.retries import pause_async

_AGAIN_SECONDS = 1.0


class AsyncJobs:
    """Orders of long work, and what becomes of them."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def reencode(self, collection: str, encoder: str, *, erase_left_out: bool = False) -> Job:
        """Move a collection to another encoder."""
        body = {"encoder": encoder, "erase_left_out": erase_left_out}
        path = address("collections", collection, "reencodings")
        request = Request("POST", path, json=body, repeatable=False)
        return await self._sender.ask(Job, request)

    async def forecast_reencoding(self, collection: str, encoder: str) -> ReencodingForecast:
        """What moving a collection to another encoder would lose; nothing is changed."""
        path = address("collections", collection, "reencodings")
        request = Request("GET", path, params={"encoder": encoder})
        return await self._sender.ask(ReencodingForecast, request)

    async def pull_model(self, model: str, *, accept_licence: bool = False) -> Job:
        """Fetch a model's weights from where its manifest says."""
        body = {"accept_licence": accept_licence}
        request = Request("POST", address("models", model, "pull"), json=body, repeatable=False)
        return await self._sender.ask(Job, request)

    async def list(
        self, *, state: str | None = None, kind: str | None = None
    ) -> AsyncIterator[Job]:
        """The key's jobs, newest first."""
        async for page in pages(self._sender, JobPage, address("jobs"), state=state, kind=kind):
            for one in page.items:
                yield one

    async def get(self, job: str) -> Job:
        """One job as it is."""
        return await self._sender.ask(Job, Request("GET", address("jobs", job)))

    async def cancel(self, job: str) -> Job:
        """Cancel a job that waits or runs."""
        request = Request("DELETE", address("jobs", job), repeatable=False)
        return await self._sender.ask(Job, request)

    async def result(self, job: str) -> bytes:
        """The result; raises the error of a job that failed."""
        return (await self._sender.send(Request("GET", address("jobs", job, "result")))).content

    async def erase_result(self, job: str) -> Job:
        """Remove the result before its time."""
        request = Request("DELETE", address("jobs", job, "result"), repeatable=False)
        return await self._sender.ask(Job, request)

    async def events(self, job: str) -> AsyncIterator[JobEvent]:
        """What happens to a job, as it happens, until it is over.

        A stream that ends before is taken up where it ended. Raises FacetError when it cannot go
        on, and UnreachableError when the server is gone for longer.
        """
        reader, lost = EventReader("0"), 0
        while True:
            headers = {"Last-Event-ID": reader.last_id}
            request = Request("GET", address("jobs", job, "events"), headers=headers)
            try:
                async with self._sender.stream(request) as response:
                    lost = 0
                    async for line in response.aiter_lines():
                        event = reader.read(line)
                        if event is not None:
                            yield event
                        if event is not None and (event.last or event.name == "problem"):
                            return
            except (UnreachableError, OverloadedError):
                lost += 1
                if lost > 5:
                    raise
            if (await self.get(job)).state in SETTLED and reader.last_id != "0":
                return
            await pause_async(_AGAIN_SECONDS)

    async def wait(self, job: str) -> Job:
        """The job when it is over, whatever became of it."""
        async for event in self.events(job):
            if event.last and event.job is not None:
                return event.job
        return await self.get(job)
