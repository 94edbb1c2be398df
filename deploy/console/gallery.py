"""A small gallery to look at: portraits in the public domain, known, without a name, mixed up."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
from PIL.Image import Image

from app.cli.demo.portraits import alterations, cropped, eileen, encoded, grace

KNOWN, UNNAMED, MIXED = "staff", "visitors", "mixed"


def fill(address: str, key: str, facet: Callable[..., str]) -> None:
    """Enroll both people into one collection, leave them without names in another, and mix them up
    in a third.

    `facet` runs a command on the server's data.
    """
    people = (("Grace Hopper", 1906, grace()), ("Eileen Collins", 1956, eileen()))
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        for name in (KNOWN, UNNAMED, MIXED):
            client.post("/v1/collections", json={"name": name}).raise_for_status()
        for name, born, portrait in people:
            _enroll(client, KNOWN, name, [portrait, cropped(portrait)], {"born": born})
        for name, pictures in _mixed_up().items():
            _enroll(client, MIXED, name, pictures, {})
    with tempfile.TemporaryDirectory() as directory:
        for portrait, name in ((grace(), "a"), (eileen(), "b")):
            for number, (_, altered) in enumerate(alterations(portrait)):
                Path(directory, f"{name}{number}.jpg").write_bytes(encoded(altered))
        facet("import", directory, "--unnamed", "--collection", UNNAMED)


def _enroll(
    client: httpx.Client,
    collection: str,
    name: str,
    pictures: list[Image],
    metadata: dict[str, int],
) -> None:
    path = f"/v1/collections/{collection}/subjects"
    made = client.post(path, json={"name": name, "metadata": metadata}).raise_for_status()
    client.post(
        f"{path}/{made.json()['id']}/faces",
        files=[("images", encoded(picture)) for picture in pictures],
    ).raise_for_status()


def _mixed_up() -> dict[str, list[Image]]:
    """One person under two names, and a face of hers among those of another."""
    darker, coarser = (altered for _, altered in list(alterations(grace()))[1:3])
    return {
        "Grace Hopper": [grace(), cropped(grace())],
        "Rear Admiral Hopper": [darker],
        "Eileen Collins": [eileen(), cropped(eileen()), coarser],
    }
