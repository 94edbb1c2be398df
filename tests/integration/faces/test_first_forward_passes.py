"""The first forward passes of a process may all come at once."""

import subprocess
import sys
from pathlib import Path

ALL_AT_ONCE = """
import os, sys, threading
from pathlib import Path
from app.vision.running.runtimes.choice import open_runtime
open_runtime("openvino", Path(sys.argv[1]))
import openvino

sys.setswitchinterval(1e-6)
together, done = threading.Barrier(8), []

def first() -> None:
    together.wait()
    done.append(openvino.Type.f32.to_dtype().name)  # what every forward pass begins with

threads = [threading.Thread(target=first, daemon=True) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(10)
print(*done, flush=True)
os._exit(0)
"""


def test_first_forward_passes_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Eight threads at OpenVINO's tables: without a runtime's care three runs of four hang."""
    done = subprocess.run(
        [sys.executable, "-c", ALL_AT_ONCE, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stdout.split() == ["float32"] * 8, done.stderr
