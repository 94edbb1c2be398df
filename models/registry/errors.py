"""Errors of models: their manifests, their weights, and how they are asked for."""

from models.errors import ReportedError


class UnknownModelError(ReportedError):
    """A key that no manifest has."""

    slug = "unknown-model"


class InvalidManifestError(ReportedError):
    """A manifest cannot be read, or does not say what its use needs."""

    slug = "invalid-manifest"


class WeightsMissingError(ReportedError):
    """The manifest is there and its weights are not."""

    slug = "weights-missing"


class EncoderNotReadyError(ReportedError):
    """The encoder is known and could not serve a collection: no weights, no curve."""

    slug = "encoder-not-ready"


class ChecksumMismatchError(ReportedError):
    """A file is not the one the manifest names."""

    slug = "checksum-mismatch"


class ModelExistsError(ReportedError):
    """The key is taken. A published version never changes."""

    slug = "model-exists"


class DownloadFailedError(ReportedError):
    """Weights could not be fetched; what arrived so far is kept for the next attempt."""

    slug = "download-failed"


class WeightsTooLargeError(ReportedError):
    """A file on the web is larger than its manifest says, or than any weights may be."""

    slug = "weights-too-large"


class DiskFullError(ReportedError):
    """The disk has no space for the weights; what arrived so far is kept."""

    slug = "disk-full"


class PullUnderwayError(ReportedError):
    """Another process is fetching the same file."""

    slug = "pull-underway"


class ModelWithoutAddressError(ReportedError):
    """The weights are not there, and the manifest states no address to fetch them from."""

    slug = "model-without-address"


class LicenceNotAcceptedError(ReportedError):
    """The licence restricts the use of the weights, and nobody has accepted it."""

    slug = "licence-not-accepted"


class WrongTaskError(ReportedError):
    """The model exists and does something else."""

    slug = "wrong-task"
