"""From a run to an encoder of the registry."""
