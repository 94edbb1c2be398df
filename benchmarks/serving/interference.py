"""How much slower recognition gets while a style transfer is painted beside it."""

import time
from pathlib import Path
from typing import Annotated, Any

import httpx
import numpy as np
import typer

from app.cli.demo.command import own_server
from app.cli.demo.portraits import cropped, eileen, encoded, grace, tissue
from benchmarks.measuring import QuickOption, machine, write_report

_PAUSE = 0.05
"""Seconds between two requests, so that they do not fill the machine by themselves."""


def interference(
    json_path: Annotated[Path, typer.Option("--json", help="Where the figures go.")] = Path(
        "benchmarks/results/interference.json"
    ),
    rounds: Annotated[int, typer.Option(help="Idle and busy spells, taking turns.")] = 3,
    requests: Annotated[int, typer.Option(help="Recognitions in each spell.")] = 60,
    jobs: Annotated[
        int, typer.Option(min=1, help="Transfers at once; more than one need FACET_JOB_WORKERS.")
    ] = 1,
    quick: QuickOption = False,
) -> None:
    """Recognise one portrait again and again, with and without a job beside it."""
    rounds, requests = (1, min(requests, 40)) if quick else (rounds, requests)
    seconds: dict[str, list[float]] = {"idle": [], "painting": []}
    with own_server() as client:
        _gallery(client)
        _spell(client, requests // 4)  # networks load
        for _ in range(rounds):
            seconds["idle"] += _spell(client, requests)
            begun = [_begin(client) for _ in range(jobs)]
            seconds["painting"] += _spell(client, requests)
            for job in begun:
                state = client.get(f"/v1/jobs/{job}").json()["state"]
                assert state == "running", f"a job was {state} before the spell was over"
                client.delete(f"/v1/jobs/{job}")
    figures: dict[str, Any] = {
        name: {
            "p50_ms": round(1000 * float(np.quantile(values, 0.5)), 1),
            "p95_ms": round(1000 * float(np.quantile(values, 0.95)), 1),
        }
        for name, values in seconds.items()
    }
    p95 = figures["painting"]["p95_ms"] / figures["idle"]["p95_ms"]
    figures["ratios"] = {"p95_painting_over_idle": round(p95, 2)}
    for name, value in figures.items():
        typer.echo(f"{name}: {value}")
    write_report(json_path, {**figures, "requests": rounds * requests, "machine": machine()})


def _gallery(client: httpx.Client) -> None:
    client.post("/v1/collections", json={"name": "pioneers"}).raise_for_status()
    for name, portrait in (("Grace", grace()), ("Eileen", eileen())):
        path = "/v1/collections/pioneers/subjects"
        subject = client.post(path, json={"name": name}).json()["id"]
        files = {"images": encoded(portrait)}
        client.post(f"{path}/{subject}/faces", files=files).raise_for_status()


def _spell(client: httpx.Client, requests: int) -> list[float]:
    """Seconds of each recognition."""
    files = {"image": encoded(cropped(grace()))}
    taken: list[float] = []
    for _ in range(requests):
        start = time.perf_counter()
        client.post("/v1/collections/pioneers/recognize", files=files).raise_for_status()
        taken.append(time.perf_counter() - start)
        time.sleep(_PAUSE)
    return taken


def _begin(client: httpx.Client) -> str:
    """The id of a transfer at 1024 pixels that is under way."""
    files = {"content": encoded(eileen()), "style": encoded(tissue())}
    job = client.post("/v1/style-transfers", files=files, data={"size": 1024, "steps": 300})
    address = f"/v1/jobs/{job.raise_for_status().json()['id']}"
    while not client.get(address).json()["progress"]["data"]:
        time.sleep(0.1)
    return address.rpartition("/")[2]
