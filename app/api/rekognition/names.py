"""Names of collections here and there, resource names, and tokens of pages."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InvalidCursorError, InvalidRequestError
from app.domain.gallery import Collection
from app.domain.texts import URL_NAME

COLLECTION_ID = r"^[a-zA-Z0-9_.\-]{1,255}$"
_FIELD = "rekognition_collection_id"
"""Of a collection's metadata, where its name cannot be the whole id."""
_ARN = re.compile(r"(?:arn:)?aws[a-z-]*:rekognition:([^:]*):([^:]*):collection/(.+)")


def collection_name(collection_id: str) -> str:
    """The collection's name here, where names are shorter and begin with a letter or digit."""
    if re.match(URL_NAME, collection_id):
        return collection_id
    digest = hashlib.sha256(collection_id.encode()).hexdigest()
    return f"{collection_id.lstrip('._-')[:40] or 'collection'}-{digest[:16]}"


def metadata_for(collection_id: str) -> dict[str, str]:
    """The metadata that keep an id which is no name."""
    return {} if collection_name(collection_id) == collection_id else {_FIELD: collection_id}


def collection_id_of(collection: Collection) -> str:
    """The id by which clients of this format know a collection."""
    kept = collection.metadata.get(_FIELD)
    if isinstance(kept, str) and collection_name(kept) == collection.name:
        return kept
    return collection.name


@dataclass(frozen=True, slots=True)
class Place:
    """The region and account that resource names have here."""

    region: str
    account: str

    def arn(self, collection_id: str) -> str:
        """The collection's resource name."""
        return f"arn:aws:rekognition:{self.region}:{self.account}:collection/{collection_id}"

    def collection_id(self, arn: str) -> str:
        """The collection that a resource name names.

        Raises InvalidRequestError for what is no resource name of a collection, and
        UnknownCollectionError for one of elsewhere.
        """
        found = _ARN.fullmatch(arn)
        if found is None or not re.match(COLLECTION_ID, found[3]):
            raise InvalidRequestError.of_field(
                "ResourceArn", "is not that of a collection", f"Send one such as {self.arn('a')}."
            )
        if (found[1], found[2]) != (self.region, self.account):
            raise UnknownCollectionError(f"{arn} is not here.", collection=found[3])
        return found[3]


def token(of: str, position: str | int) -> str:
    """The token of the page behind a position in a list; `of` says in which."""
    return base64.urlsafe_b64encode(json.dumps([of, position]).encode()).decode()


def position(of: str, text: str | None) -> str | int | None:
    """The position of a token; None without one. Raises InvalidCursorError."""
    if text is None:
        return None
    try:
        found, where = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise _invalid() from error
    if found != of or not isinstance(where, str | int) or isinstance(where, bool):
        raise _invalid()
    if isinstance(where, str) and ("\0" in where or not where.isprintable() or len(where) > 300):
        raise _invalid()
    if isinstance(where, int) and not 0 <= where < 2**63:
        raise _invalid()
    return where


def _invalid() -> InvalidCursorError:
    return InvalidCursorError("NextToken is not one that this list gave out.")
