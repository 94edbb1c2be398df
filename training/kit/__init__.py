"""What every trainer uses: averages, checkpoints, guards, progress, several processes."""
