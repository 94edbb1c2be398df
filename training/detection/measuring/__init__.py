"""Figures of detectors, on scenes and photographs."""
