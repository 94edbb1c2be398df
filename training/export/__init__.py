"""From a checkpoint to a published encoder: weights, manifest and model card."""
