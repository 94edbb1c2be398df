"""Recognition through each wire format beside the native route, on one server and in turns."""

import base64
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from rich.progress import track

from app.serving.launching import facet
from benchmarks.measuring import JsonOption, QuickOption, console, draw_bars, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from benchmarks.serving.load import Load, Request, failures, form, generate, once
from benchmarks.serving.server_process import ServerProcess

COLLECTION = "staff"
_REGION = "us-east-1"
_FORMATS = "native,compreface,rekognition,deepstack"
Prepare = Callable[[bytes], Request]


def formats(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/formats.json"),
    quick: QuickOption = False,
    clients: Annotated[int, typer.Option(help="Clients at once.")] = 4,
    processes: Annotated[int, typer.Option(help="FACET_PROCESSES of the server.")] = 0,
) -> None:
    """Recognize people through every wire format, in turns with the native route."""
    pictures = [file.read_bytes() for file in photographs(images)]
    rounds, repeats = (3, 2) if quick else (9, 4)
    settings = {"auth": "keys", "wire_formats": _FORMATS, "rekognition_region": _REGION}
    with ServerProcess(processes=processes, **settings) as server:
        prepared = _prepared(server, pictures)
        alone = _with_one_face(server.port, prepared["native"], pictures)
        loads: dict[str, list[tuple[Load, float]]] = {name: [] for name in prepared}
        plan = [name for _ in range(rounds + 1) for name in prepared]
        for position, name in track(list(enumerate(plan)), "Recognizing", console=console):
            measured = _measured(server, prepared[name], alone * repeats, clients)
            if position >= len(prepared):  # the first round warms
                loads[name].append(measured)
    report = {
        "formats": {name: _figures(own) for name, own in loads.items()},
        "ratios": {
            f"{name}_{figure}_over_native": _ratio(loads, name, figure)
            for name in loads
            if name != "native"
            for figure in ("throughput", "processor_time")
        },
        "pictures": len(alone),
        "clients": clients,
        "processes": server.processes,
        "machine": machine(),
    }
    seconds = {name: median(_seconds(load) for load, _ in rounds) for name, rounds in loads.items()}
    draw_bars(json_path.with_suffix(".png"), {"one recognition": seconds})
    finish(json_path, report)


def _measured(
    server: ServerProcess, prepare: Prepare, pictures: Sequence[bytes], clients: int
) -> tuple[Load, float]:
    """The load of all pictures, and the processor seconds that the server took for each."""
    requests = [prepare(picture) for picture in pictures]
    before = server.cpu_seconds()
    load = generate(
        server.port, clients, lambda _, position: requests[position], requests=len(requests)
    )
    used = server.cpu_seconds() - before
    assert not failures(load.outcomes, (200,)), failures(load.outcomes, (200,))
    return load, used / len(requests)


def _seconds(load: Load) -> float:
    """Of one request, as if they came one after the other."""
    return load.seconds / len(load.outcomes)


def _figures(rounds: Sequence[tuple[Load, float]]) -> dict[str, Any]:
    together = Load([one for load, _ in rounds for one in load.outcomes])
    together.seconds = sum(load.seconds for load, _ in rounds)
    return {**together.figures(), "processor_seconds": median(used for _, used in rounds)}


def _ratio(loads: dict[str, list[tuple[Load, float]]], name: str, figure: str) -> float:
    """The median of the rounds' ratios: a busy machine changes its pace between rounds.

    Of processor time that of the native route over the format's, so that more is better for both.
    """
    pairs = zip(loads["native"], loads[name], strict=True)
    if figure == "throughput":
        return median(_seconds(native[0]) / _seconds(own[0]) for native, own in pairs)
    return median(native[1] / own[1] for native, own in pairs)


def _with_one_face(port: int, prepare: Prepare, pictures: Sequence[bytes]) -> list[bytes]:
    """The pictures with one face: of several, Rekognition's format looks at one alone."""
    found = []
    for picture in pictures:
        request = replace(prepare(picture), path="/v1/detect")
        status, body = once(port, request)
        assert status == 200, body
        if len(json.loads(body)["faces"]) == 1:
            found.append(picture)
    return found


def _prepared(server: ServerProcess, pictures: Sequence[bytes]) -> dict[str, Prepare]:
    """How each format asks who is on a picture; people are enrolled by the native one."""
    run = server.environment
    facet(run, "collections", "create", COLLECTION)
    bearer = {"Authorization": f"Bearer {server.create_key()}"}
    bound = ("--collection", COLLECTION)
    compreface = json.loads(facet(run, "keys", "create", "--for", "compreface", *bound, "--json"))
    signing = json.loads(facet(run, "keys", "create", "--for", "rekognition", "--json"))
    deepstack = facet(run, "keys", "create", "--scope", "write", *bound)
    _enroll(server.port, bearer, pictures)

    def by_form(path: str, name: str, headers: dict[str, str]) -> Prepare:
        return lambda picture: replace(form("", path, {name: picture}), headers=headers)

    return {
        "native": by_form(f"/v1/collections/{COLLECTION}/recognize", "image", bearer),
        "compreface": by_form(
            "/api/v1/recognition/recognize?limit=0&prediction_count=1",
            "file",
            {"x-api-key": compreface["key"]},
        ),
        "rekognition": lambda picture: _signed(server.address, signing, picture),
        "deepstack": by_form(
            "/v1/vision/face/recognize", "image", {"Authorization": f"Bearer {deepstack}"}
        ),
    }


def _enroll(port: int, headers: dict[str, str], pictures: Sequence[bytes]) -> None:
    base = f"/v1/collections/{COLLECTION}/subjects"
    for number, picture in enumerate(pictures):
        body = json.dumps({"name": f"subject {number}"}).encode()
        status, made = once(port, Request("", base, body, "application/json", headers))
        assert status == 201, made
        fields: dict[str, bytes | str] = {"images": picture, "face": "largest"}
        fields |= {"duplicates": "ignore", "min_quality": "0"}
        request = form("", f"{base}/{json.loads(made)['id']}/faces", fields)
        status, answer = once(port, replace(request, headers=headers))
        assert status in (201, 422), answer


def _signed(address: str, key: dict[str, str], picture: bytes) -> Request:
    """A search as the AWS SDKs send it, with an id of its own: a signature passes once."""
    image = {"Bytes": base64.b64encode(picture).decode()}
    body = json.dumps({"CollectionId": COLLECTION, "Image": image}).encode()
    kind = "application/x-amz-json-1.1"
    headers = {"X-Amz-Target": "RekognitionService.SearchFacesByImage", "Content-Type": kind}
    headers["amz-sdk-invocation-id"] = str(uuid.uuid4())
    signed = AWSRequest("POST", f"{address}/", headers=headers, data=body)
    credentials = Credentials(key["access_key_id"], key["secret_access_key"])
    SigV4Auth(credentials, "rekognition", _REGION).add_auth(signed)
    return Request("", "/", body, kind, dict(signed.headers.items()))
