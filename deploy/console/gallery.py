"""A small gallery to look at: two portraits in the public domain, known and without a name."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx

from app.cli.demo.portraits import alterations, cropped, eileen, encoded, grace

KNOWN, UNNAMED = "staff", "visitors"


def fill(address: str, key: str, facet: Callable[..., str]) -> None:
    """Enroll both people into one collection, and leave them without names in another.

    `facet` runs a command on the server's data.
    """
    people = (("Grace Hopper", 1906, grace()), ("Eileen Collins", 1956, eileen()))
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=120) as client:
        for name in (KNOWN, UNNAMED):
            client.post("/v1/collections", json={"name": name}).raise_for_status()
        for name, born, portrait in people:
            body = {"name": name, "metadata": {"born": born}}
            made = client.post(f"/v1/collections/{KNOWN}/subjects", json=body).raise_for_status()
            pictures = [encoded(portrait), encoded(cropped(portrait))]
            client.post(
                f"/v1/collections/{KNOWN}/subjects/{made.json()['id']}/faces",
                files=[("images", picture) for picture in pictures],
            ).raise_for_status()
    with tempfile.TemporaryDirectory() as directory:
        for portrait, name in ((grace(), "a"), (eileen(), "b")):
            for number, (_, altered) in enumerate(alterations(portrait)):
                Path(directory, f"{name}{number}.jpg").write_bytes(encoded(altered))
        facet("import", directory, "--unnamed", "--collection", UNNAMED)
