"""Images and recordings that cannot be used, and faces on them that may not be."""

from app.domain.errors import FacetError

# --- images


class EmptyImageError(FacetError):
    slug = "empty-image"


class NotAnImageError(FacetError):
    slug = "not-an-image"


class TruncatedImageError(FacetError):
    slug = "truncated-image"


class AnimatedImageError(FacetError):
    slug = "animated-image"


class ImageTooLargeError(FacetError):
    """More bytes than the limit."""

    slug = "image-too-large"


class TooManyPixelsError(FacetError):
    """More pixels than the limit, read from the header before decoding."""

    slug = "too-many-pixels"


class ImageTooDemandingError(FacetError):
    """Decoding takes more memory or time than the picture's size accounts for."""

    slug = "image-too-demanding"


class TooManyImagesError(FacetError):
    slug = "too-many-images"


# --- recordings


class NotAVideoError(FacetError):
    """Neither an animation nor a video of a known kind."""

    slug = "not-a-video"


class DamagedVideoError(FacetError):
    slug = "damaged-video"


class NoFramesError(FacetError):
    slug = "no-frames"


class VideoTooLargeError(FacetError):
    """More bytes than the limit."""

    slug = "video-too-large"


class VideoTooLongError(FacetError):
    """More seconds than the limit, read from the container before decoding."""

    slug = "video-too-long"


class TooManyFramesError(FacetError):
    slug = "too-many-frames"


class VideoTooDemandingError(FacetError):
    """Decoding and analysing took longer than a request may."""

    slug = "video-too-demanding"


# --- faces


class NoFaceError(FacetError):
    slug = "no-face"


class SeveralFacesError(FacetError):
    slug = "several-faces"


class FaceTooSmallError(FacetError):
    slug = "face-too-small"


class PoorQualityError(FacetError):
    slug = "poor-quality"


class DuplicateFaceError(FacetError):
    """The face belongs to another subject already, and the caller asked to refuse that."""

    slug = "duplicate-face"
