"""`kill -9` by hand, in as many rounds as one has patience for."""

import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from benchmarks.measuring import machine, write_report


def kills(
    rounds: Annotated[int, typer.Option(min=2, help="Times that the server is killed.")] = 300,
    database: Annotated[Literal["sqlite", "postgresql"], typer.Option()] = "sqlite",
    seed: Annotated[int | None, typer.Option(help="Repeats a run.")] = None,
    json_path: Annotated[Path, typer.Option("--json", help="Where the outcome goes.")] = Path(
        "benchmarks/results/kills.json"
    ),
) -> None:
    """Run the kill test with more rounds and write down its seed and outcome."""
    seed = secrets.randbelow(10**6) if seed is None else seed
    environment = {
        "FACET_KILLS": str(rounds),
        "FACET_KILL_SEED": str(seed),
        "FACET_KILL_DATABASE": database,
    }
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-s", "tests/integration/test_kill.py"]
    done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    told = re.search(r"(\d+) kills, (\d+) faces acknowledged, (\d+) erasures", done.stdout)
    report = {
        "passed": done.returncode == 0,
        "rounds": rounds,
        "database": database,
        "seed": seed,
        "faces_acknowledged": int(told[2]) if told else None,
        "erasures_acknowledged": int(told[3]) if told else None,
        "seconds": time.perf_counter() - started,
        "machine": machine(),
    }
    write_report(json_path, report)
    typer.echo(done.stdout[-4000:] if done.returncode else f"{report}")
    raise typer.Exit(done.returncode)
