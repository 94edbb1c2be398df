"""What every index uses: arrays, partitions, locks."""
