"""Errors of what the gallery does not have, has already, or must not mix."""

from app.domain.errors import FacetError

# --- the gallery


class UnknownCollectionError(FacetError):
    slug = "unknown-collection"


class UnknownSubjectError(FacetError):
    slug = "unknown-subject"


class UnknownFaceError(FacetError):
    slug = "unknown-face"


class ChangedMeanwhileError(FacetError):
    """An edit of something that was changed since the caller has seen it."""

    slug = "changed-meanwhile"


class SubjectWithoutFacesError(FacetError):
    slug = "subject-without-faces"


class ImageNotKeptError(FacetError):
    slug = "image-not-kept"


class DuplicateCollectionError(FacetError):
    slug = "duplicate-collection"


class DuplicateSubjectError(FacetError):
    slug = "duplicate-subject"


class EncoderMismatchError(FacetError):
    """Templates of two encoders were about to meet."""

    slug = "encoder-mismatch"


class IndexInUseError(FacetError):
    """Another process serves from the files of the index."""

    slug = "index-in-use"


class EncoderChangedError(EncoderMismatchError):
    """The collection changed its encoder under a request, which therefore starts again."""


class SubjectRestrictedError(FacetError):
    """The subject is kept and must not be used."""

    slug = "subject-restricted"


class ConsentRequiredError(FacetError):
    """A collection asks for a record of consent, and the subject has none."""

    slug = "consent-required"


class UnknownReceiptError(FacetError):
    slug = "unknown-receipt"


class ErasedError(FacetError):
    """Somebody who is to come in was erased here."""

    slug = "erased"


# --- styles


class UnknownStyleError(FacetError):
    slug = "unknown-style"


class DuplicateStyleError(FacetError):
    slug = "duplicate-style"


class TooManyStylesError(FacetError):
    slug = "too-many-styles"


class CollectionFullError(FacetError):
    """A collection would hold more than its policy lets it."""

    slug = "collection-full"


class OutsidePolicyError(FacetError):
    """A caller asked for what the collection's policy leaves to nobody."""

    slug = "outside-policy"
