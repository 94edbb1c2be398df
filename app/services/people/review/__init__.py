"""Review of a gallery: suggestions, answers to them, and sightings that are matched again."""
