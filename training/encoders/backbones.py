"""Encoders of the table of networks that can be trained, by name."""

from models.nets.table import ENCODERS as BACKBONES
from models.nets.table import Network as Backbone

__all__ = ["BACKBONES", "DIMENSION", "Backbone"]

DIMENSION = 128
"""Numbers of an embedding, unless a recipe says otherwise."""
