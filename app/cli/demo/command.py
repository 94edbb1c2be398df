"""The whole product on two public-domain portraits, over HTTP, in a temporary directory."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from PIL import Image

from app.answers.decisions import Recognition
from app.cli.console import EXIT_FAILED, AsJson, console, errors, print_json, rate, said, table
from app.cli.demo.portraits import (
    alterations,
    animation,
    cropped,
    eileen,
    encoded,
    grace,
    side_by_side,
    tissue,
    walk,
)
from app.cli.places import check_directory
from app.cli.recognition.commands import write_recognition
from app.serving.launching import LaunchedServer, LaunchError

GRACE, EILEEN = "Grace Hopper", "Eileen Collins"
_CACHE = "FACET_MODEL_CACHE_DIR"
_PAINT_SECONDS = 600
_GROUP_SECONDS = 300
_DATES = (
    ("born on Sunday, the 9th of December 1906", None, "1906-12-09"),
    ("né le 19 novembre 1956", None, "1956-11-19"),
    ("03/04/2005", "de", "2005-04-03"),
    ("03/04/2005", "en_US", "2005-03-04"),
    ("31/02/1999", None, "no-date"),
)
"""Text, locale, and what should come of it."""


def demo(
    output: Annotated[Path, typer.Option(help="Where the pictures go.")] = Path("demo-output"),
    as_json: AsJson = False,
) -> None:
    """Start a server on nothing but defaults and show what it does."""
    check_directory(output, as_json)
    started = time.monotonic()
    portraits = _portraits()
    with own_server() as client:
        checks = _Checks(client)
        checks.run(portraits, output)
    seconds = round(time.monotonic() - started, 1)
    passed = sum(step.ok for step in checks.steps)
    picture = output / "recognised.png"
    if as_json:
        steps = [asdict(step) for step in checks.steps]
        print_json({"steps": steps, "passed": passed, "seconds": seconds, "picture": str(picture)})
    else:
        rows = table("Facet demo", "step", "expected", "answer", "")
        for step in checks.steps:
            mark = said(("✓", "green") if step.ok else ("✗", "red"))
            rows.add_row(step.step, step.expected, step.answer, mark)
        console.print(rows)
        console.print(f"Pictures: {picture}, {output / 'painted.png'}")
        console.print(f"{passed} of {len(checks.steps)} as expected, {seconds:.0f} s")
    if passed != len(checks.steps):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Step:
    """An attempt, what should come of it, and what did."""

    step: str
    expected: str
    answer: str
    ok: bool


class _Checks:
    """The steps of the demo."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.steps: list[_Step] = []

    def run(self, portraits: dict[str, Image.Image], output: Path) -> None:
        self._post("/v1/collections", json={"name": "pioneers"})
        grace = self._enrol(GRACE, portraits[GRACE])
        self._recognise("a stranger", portraits[EILEEN], None)
        eileen = self._enrol(EILEEN, portraits[EILEEN])
        for title, picture in alterations(portraits[GRACE]):
            self._recognise(f"{GRACE}, {title}", picture, GRACE)
        for title, picture in alterations(portraits[EILEEN]):
            self._recognise(f"{EILEEN}, {title}", picture, EILEEN)
        self._watch(portraits[GRACE])
        self._name_unknown(portraits[EILEEN])
        self._verify("a right claim", grace, cropped(portraits[GRACE]), expected=True)
        self._verify("a wrong claim", grace, portraits[EILEEN], expected=False)
        self._draw(portraits, output)
        self._paint(portraits[EILEEN], output)
        self._erase(eileen, portraits[EILEEN])
        for text, locale, date in _DATES:
            self._read_date(text, locale, date)

    def _row(self, step: str, expected: str, answer: str, ok: bool) -> None:
        self.steps.append(_Step(step, expected, answer, ok))

    def _enrol(self, name: str, picture: Image.Image) -> str:
        subject = self._post("/v1/collections/pioneers/subjects", json={"name": name})
        path = f"/v1/collections/pioneers/subjects/{subject['id']}/faces"
        answer = self._post(path, files={"images": encoded(picture)})
        quality = answer["results"][0]["face"]["quality"]["score"]
        self._row(f"enrol {name}", "1 face", f"1 face, quality {quality:.2f}", True)
        return str(subject["id"])

    def _recognise(self, step: str, picture: Image.Image, expected: str | None) -> None:
        answer = self._recognition(picture)
        face = answer.faces[0] if answer.faces else None
        name = face.subject.name if face and face.subject else None
        text = name or (face.decision if face else "no face")
        if face and face.fmr is not None:
            text += f" (strangers: {rate(face.fmr, is_bound=face.fmr_is_bound)})"
        self._row(
            f"recognise {step}", expected or "unknown", text, face is not None and name == expected
        )

    def _verify(self, step: str, subject: str, picture: Image.Image, *, expected: bool) -> None:
        answer = self._post(
            f"/v1/collections/pioneers/subjects/{subject}/verify", files={"image": encoded(picture)}
        )
        text = "match" if answer["match"] else "no match"
        if answer["similarity"] is not None:
            text += f" ({answer['similarity']:.3f})"
        wanted = "match" if expected else "no match"
        self._row(f"verify {step}", wanted, text, answer["match"] is expected)

    def _watch(self, portrait: Image.Image) -> None:
        shown = animation(walk(portrait, 14, away=(6, 7, 8), blurred=(2, 3)))
        path = "/v1/collections/pioneers/sequences/recognize"
        answer = self._post(path, files={"video": shown}, data={"rate": "10"})
        text = [
            f"{track['subject']['name'] if track['subject'] else track['decision']} in "
            f"{len(track['frames'])} frames"
            for track in answer["tracks"]
        ]
        names = [track["subject"] and track["subject"]["name"] for track in answer["tracks"]]
        self._row(
            f"watch {GRACE} walk by, leave, come back",
            "her, once",
            ", ".join(text) or "nobody",
            names == [GRACE],
        )

    def _name_unknown(self, portrait: Image.Image) -> None:
        """Somebody unknown on two short films is one group, which is given a name."""
        here = "/v1/collections/visitors"
        self._post("/v1/collections", json={"name": "visitors"})
        remembering = {"policy": {"remember": "unknown"}}
        self._client.patch(here, json=remembering).raise_for_status()
        figure = cropped(portrait)
        for film in (walk(figure, 8), walk(figure, 8, height=210, blurred=(2, 3))):
            body = {"files": {"video": animation(film)}, "data": {"rate": "10", "source": "door"}}
            self._post(f"{here}/sequences/recognize", **body)
        groups = self._groups(f"{here}/groups", faces=2)
        sizes = [group["size"] for group in groups]
        text = ", ".join(f"{size} sightings of one person" for size in sizes) or "nobody"
        self._row("watch somebody unknown twice", "1 person", text, sizes == [2])
        if not groups:
            return
        path = f"{here}/groups/{groups[0]['id']}/assign"
        named = self._post(path, json={"new_subject": EILEEN})
        faces = f"{len(named['face_ids'])} faces enrolled"
        self._row(f"name her {EILEEN}", "2 faces", faces, len(named["face_ids"]) == 2)
        found = self._post(f"{here}/recognize", files={"image": encoded(portrait)})["faces"]
        name = found[0]["subject"]["name"] if found and found[0]["subject"] else "unknown"
        self._row("recognise her by these films", EILEEN, name, name == EILEEN)

    def _groups(self, path: str, *, faces: int) -> list[dict[str, Any]]:
        """The groups, once so many faces are in them; sightings come a moment after answers."""
        deadline = time.monotonic() + _GROUP_SECONDS
        while True:
            groups: list[dict[str, Any]] = self._client.get(path).raise_for_status().json()["items"]
            if sum(group["size"] for group in groups) >= faces or time.monotonic() > deadline:
                return groups
            time.sleep(0.2)

    def _draw(self, portraits: dict[str, Image.Image], output: Path) -> None:
        both = side_by_side(*portraits.values())
        result = self._recognition(both)
        names = sorted(face.subject.name for face in result.faces if face.subject)
        write_recognition(encoded(both), result, output / "recognised.png")
        self._row("recognise both in one picture", "2 known", ", ".join(names), len(names) == 2)

    def _paint(self, portrait: Image.Image, output: Path) -> None:
        """One portrait in the manner of a picture of tissue, small and quick."""
        job = self._post(
            "/v1/style-transfers",
            files={"content": encoded(cropped(portrait)), "style": encoded(tissue())},
            data={"size": 192, "steps": 25},
        )
        deadline = time.monotonic() + _PAINT_SECONDS
        while job["state"] in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.2)
            job = self._client.get(f"/v1/jobs/{job['id']}").json()
        done = job["state"] == "succeeded"
        text = f"{job['state']}, style loss {job['progress']['data'].get('style_loss', 0):.2f}"
        if done:
            result = self._client.get(f"/v1/jobs/{job['id']}/result").content
            (output / "painted.png").write_bytes(result)
        self._row(f"paint {EILEEN}", "a picture", text, done)

    def _erase(self, subject: str, picture: Image.Image) -> None:
        path = f"/v1/collections/pioneers/subjects/{subject}"
        faces = self._client.get("/v1/collections/pioneers/faces", params={"subject": subject})
        face = faces.json()["items"][0]["id"]
        receipt = self._client.delete(path).json()
        text = f"{receipt['templates']} template, {receipt['images']} image erased"
        self._row(f"erase {EILEEN}", "a receipt", text, receipt["templates"] == 1)
        image = f"/v1/collections/pioneers/faces/{face}/image"
        for step, what in (("look her up", path), ("look for her picture", image)):
            status = self._client.get(what).status_code
            self._row(step, "404", str(status), status == 404)
        self._recognise("her once more", picture, None)

    def _read_date(self, text: str, locale: str | None, expected: str) -> None:
        answer = self._client.post("/v1/sequences/dates", json={"text": text, "locale": locale})
        reading = answer.json()
        found = str(reading.get("date") or reading.get("code"))
        shown = f"{found}, ambiguous" if reading.get("ambiguous") else found
        self._row(f"read “{text}” ({locale or 'any locale'})", expected, shown, found == expected)

    def _recognition(self, picture: Image.Image) -> Recognition:
        path = "/v1/collections/pioneers/recognize"
        return Recognition.model_validate(self._post(path, files={"image": encoded(picture)}))

    def _post(self, path: str, **body: Any) -> Any:
        answer = self._client.post(path, **body)
        if answer.is_error:
            errors.print(said((f"{path}: {answer.status_code}", "red"), f" {answer.text}"))
            raise typer.Exit(EXIT_FAILED)
        return answer.json()


def _portraits() -> dict[str, Image.Image]:
    try:
        return {GRACE: grace(), EILEEN: eileen()}
    except ImportError as error:
        errors.print("The demo needs two sample pictures: pip install 'facet[demo]'")
        raise typer.Exit(EXIT_FAILED) from error


@contextmanager
def own_server() -> Iterator[httpx.Client]:
    """An admin's client of a server on nothing but defaults, in a temporary directory."""
    kept: dict[str, Any] = {"model_cache_dir": os.environ[_CACHE]} if _CACHE in os.environ else {}
    with tempfile.TemporaryDirectory(prefix="facet-demo-") as directory:
        kept["master_key_file"] = Path(directory) / "master.key"  # nothing is left behind
        server = LaunchedServer(Path(directory), Path(directory) / "server.log", **kept)
        try:
            key = server.create_key()
            with errors.status("starting the server …"):
                server.start()
            headers = {"Authorization": f"Bearer {key}"}
            yield httpx.Client(base_url=server.address, headers=headers, timeout=60)
        except LaunchError as error:
            errors.print(str(error), highlight=False)
            raise typer.Exit(EXIT_FAILED) from error
        finally:
            server.stop()
