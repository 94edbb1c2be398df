"""How good detectors are, on scenes and photographs."""
