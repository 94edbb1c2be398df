"""InsightFace Server as a source: people of a collection, and the crops that it keeps of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from app.cli.bulk.sources import rejected_item
from app.cli.moving.service import Service
from app.domain.errors.pictures import EmptyImageError
from app.domain.errors.requests import InvalidRequestError
from app.services.enrolling.importing import ImportItem

_PAGE = 100
_HINT = "Name the server alone, such as http://insightface:18097, and its API key if it has one."


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    name: str
    external_id: str | None
    metadata: dict[str, Any]
    faces: int


class InsightFaceServer:
    """One collection of an InsightFace Server, read through its API.

    What cannot be read of it raises InvalidRequestError; of one picture, when that is read.
    """

    def __init__(self, url: str, key: str | None, collection: str | None, largest: int) -> None:
        """`collection` may be left out where there is only one; `largest` are a picture's bytes."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._largest = largest
        self._service = Service("InsightFace Server", url, headers, _HINT)
        self._collection = _part(self._chosen(collection))
        self._people = list(self._list_people())

    def close(self) -> None:
        self._service.close()

    def count(self) -> int:
        """The number of faces that the service says it has."""
        return sum(person.faces for person in self._people)

    def items(self) -> Iterator[ImportItem]:
        """Every face with its person; each picture is fetched when it is read.

        Names that several people have are followed by the person's id.
        """
        names = Counter(person.name for person in self._people)
        for person in self._people:
            name = person.name if names[person.name] == 1 else f"{person.name} ({person.id})"
            base = f"{self._collection}/persons/{quote(person.id, safe='')}/faces"
            for face in self._pages(base, "faces"):
                source = f"{person.id}/{face['id']}"
                if not face.get("has_crop"):
                    yield rejected_item(source, _no_crop(), name)
                    continue
                read = partial(self._image, f"{base}/{quote(str(face['id']), safe='')}/image")
                yield ImportItem(source, name, read, person.external_id, person.metadata)

    def _image(self, path: str) -> bytes:
        return self._service.read(path, self._largest)

    def _chosen(self, wanted: str | None) -> str:
        if wanted is not None:
            return wanted
        found = [str(one["id"]) for one in self._pages("/v1/collections", "collections")]
        if len(found) != 1:
            raise InvalidRequestError(
                f"There are {len(found)} collections there.",
                hint=f"Name one with --from: {', '.join(found[:20])}." if found else "",
            )
        return found[0]

    def _list_people(self) -> Iterator[_Person]:
        for one in self._pages(f"{self._collection}/persons", "persons"):
            try:
                metadata = one.get("metadata") or {}
                external_id = one.get("external_id")
                yield _Person(
                    str(one["id"]),
                    str(one.get("name") or one["id"]),
                    None if external_id is None else str(external_id),
                    dict(metadata),
                    int(one.get("face_count", 0)),
                )
            except (ValueError, KeyError, TypeError) as error:
                raise self._service.stranger() from error

    def _pages(self, path: str, member: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            asked = {"limit": _PAGE} | ({} if cursor is None else {"cursor": cursor})
            answer = self._service.json(path, **asked)
            if not isinstance(answer, dict) or not isinstance(answer.get(member), list):
                raise self._service.stranger()
            yield from answer[member]
            cursor = answer.get("next_cursor")
            if not cursor:
                return


def _part(collection: str) -> str:
    return f"/v1/collections/{quote(collection, safe='')}"


def _no_crop() -> EmptyImageError:
    return EmptyImageError(
        "InsightFace Server keeps no picture of this face.",
        hint="Without `save_face_crops` it keeps none. Enroll from your originals.",
    )
