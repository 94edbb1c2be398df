"""Ways to run a network: torch itself, ONNX Runtime, OpenVINO. See docs/figures/performance.md."""
