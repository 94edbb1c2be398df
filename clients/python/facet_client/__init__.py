"""The client of Facet, a face recognition service that you own."""

from facet_client.asynchronous.client import AsyncClient
from facet_client.errors import FacetError, UnreachableError
from facet_client.events import JobEvent
from facet_client.folders import FolderProgress
from facet_client.retries import Retries
from facet_client.synchronous.client import Client

__all__ = [
    "AsyncClient",
    "Client",
    "FacetError",
    "FolderProgress",
    "JobEvent",
    "Retries",
    "UnreachableError",
]
