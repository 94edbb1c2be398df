"""Wishes of a request, from its parameters, its key and the settings."""

from app.api.compreface.convert import Wish
from app.api.compreface.schemas import Parameters
from app.api.edge import Edge
from app.services.keys import Principal


def wish_of(caller: Principal, edge: Edge, parameters: Parameters) -> Wish:
    """The parts of an answer that the caller gets."""
    unknown = parameters.unknown or edge.settings.compreface_unknown
    return Wish(parameters, caller.may("embed"), unknown)
