"""The files that a run leaves in its directory."""

import json
from pathlib import Path
from typing import Any

LAST = "last.pt"
"""Where the run stands; what `--resume` goes on from."""
BEST = "best.pt"
"""Its best averaged weights, and its recipe."""
START = "start.pt"
"""The weights it started from, where they may be mixed in."""
WEIGHTS = "weights.safetensors"
"""What came of it."""
FIGURES = "figures.json"
HELD_OUT = "held-out.txt"
"""The people it was not trained on, a name a line: kept for validation, or excluded."""


def write_json(path: Path, report: dict[str, Any]) -> None:
    """Indented, with the directories it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
