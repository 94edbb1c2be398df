"""`facet import` and `facet enroll` of folders and lists from anywhere."""

import base64
import codecs
import json
import os
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.bootstrap.use_cases import open_use_cases
from app.cli.main import app
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.integration.troubled_folder import Expected, TroubledFolder
from tests.portraits import eileen, encoded, grace

GRACE, EILEEN = encoded(grace()), encoded(eileen())


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "data", model_cache_dir=model_cache)


@pytest.fixture
def cases(settings: Settings) -> UseCases:
    cases = open_use_cases(settings)
    cases.collections.create("staff")
    return cases


def run(settings: Settings, *arguments: str | Path) -> Result:
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }
    words = [*map(str, arguments), "-c", "staff"]
    return CliRunner().invoke(app, words, env=environment, catch_exceptions=False)


def faces(cases: UseCases) -> dict[str, int]:
    return {one.subject.name: one.faces for one in cases.subjects.list("staff", limit=100)}


def rejects(path: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def write_trouble(tmp_path: Path, seed: int) -> tuple[Path, Expected]:
    folder = TroubledFolder(tmp_path / "in", [grace(), eileen()], seed)
    return folder.root, folder.write()


def test_a_folder_with_every_trouble(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    root, expected = write_trouble(tmp_path, seed=1)
    done = run(settings, "import", root, "--json", "--workers", "2")
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert faces(cases) == expected.faces
    assert (answer["enrolled"], answer["present"]) == (expected.faces.total(), expected.present)
    assert answer["rejected"] == expected.codes.total()
    assert answer["passed_over"] == expected.passed_over
    assert answer["left_out"] == expected.left_out
    lines = rejects(answer["rejects"])
    passed = [line for line in lines if line["code"] == "passed-over"]
    assert Counter(line["reason"] for line in passed) == expected.passed_over
    assert Counter(line["code"] for line in lines if line not in passed) == expected.codes
    assert "Jos\\xe9/a.jpg" in {line["source"] for line in lines}
    assert any("Convert it" in line["hint"] for line in passed)
    again = run(settings, "import", root)  # finds everybody, and tells people
    assert again.exit_code == 1
    total = expected.faces.total() + expected.present
    assert f"Enrolled 0 faces; {total} were there already." in again.stdout
    assert f"{expected.passed_over.total()} files passed over: " in again.stdout
    assert "2 JPEG XL" in again.stdout


def test_enroll_reads_the_same_folder_in_the_same_way(
    cases: UseCases, settings: Settings, tmp_path: Path
) -> None:
    root, expected = write_trouble(tmp_path, seed=2)
    done = run(settings, "enroll", root, "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert faces(cases) == expected.faces
    assert answer["passed_over"] == expected.passed_over
    assert answer["left_out"] == expected.left_out
    assert (answer["enrolled"], answer["already_enrolled"], answer["rejected"]) == (
        expected.faces.total(),
        expected.present,
        expected.codes.total(),
    )
    assert all(one["face_id"] for one in answer["results"] if one["status"] != "rejected")
    said = run(settings, "enroll", root)
    assert said.exit_code == 1
    assert "[red] :smile:" not in said.stdout  # nobody of that name was rejected
    listed = run(settings, "subjects", "list")
    assert "[red] :smile:" in listed.stdout


def test_litter_alone_leaves_nobody_out(
    cases: UseCases, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "in/Grace/@eaDir").mkdir(parents=True)
    (tmp_path / "in/Grace/@eaDir/a.jpg").write_bytes(EILEEN)
    (tmp_path / "in/Grace/a.jpg").write_bytes(GRACE)
    done = run(settings, "import", tmp_path / "in")
    assert done.exit_code == 0
    assert "1 file passed over: 1 litter" in done.stdout
    assert faces(cases) == {"Grace": 1}


def test_a_folder_of_nothing_but_heic(
    cases: UseCases, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.bulk.folders.heic_is_read", lambda: False)
    (tmp_path / "in/Ana").mkdir(parents=True)
    (tmp_path / "in/Ana/1.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
    done = run(settings, "import", tmp_path / "in", "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["left_out"], answer["unsupported"]) == (2, 1, {"HEIC": 1})
    assert "facet[heic]" in rejects(answer["rejects"])[0]["hint"]


REFUSED = {
    b'{"subject": "Jos\xe9", "image": "sub/grace.jpg"}': "no UTF-8",
    b'{"subject": "D", "image": "sub\\\\none.jpg"}': "written with /",
    b'{"subject": "D", "image": "C:\\\\Users\\\\x.jpg"}': "written with /",
    b'{"subject": "D", "image": "..\\\\..\\\\x.jpg"}': "written with /",
    b'{"subject": "D", "image": "sub\\u0000.jpg"}': "NUL",
    b'{"subject": "D", "image": "pipe.jpg"}': "no file",
    b'{"subject": "D", "image": "\\ud83d.jpg"}': "cannot be used",
    b'{"subject": "D", "image": "' + b"y" * 5000 + b'"}': "too long",
    b'{"subject": "D\\u0000", "image": "sub/grace.jpg"}': "U+0000",
    b'{"subject": "D\\nE", "image": "sub/grace.jpg"}': "U+000A",
    b'{"subject": "D\\ud83d", "image": "sub/grace.jpg"}': "U+D83D",
    b'{"subject": "' + b"D" * 201 + b'", "image": "sub/grace.jpg"}': "201 characters",
    b'{"subject": "D", "image": "sub/grace.jpg", "metadata": {"a": NaN}}': "not finite",
    b'{"subject": "D", "image": "sub/grace.jpg", "metadata": {"a": "\\ud83d"}}': "half",
    b'{"subject": "Mark", "image": "sub/grace.jpg", "external_id": "'
    + b"y" * 5000
    + b'"}': "characters",
    b'{"subject": "D", "image": "sub/grace.jpg", "metadata": '
    + b'{"a":' * 60
    + b"1"
    + b"}" * 61: "nested",
    b"[" * 100_000: "nested",
    b'{"subject": "D", "age": ' + b"9" * 5000 + b"}": "cannot be used",
    b"\0{\0}": "zero bytes",
}
"""Lines of a list, and a part of the reason why each is refused."""


def test_lists_from_anywhere(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    """One bad line is one reject with its reason, and the rest goes on."""
    place = tmp_path / "lists"
    (place / "sub").mkdir(parents=True)
    (place / "sub" / "grace.jpg").write_bytes(GRACE)
    (place / unicodedata.normalize("NFD", "für.jpg")).write_bytes(EILEEN)
    os.mkfifo(place / "pipe.jpg")
    good = encoded(grace().rotate(2))
    lines = [
        codecs.BOM_UTF8 + b'{"subject": "Mark", "image": "sub/grace.jpg"}\r',
        b'{"subject": "Windows", "image": "sub\\\\grace.jpg"}\r',
        '{"subject": "Composed", "image": "für.jpg"}'.encode(),
        json.dumps(
            {"subject": "URI", "image": "data:image/jpeg;base64," + base64.b64encode(good).decode()}
        ).encode(),
    ]
    source = place / "people.jsonl"
    source.write_bytes(b"\n".join([*lines, *REFUSED]) + b"\n")
    done = run(settings, "import", source, "--json")
    answer = json.loads(done.stdout)
    assert faces(cases) == {"Mark": 1, "Windows": 1, "Composed": 1, "URI": 1}
    reported = rejects(answer["rejects"])
    assert (done.exit_code, answer["rejected"]) == (1, len(REFUSED))
    for line, reason in zip(reported, REFUSED.values(), strict=True):
        assert reason in line["detail"] + line["hint"], line
        assert line["code"] == "invalid-request"


def test_a_list_in_utf16(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    source = tmp_path / "people.jsonl"
    source.write_text('{"subject": "A", "image": "a.jpg"}\n', encoding="utf-16")
    done = run(settings, "import", source, "--json")
    error = json.loads(done.stdout)["error"]
    assert done.exit_code == 2 and "UTF-8" in error["hint"]


def test_a_line_without_end(
    cases: UseCases, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_MAX_IMAGE_BYTES", "100000")
    (tmp_path / "grace.jpg").write_bytes(encoded(grace().resize((300, 300))))
    source = tmp_path / "people.jsonl"
    huge = b'{"subject": "A", "image_base64": "' + b"A" * 4_000_000 + b'"}\n'
    source.write_bytes(huge + b'{"subject": "Grace", "image": "grace.jpg"}\n')
    done = run(settings, "import", source, "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["enrolled"], answer["rejected"]) == (1, 1, 1)
    assert "more than" in rejects(answer["rejects"])[0]["detail"]
