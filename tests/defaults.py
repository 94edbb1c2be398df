"""What tests expect where nobody names a model."""

ENCODER = "facet-encoder@1"
