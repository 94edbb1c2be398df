"""Runs networks: decoding, face analysis, shared forward passes, runtimes."""

import os

# Before torch is imported: threads that wait for the next operation sleep instead of spinning,
# or several forward passes of several threads each would take the processor from one another.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
