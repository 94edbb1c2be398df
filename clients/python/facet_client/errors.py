"""Exceptions: `FacetError`, one subclass for each code, and `UnreachableError`."""

from facet_client.failures import FacetError as FacetError
from facet_client.failures import UnreachableError as UnreachableError
from facet_client.generated.errors import *  # noqa: F403
