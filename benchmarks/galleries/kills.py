"""`kill -9` by hand, in as many rounds as one has patience for."""

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from benchmarks.measuring import QuickOption, machine, write_report

_QUICK_ROUNDS = 8


def kills(
    rounds: Annotated[int, typer.Option(min=2, help="Times that the server is killed.")] = 300,
    database: Annotated[Literal["sqlite", "postgresql"], typer.Option()] = "sqlite",
    seed: Annotated[int | None, typer.Option(help="Repeats a run.")] = None,
    json_path: Annotated[Path, typer.Option("--json", help="Where the outcome goes.")] = Path(
        "benchmarks/results/kills.json"
    ),
    quick: QuickOption = False,
) -> None:
    """Run the kill test with more rounds and write down its seeds, its outcome and what it met."""
    rounds = min(rounds, _QUICK_ROUNDS) if quick else rounds
    seed = secrets.randbelow(10**6) if seed is None else seed
    json_path.parent.mkdir(parents=True, exist_ok=True)
    outcome = json_path.with_suffix(".outcome")
    outcome.unlink(missing_ok=True)
    environment = {
        "FACET_KILLS": str(rounds),
        "FACET_KILL_SEED": str(seed),
        "FACET_KILL_DATABASE": database,
        "FACET_KILL_REPORT": str(outcome.absolute()),
    }
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-s", "tests/integration/serving/test_kill.py"]
    done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    report = {
        "ratios": {"passed": float(done.returncode == 0)},
        "rounds": rounds,
        "database": database,
        "seed": seed,
        **(json.loads(outcome.read_text()) if outcome.exists() else {}),
        "seconds": time.perf_counter() - started,
        "machine": machine(),
    }
    outcome.unlink(missing_ok=True)
    write_report(json_path, report)
    if done.returncode:
        log = json_path.with_suffix(".log")
        log.write_text(done.stdout)
        typer.echo(f"{done.stdout[-4000:]}\nWhat was told, in full: {log}")
        raise typer.Exit(done.returncode)
    typer.echo(f"{report}")
