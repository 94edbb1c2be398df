"""The call of an operation: the use cases, its caller, and where the server stands."""

from dataclasses import dataclass

from app.api.edge import Edge
from app.api.rekognition.images import StoredObjects
from app.api.rekognition.names import Place
from app.api.rekognition.requests import MAX_IMAGE_BYTES, Image
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.pictures import ImageTooLargeError
from app.domain.errors.requests import InsufficientScopeError
from app.domain.gallery import Collection
from app.services.gallery.idempotency import Idempotency, StoredAnswer
from app.services.keys import Principal
from app.services.use_cases import UseCases

_FORMAT = "rekognition"


@dataclass(frozen=True, slots=True)
class Call:
    """One request's call of an operation."""

    edge: Edge
    caller: Principal
    objects: StoredObjects

    @property
    def cases(self) -> UseCases:
        return self.edge.use_cases

    @property
    def place(self) -> Place:
        """The region and account of this server."""
        settings = self.edge.settings
        return Place(settings.rekognition_region, settings.rekognition_account)

    def gallery(self, name: str) -> Collection:
        """The collection, if the caller's key may know of it.

        Raises UnknownCollectionError, or InsufficientScopeError for a key of another collection,
        which learns nothing about the others.
        """
        try:
            found = self.cases.collections.get(name)
        except UnknownCollectionError:
            if self.caller.collection_id is not None:
                raise InsufficientScopeError("The key is bound to another collection.") from None
            raise
        self.caller.require_collection(found.id)
        return found

    def allow(self, name: str) -> None:
        """Raise what `gallery` raises for a key that is bound; what a key of all may do finds out
        by itself whether there is such a collection."""
        if self.caller.collection_id is not None:
            self.gallery(name)

    def picture(self, image: Image) -> bytes:
        """The picture's bytes. Raises ImageTooLargeError and UnreadableObjectError."""
        if image.stored is not None:
            return self.objects.read(image.stored.bucket, image.stored.name, image.stored.version)
        content = image.content or b""
        most = min(MAX_IMAGE_BYTES, self.edge.settings.max_image_bytes)
        if len(content) > most:
            raise ImageTooLargeError(
                f"An image has {len(content)} bytes; {most} are allowed.", limit=most
            )
        return content

    def idempotency(self, token: str | None) -> Idempotency[None] | None:
        """The way in which a repetition of the request is known; None without its token."""
        if token is None:
            return None
        key = f"{_FORMAT} {token}"
        return Idempotency(self.caller.key_id, key, _FORMAT, lambda _: StoredAnswer(200, {}))
