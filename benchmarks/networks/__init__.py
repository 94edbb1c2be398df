"""Networks alone: detectors, encoders, pipelines, mining."""
