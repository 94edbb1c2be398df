"""Measuring in general: error rates, their thresholds and intervals, pairs, plots."""
