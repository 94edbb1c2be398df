"""Tools of every index: arrays, partitions, locks."""
