"""Networks that are trained: their beginnings, frozen parts, optimiser."""
