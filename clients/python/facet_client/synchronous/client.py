"""The synchronous client.

Made of `facet_client/asynchronous` by `python -m deploy.clients.python`.
"""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Self, Unpack

import httpx

from facet_client.failures import FacetError
from facet_client.folders import FolderProgress, Person, batches, people
from facet_client.generated.models import (
    DateAnswer,
    Detection,
    Embeddings,
    EnrolledImage,
    Recognition,
    SequenceRecognition,
    Subject,
    Verification,
)
from facet_client.generated.options import (
    ClaimOptions,
    DateOptions,
    DetectOptions,
    EmbedOptions,
    EnrollOptions,
    RecognizeOptions,
    RecordingOptions,
    VerifyOptions,
)
from facet_client.requests import Image, Request, address, content_of
from facet_client.retries import Retries
from facet_client.synchronous.gallery import Collections, Faces, Subjects
from facet_client.synchronous.jobs import Jobs
from facet_client.synchronous.transport import Sender

_AT_ONCE = 8
"""Pictures of a folder in one request."""


class Client:
    """Talks to a server. Use it as a context, or end it with `close`."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`url` is the server's, without /v1; `timeout` are seconds of one try."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, transport=transport
        )
        self._sender = Sender(self._http, retries or Retries())
        self.collections = Collections(self._sender)
        self.subjects = Subjects(self._sender)
        self.faces = Faces(self._sender)
        self.jobs = Jobs(self._sender)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections."""
        self._http.close()

    def recognize(
        self, collection: str, image: Image, **options: Unpack[RecognizeOptions]
    ) -> Recognition:
        """Who is on a picture, or nobody?"""
        path = address("collections", collection, "recognize")
        files = [("image", content_of(image))]
        request = Request("POST", path, files=files, fields=options)
        return self._sender.ask(Recognition, request)

    def recognize_recording(
        self, collection: str, video: Image, **options: Unpack[RecordingOptions]
    ) -> SequenceRecognition:
        """Who is seen in a recording?"""
        path = address("collections", collection, "sequences", "recognize")
        files = [("video", content_of(video))]
        request = Request("POST", path, files=files, fields=options)
        return self._sender.ask(SequenceRecognition, request)

    def verify(
        self, reference: Image, probe: Image, **options: Unpack[VerifyOptions]
    ) -> Verification:
        """Do two pictures show the same person?"""
        files = [("reference", content_of(reference)), ("probe", content_of(probe))]
        request = Request("POST", address("verify"), files=files, fields=options)
        return self._sender.ask(Verification, request)

    def verify_claim(
        self, collection: str, subject: str, image: Image, **options: Unpack[ClaimOptions]
    ) -> Verification:
        """Does a picture show the subject whom it is claimed to show?"""
        path = address("collections", collection, "subjects", subject, "verify")
        files = [("image", content_of(image))]
        request = Request("POST", path, files=files, fields=options)
        return self._sender.ask(Verification, request)

    def detect(self, image: Image, **options: Unpack[DetectOptions]) -> Detection:
        """Every face of a picture: box, landmarks, pose, quality."""
        files = [("image", content_of(image))]
        request = Request("POST", address("detect"), files=files, fields=options)
        return self._sender.ask(Detection, request)

    def embed(self, image: Image, **options: Unpack[EmbedOptions]) -> Embeddings:
        """Every face of a picture, with its embedding; the key needs a scope for that."""
        files = [("image", content_of(image))]
        request = Request("POST", address("embed"), files=files, fields=options)
        return self._sender.ask(Embeddings, request)

    def read_dates(self, text: str, **options: Unpack[DateOptions]) -> DateAnswer:
        """The dates of a text."""
        body = {"text": text, **options}
        request = Request("POST", address("sequences", "dates"), json=body)
        return self._sender.ask(DateAnswer, request)

    def enroll_folder(
        self,
        collection: str,
        folder: str | PathLike[str],
        **options: Unpack[EnrollOptions],
    ) -> Iterator[FolderProgress]:
        """Enroll a folder with a folder of pictures for each person; what became of each picture.

        Somebody of the folder's name is enrolled into, or made. What is enrolled already is
        answered so and not stored twice: after an interruption, simply do it again. A subject
        that was made for pictures of which none could be used is removed. Raises ValueError for
        pictures that lie in nobody's folder.
        """
        found = people(Path(folder))
        done, total = 0, sum(len(one.pictures) for one in found)
        for person in found:
            for path, result, error in self._enroll_person(collection, person, options):
                done += 1
                yield FolderProgress(path, person.name, done, total, result, error)

    def _enroll_person(
        self, collection: str, person: Person, options: EnrollOptions
    ) -> Iterator[tuple[Path, EnrolledImage | None, str]]:
        subject = self.subjects.find(collection, person.name)
        made = subject is None
        if subject is None:
            subject = self.subjects.create(collection, person.name)
        for paths in batches(person.pictures, _AT_ONCE):
            for path, (result, error) in zip(
                paths, self._enroll(collection, subject, paths, options), strict=True
            ):
                yield path, result, error
        if made and not (self.subjects.get(collection, subject.id)).faces:
            self.subjects.erase(collection, subject.id)

    def _enroll(
        self, collection: str, subject: Subject, paths: Iterable[Path], options: EnrollOptions
    ) -> list[tuple[EnrolledImage | None, str]]:
        """A result for each picture; when all were refused, out of the refusal."""
        images = list(paths)
        try:
            answer = self.faces.enroll(collection, subject.id, images, **options)
        except FacetError as error:
            results = error.problem.get("results")
            if isinstance(results, list) and len(results) == len(images):
                return [(EnrolledImage.model_validate(one), "") for one in results]
            if error.status < 500 and error.status not in (401, 403, 404, 429):
                if len(images) == 1:
                    return [(None, str(error))]
                return [
                    one
                    for path in images
                    for one in self._enroll(collection, subject, [path], options)
                ]
            raise
        return [(one, "") for one in answer.results]
