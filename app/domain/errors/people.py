"""Errors of the upkeep of galleries."""

from app.domain.errors import FacetError


class TooManyFacesError(FacetError):
    """A gallery is too large to be looked through while somebody waits."""

    slug = "too-many-faces"


class TooFewSubjectsError(FacetError):
    """A gallery has too few people to calibrate on."""

    slug = "too-few-subjects"


class UnknownCalibrationError(FacetError):
    slug = "unknown-calibration"


class UnknownSuggestionError(FacetError):
    """No suggestion of that id waits for an answer."""

    slug = "unknown-suggestion"


class UnknownNegativeError(FacetError):
    slug = "unknown-negative"


class ResemblesAnotherError(FacetError):
    """A face resembles another subject more than the one it was sent for."""

    slug = "resembles-another"
