"""What the README promises on the command line, with the shapes that scripts rely on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image
from typer.testing import Result

from app.cli.main import app
from tests.acceptance.conftest import EILEEN, GRACE, Facet
from tests.acceptance.shapes import BOX, FACE, NAMED, RECEIPT, assert_shape
from tests.portraits import encoded, grace

pytestmark = pytest.mark.long

_SECONDS = 900
"""For one command on a busy machine, where painting comes last."""


def test_help_names_every_command() -> None:
    done = _script("--help")
    words = set(done.stdout.replace("│", " ").split())
    assert done.returncode == 0
    assert words >= {
        *("serve", "demo", "detect", "embed", "verify", "enroll", "recognize", "dates"),
        *("collections", "subjects", "models", "keys", "db"),
    }


@pytest.mark.timeout(_SECONDS + 60)
def test_demo_succeeds_and_draws(tmp_path: Path, model_cache: Path) -> None:
    output = tmp_path / "output"
    environment = {**os.environ, "FACET_MODEL_CACHE_DIR": str(model_cache)}
    done = _script("demo", "--output", str(output), env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert GRACE in done.stdout and "✗" not in done.stdout
    with Image.open(output / "recognised.png") as picture:
        picture.load()
        assert picture.width > 800
    with Image.open(output / "painted.png") as picture:
        picture.load()
        assert max(picture.size) == 192


def test_a_command_of_its_own_process_prints_nothing_but_json(
    environment: dict[str, str], pictures: Path
) -> None:
    env = {**os.environ, **environment}
    _script("db", "upgrade", env=env)  # the first command makes a master key, and says where
    done = _script("detect", str(pictures / "both.jpg"), "--json", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["faces"]) == 2
    done = _script("detect", str(pictures / "text.jpg"), "--json", env=env)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "not-an-image")


def test_every_command_has_json() -> None:
    commands = _commands("facet", typer.main.get_command(app))
    assert len(commands) > 20
    assert [name for name, options in commands.items() if "--json" not in options] == []


def test_detect(facet: Facet, pictures: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    found = facet("detect", pictures / "both.jpg", "--annotated", drawn)
    assert_shape(found, {"faces": [FACE]})
    assert len(found["faces"]) == 2
    assert all(len(face["landmarks"]) == 5 for face in found["faces"])
    assert 0 <= found["faces"][0]["quality"]["score"] <= 1
    with Image.open(drawn) as picture, Image.open(pictures / "both.jpg") as original:
        assert picture.size == original.size


def test_detect_tells_pixels_of_the_upright_image(facet: Facet, tmp_path: Path) -> None:
    upright, lying = tmp_path / "upright.jpg", tmp_path / "lying.jpg"
    upright.write_bytes(encoded(grace(), quality=95))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    turned = grace().transpose(Image.Transpose.ROTATE_90)
    lying.write_bytes(encoded(turned, quality=95, exif=exif))
    boxes = [facet("detect", path)["faces"][0]["box"] for path in (upright, lying)]
    assert boxes[0] == pytest.approx(boxes[1], abs=15)


def test_embed(facet: Facet, pictures: Path) -> None:
    found = facet("embed", pictures / "grace.jpg")
    assert_shape(found, {"faces": [{**FACE, "embedding": [float]}]})
    (face,) = found["faces"]
    assert len(face["embedding"]) == 128
    assert sum(value**2 for value in face["embedding"]) == pytest.approx(1, abs=1e-5)


def test_verify(facet: Facet, pictures: Path) -> None:
    reference = pictures / "people" / GRACE / "1.jpg"
    verdicts = [facet("verify", reference, pictures / name) for name in ("grace.jpg", "eileen.jpg")]
    for verdict in verdicts:
        assert_shape(
            verdict, {"match": bool, "similarity": float, "threshold": float, "fmr": float}
        )
        assert verdict["match"] is (verdict["similarity"] >= verdict["threshold"])
    assert [verdict["match"] for verdict in verdicts] == [True, False]
    assert verdicts[0]["fmr"] < 1e-3 < verdicts[1]["fmr"]


def test_collections(facet: Facet) -> None:
    shape = {"id": str, "name": str, "encoder": str, "subjects": int, "faces": int}
    assert_shape(facet("collections", "create", "short-lived"), shape)
    assert_shape(facet("collections", "list"), {"collections": [shape]})
    assert facet("collections", "show", "short-lived")["name"] == "short-lived"
    planned = facet("collections", "delete", "short-lived", "--dry-run")
    assert_shape(planned, RECEIPT)
    assert planned["dry_run"] is True
    assert facet("collections", "delete", "short-lived")["erased"] == "collection"
    names = [one["name"] for one in facet("collections", "list")["collections"]]
    assert "short-lived" not in names


def test_enroll(facet: Facet, run: Callable[..., Result], pictures: Path) -> None:
    facet("collections", "create", "staff")
    summary = facet("enroll", pictures / "people", "--collection", "staff")
    result = {"path": str, "subject": str, "status": str}
    assert_shape(summary, {"enrolled": int, "rejected": int, "results": [result]})
    assert (summary["enrolled"], summary["rejected"]) == (2, 1)
    rejected = [one for one in summary["results"] if one["status"] == "rejected"]
    assert [one["error"]["code"] for one in rejected] == ["no-face"]
    subjects = facet("subjects", "list", "--collection", "staff")["subjects"]
    assert sorted(one["name"] for one in subjects) == [EILEEN, GRACE]
    one = facet("enroll", pictures / "grace.jpg", "--collection", "staff", "--subject", GRACE)
    assert one["enrolled"] == 1
    nothing = run("enroll", pictures / "coffee.jpg", "--collection", "staff", "--json")
    assert (nothing.exit_code, json.loads(nothing.stdout)["enrolled"]) == (2, 0)


def test_recognize(facet: Facet, family: str, pictures: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "who.png"
    found = facet("recognize", pictures / "both.jpg", "--collection", family, "--annotated", drawn)
    candidate = {"subject": NAMED, "face_id": int}
    known = {
        "decision": str,
        "subject": NAMED,
        "similarity": float,
        "fmr": float,
        "candidates": [candidate],
        "box": BOX,
    }
    assert_shape(found, {"faces": [known]})
    assert {(face["decision"], face["subject"]["name"]) for face in found["faces"]} == {
        ("known", GRACE),
        ("known", EILEEN),
    }
    for face in found["faces"]:
        first, *others = face["candidates"]
        assert (first["similarity"], first["fmr"]) == (face["similarity"], face["fmr"])
        # They are not alike, so no number tells how little.
        assert [other["similarity"] for other in others] == [None] * len(others)
        assert face["margin"] is None
    assert drawn.stat().st_size > 10_000


def test_recognize_says_unknown(facet: Facet, pictures: Path) -> None:
    facet("collections", "create", "strangers")
    facet("enroll", pictures / "eileen.jpg", "--collection", "strangers")
    (face,) = facet("recognize", pictures / "grace.jpg", "--collection", "strangers")["faces"]
    assert (face["decision"], face["subject"]) == ("unknown", None)
    assert_shape(face, {"candidates": [{"subject": NAMED, "face_id": int}], "box": BOX})
    assert (face["similarity"], face["fmr"], face["candidates"][0]["similarity"]) == (None,) * 3


def test_subjects(facet: Facet, pictures: Path) -> None:
    facet("collections", "create", "erased")
    facet("enroll", pictures / "tilted.jpg", "--collection", "erased", "--subject", GRACE)
    shape = {**NAMED, "faces": int, "metadata": dict}
    assert_shape(facet("subjects", "list", "-c", "erased"), {"subjects": [shape]})
    assert_shape(facet("subjects", "show", GRACE, "-c", "erased"), shape)
    receipt = facet("subjects", "delete", GRACE, "-c", "erased")
    assert_shape(receipt, RECEIPT)
    assert (receipt["subjects"], receipt["templates"], receipt["images"]) == (1, 1, 1)
    assert facet("subjects", "list", "-c", "erased") == {"subjects": []}


def test_models(facet: Facet) -> None:
    listed = facet("models", "list")
    assert_shape(listed, {"models": [{"key": str, "task": str, "default": bool}]})
    defaults = {one["task"]: one["key"] for one in listed["models"] if one["default"]}
    assert defaults.keys() >= {"detect-faces", "encode-faces"}
    encoder = defaults["encode-faces"]
    card = facet("models", "show", encoder)
    assert_shape(card, {"key": str, "task": str, "licence": str, "curve": dict, "metrics": dict})
    checked = facet("models", "verify", encoder)
    assert_shape(checked, {"models": [{"key": str, "ok": bool, "files": [dict]}]})
    assert checked["models"][0]["ok"]
    pulled = facet("models", "pull", encoder)
    assert pulled["key"] == encoder and Path(pulled["path"]).is_file()


def test_keys(facet: Facet) -> None:
    made = facet("keys", "create", "--name", "door", "--scope", "write", "--days", "30")
    shape = {"id": str, "name": str, "scope": str, "created_at": str}
    assert_shape(made, {**shape, "key": str, "expires_at": str})
    listed = facet("keys", "list")
    assert_shape(listed, {"keys": [shape]})
    assert made["key"] not in json.dumps(listed)
    revoked = facet("keys", "revoke", made["id"])
    assert (revoked["id"], revoked["revoked"], revoked["last_admin"]) == (made["id"], True, False)


def test_db_upgrade(facet: Facet) -> None:
    assert facet("db", "upgrade") == {"current": True}


@pytest.mark.parametrize(
    ("slug", "arguments"),
    [
        ("not-an-image", ("detect", "{pictures}/text.jpg")),
        ("empty-image", ("embed", "{pictures}/empty.jpg")),
        ("no-face", ("verify", "{pictures}/grace.jpg", "{pictures}/coffee.jpg")),
        ("invalid-threshold", ("verify", "{pictures}/grace.jpg", "{pictures}/eileen.jpg")),
        ("unknown-collection", ("recognize", "{pictures}/grace.jpg", "-c", "nowhere")),
        ("unknown-collection", ("enroll", "{pictures}/grace.jpg", "-c", "nowhere")),
        ("invalid-request", ("enroll", "{pictures}/missing", "-c", "family")),
        ("invalid-request", ("collections", "create", "no/name")),
        ("duplicate-collection", ("collections", "create", "family")),
        ("unknown-subject", ("subjects", "show", "Nobody", "-c", "family")),
        ("unknown-model", ("models", "show", "nothing@1")),
        ("unknown-key", ("keys", "revoke", "nothing")),
    ],
)
def test_bad_input_ends_with_2_and_a_slug(
    run: Callable[..., Result], family: str, pictures: Path, slug: str, arguments: tuple[str, ...]
) -> None:
    command = [argument.replace("{pictures}", str(pictures)) for argument in arguments]
    if slug == "invalid-threshold":
        command += ["--fmr", "2"]
    reported = run(*command, "--json")
    assert (reported.exit_code, json.loads(reported.stdout)["error"]["code"]) == (2, slug)
    said = run(*command)
    assert said.exit_code == 2
    assert slug in said.stderr


def _commands(name: str, command: Any) -> dict[str, set[str]]:
    """The options of every command below this one."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {name: {option for parameter in command.params for option in parameter.opts}}
    return {
        path: options
        for word, one in inner.items()
        for path, options in _commands(f"{name} {word}", one).items()
    }


def _script(
    *arguments: str, env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """`facet`, as installed."""
    script = Path(sys.executable).with_name("facet")
    return subprocess.run(
        [script, *arguments], env=env, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
