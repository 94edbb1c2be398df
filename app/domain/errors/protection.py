"""Failures of what is protected at rest."""

from app.domain.errors import FacetError


class MasterKeyMissingError(FacetError):
    """A master key that data is under and nobody gives."""

    slug = "master-key-missing"


class WrongMasterKeyError(FacetError):
    """The data is under another master key than the one at hand."""

    slug = "wrong-master-key"


class SealedCollectionError(FacetError):
    """Something was asked of a sealed collection that exact values cannot answer."""

    slug = "sealed-collection"


class SealBrokenError(FacetError):
    """Protected bytes were changed, cut off, or belong elsewhere."""

    slug = "seal-broken"
