"""Failures of what is protected at rest."""

from app.domain.errors import FacetError


class MasterKeyMissingError(FacetError):
    """There is data under a master key, and no key; or what should hold it holds none."""

    slug = "master-key-missing"


class WrongMasterKeyError(FacetError):
    """The data is under another master key than the one at hand."""

    slug = "wrong-master-key"


class SealBrokenError(FacetError):
    """Protected bytes were changed, cut off, or belong elsewhere."""

    slug = "seal-broken"
