"""Does the server's memory stay flat over many mixed requests, failures and huge pictures too?"""

import random
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from benchmarks.measuring import JsonOption, QuickOption, console, draw_lines, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, enlarged, nobody, photographs, reduced
from benchmarks.serving.load import Load, Request, ask, failures, form, generate
from benchmarks.serving.server_process import ServerProcess

_CLIENTS = 8
_WARM_UP = 0.1
"""Share of the requests that does not count."""


def memory(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/memory.json"),
    quick: QuickOption = False,
    requests: Annotated[int, typer.Option(help="How many; 20,000 unless quick.")] = 0,
) -> None:
    """Send mixed requests and watch the resident size of the server's process."""
    total = requests or (600 if quick else 20_000)
    load, resident = _watched(photographs(images), total)
    expected = (200, 201, 413, 422, 503)
    assert not failures(load.outcomes, expected), failures(load.outcomes, expected)
    report: dict[str, Any] = {
        **_growth(resident, _WARM_UP * total),
        "samples": resident,
        "requests": load.figures(),
        "machine": machine(),
    }
    megabytes = {done: size / 2**20 for done, size in resident.items()}
    draw_lines(json_path.with_suffix(".png"), {"resident MiB": {"server": megabytes}}, "requests")
    finish(json_path, report)


def _watched(files: list[Path], total: int) -> tuple[Load, dict[int, int]]:
    """The answers to so many requests, and resident bytes by the number of answers until then."""
    resident: dict[int, int] = {}
    every = max(1, total // 200)
    with ServerProcess(request_deadline=120) as server, Progress(console=console) as progress:
        mixture = _mixture(server.port, files, total)
        task = progress.add_task("Sending", total=total)

        def watch(done: int) -> None:
            if done % every == 0:
                resident[done] = server.resident_bytes()
                progress.update(task, completed=done)

        load = generate(
            server.port,
            _CLIENTS,
            lambda _, position: mixture[position],
            requests=total,
            watch=watch,
        )
    return load, resident


def _growth(resident: dict[int, int], warm_up: float) -> dict[str, Any]:
    """How the resident bytes grew after so many answers."""
    sizes = [size for done, size in resident.items() if done >= warm_up]
    tenth = max(1, len(sizes) // 10)
    # The least, because pictures that are being looked at are no growth.
    first, last = min(sizes[:tenth]), min(sizes[-tenth:])
    return {
        "ratios": {
            "growth": last / first - 1,
            "growth_in_second_half": last / min(sizes[len(sizes) // 2 :][:tenth]) - 1,
        },
        "resident_bytes": {"first": first, "last": last, "peak": max(resident.values())},
    }


def _mixture(port: int, files: list[Path], total: int) -> list[Request]:
    """Mostly small photographs; one in ten fails, one in a hundred is huge."""
    chance = random.Random(0)
    ask(port, "/v1/collections", {"name": "memory"})
    base = "/v1/collections/memory"
    subject = ask(port, f"{base}/subjects", {"name": "somebody"})["id"]
    small = [reduced(file, side) for file in files for side in (160, 240, 320, 480)]
    huge = [enlarged(files[0], 20), enlarged(files[-1], 40)]
    bad = [b"", b"no picture", small[0][:-200], nobody(), b"\xff\xd8\xff" * 1000]

    def enrolment(image: bytes) -> Request:
        fields: dict[str, bytes | str] = {"images": image, "duplicates": "ignore"}
        fields |= {"face": "largest", "allow_repeats": "true"}
        return form("enrol", f"{base}/subjects/{subject}/faces", fields)

    def one() -> Request:
        draw = chance.random()
        image = chance.choice(huge if draw < 0.01 else bad if draw < 0.11 else small)
        match chance.randrange(6):
            case 0:
                return form("verify", "/v1/verify", {"reference": image, "probe": small[0]})
            case 1 if chance.random() < 0.3:
                return enrolment(image)
            case 2 | 3:
                return form("recognize", f"{base}/recognize", {"image": image})
            case 4:
                return form("embed", "/v1/embed", {"image": image})
            case _:
                return form("detect", "/v1/detect", {"image": image})

    pool = [one() for _ in range(min(total, 500))]
    return [chance.choice(pool) for _ in range(total)]
