"""What is trained: networks by name, their beginnings, frozen parts, optimiser."""
