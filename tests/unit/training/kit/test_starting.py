"""Commands of training answer soon: what takes a second to load is loaded by those that use it."""

import subprocess
import sys

SLOW = ("onnxruntime", "pandas", "pytorch_metric_learning", "scipy.stats", "sklearn")


def test_help_loads_nothing_that_takes_long() -> None:
    loading = (
        f"import sys, training.__main__; print([name for name in {SLOW} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
