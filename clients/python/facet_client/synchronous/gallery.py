"""Collections, subjects and faces.

Made of `facet_client/asynchronous` by `python -m deploy.clients.python`.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, Unpack

from pydantic import BaseModel

from facet_client.generated.models import (
    Collection,
    CollectionPage,
    Enrolment,
    Face,
    FacePage,
    Receipt,
    Subject,
    SubjectPage,
)
from facet_client.generated.options import EnrollOptions
from facet_client.listing import SubjectQuery
from facet_client.requests import Image, Request, address, content_of
from facet_client.synchronous.transport import Sender

_PAGE = 100
Page = TypeVar("Page", bound=BaseModel)


def pages(sender: Sender, model: type[Page], path: str, **params: Any) -> Iterator[Page]:
    """The pages of a list, one after the other."""
    cursor: str | None = None
    while True:
        asked = {**params, "limit": _PAGE, "cursor": cursor}
        page = sender.ask(model, Request("GET", path, params=asked))
        yield page
        cursor = getattr(page, "next_cursor", None)
        if cursor is None:
            return


class Collections:
    """Galleries by name."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        name: str,
        *,
        encoder: str | None = None,
        keep_images: bool = True,
        metadata: Mapping[str, Any] | None = None,
        sealed: bool = False,
    ) -> Collection:
        """Make a collection; a sealed one finds its subjects by exact values alone."""
        body: dict[str, Any] = {"name": name, "keep_images": keep_images}
        body |= {"metadata": dict(metadata or {})}
        body |= {"encoder": encoder} if encoder is not None else {}
        body |= {"sealed": True} if sealed else {}
        request = Request("POST", address("collections"), json=body, repeatable=False)
        return self._sender.ask(Collection, request)

    def list(self) -> Iterator[Collection]:
        """Every collection that the key may see, by name."""
        for page in pages(self._sender, CollectionPage, address("collections")):
            yield from page.items

    def get(self, name: str) -> Collection:
        """One collection, with its sizes."""
        return self._sender.ask(Collection, Request("GET", address("collections", name)))

    def update(self, collection: str, **changes: Any) -> Collection:
        """Change `name`, `keep_images` or `metadata`."""
        request = Request("PATCH", address("collections", collection), json=changes)
        return self._sender.ask(Collection, request)

    def erase(self, name: str, *, dry_run: bool = False) -> Receipt:
        """Erase a collection and everybody in it."""
        params = {"dry_run": dry_run}
        request = Request("DELETE", address("collections", name), params=params, repeatable=dry_run)
        return self._sender.ask(Receipt, request)


class Subjects:
    """The people of a collection."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        collection: str,
        name: str,
        *,
        external_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Subject:
        """Make a subject; faces are enrolled next."""
        body: dict[str, Any] = {"name": name, "metadata": dict(metadata or {})}
        body |= {"external_id": external_id} if external_id is not None else {}
        path = address("collections", collection, "subjects")
        request = Request("POST", path, json=body, repeatable=False)
        return self._sender.ask(Subject, request)

    def list(self, collection: str, **wanted: Unpack[SubjectQuery]) -> Iterator[Subject]:
        """Every subject, oldest first, or those that meet all conditions."""
        path = address("collections", collection, "subjects")
        for page in pages(self._sender, SubjectPage, path, **wanted):
            yield from page.items

    def find(self, collection: str, name: str) -> Subject | None:
        """The subject of exactly that name, or None."""
        for one in self.list(collection, name=name):
            if one.name == name:
                return one
        return None

    def get(self, collection: str, subject: str) -> Subject:
        """One subject, by its id."""
        path = address("collections", collection, "subjects", subject)
        return self._sender.ask(Subject, Request("GET", path))

    def update(self, collection: str, subject: str, **changes: Any) -> Subject:
        """Change `name`, `external_id` or `metadata`."""
        path = address("collections", collection, "subjects", subject)
        return self._sender.ask(Subject, Request("PATCH", path, json=changes))

    def merge(self, collection: str, subject: str, absorbed: str) -> Subject:
        """Give the faces of the absorbed subject to the other, and remove the former."""
        path = address("collections", collection, "subjects", subject, "merge")
        request = Request("POST", path, json={"subject_id": absorbed}, repeatable=False)
        return self._sender.ask(Subject, request)

    def erase(self, collection: str, subject: str, *, dry_run: bool = False) -> Receipt:
        """Erase somebody: pictures, templates, entries of the index."""
        path = address("collections", collection, "subjects", subject)
        request = Request("DELETE", path, params={"dry_run": dry_run}, repeatable=dry_run)
        return self._sender.ask(Receipt, request)


class Faces:
    """Enrolled faces."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def enroll(
        self,
        collection: str,
        subject: str,
        images: Iterable[Image],
        *,
        idempotency_key: str | None = None,
        **options: Unpack[EnrollOptions],
    ) -> Enrolment:
        """Enroll pictures of a subject, with one result for each.

        Raises the error of the first picture when none could be used. The request has an
        Idempotency-Key, one of its own unless given, so that trying again stores nothing twice.
        """
        request = Request(
            "POST",
            address("collections", collection, "subjects", subject, "faces"),
            files=[("images", content_of(one)) for one in images],
            fields=options,
            headers={"Idempotency-Key": idempotency_key or str(uuid.uuid4())},
        )
        return self._sender.ask(Enrolment, request)

    def list(self, collection: str, *, subject: str | None = None) -> Iterator[Face]:
        """Every enrolled face, or those of one subject, oldest first."""
        path = address("collections", collection, "faces")
        for page in pages(self._sender, FacePage, path, subject=subject):
            yield from page.items

    def get(self, collection: str, face: int) -> Face:
        """One face, without its template."""
        path = address("collections", collection, "faces", face)
        return self._sender.ask(Face, Request("GET", path))

    def image(self, collection: str, face: int) -> bytes:
        """The kept picture of a face, as JPEG."""
        path = address("collections", collection, "faces", face, "image")
        return (self._sender.send(Request("GET", path))).content

    def erase(self, collection: str, face: int, *, dry_run: bool = False) -> Receipt:
        """Erase one face."""
        path = address("collections", collection, "faces", face)
        request = Request("DELETE", path, params={"dry_run": dry_run}, repeatable=dry_run)
        return self._sender.ask(Receipt, request)
