"""Parts that every trainer uses: runs, averages, checkpoints, recipes, options."""
