"""Tables as collections of domain objects: one file per table or two."""
