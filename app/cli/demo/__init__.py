"""`facet demo`: the main job, done before your eyes."""
