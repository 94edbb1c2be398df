"""`facet import` and `facet export` with the real networks."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from app.bootstrap.use_cases import open_use_cases
from app.cli.main import app
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import Enroller
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.portraits import eileen, encoded, grace, landscape

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people in folders, one beside them, and what is no picture of anybody."""
    root = tmp_path / "people"
    for name, pictures in {
        "Grace": [GRACE, encoded(grace().rotate(3))],
        "Eileen": [EILEEN, EILEEN],
        "Nobody": [encoded(landscape())],
        "Broken": [GRACE[: len(GRACE) // 2]],
    }.items():
        (root / name).mkdir(parents=True)
        for number, picture in enumerate(pictures):
            (root / name / f"{number}.jpg").write_bytes(picture)
    (root / "readme.txt").write_text("nobody")
    return root


def run(settings: Settings, *arguments: str | Path) -> dict[str, Any]:
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }
    words = [*map(str, arguments), "--json"]
    done = CliRunner().invoke(app, words, env=environment, catch_exceptions=False)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer | {"exit_code": done.exit_code}


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    return answer["enrolled"], answer["present"], answer["rejected"]


def who(cases: UseCases, picture: bytes) -> str | None:
    found = cases.recognizer.recognize("staff", picture, RecognitionOptions())
    match = found.faces[0].verdict.match
    return None if match is None else match.subject.name


def test_a_folder_per_subject(cases: UseCases, settings: Settings, folder: Path) -> None:
    assert counts(run(settings, "import", folder, "-c", "staff", "--dry-run")) == (5, 1, 0)
    assert cases.subjects.list("staff") == []
    answer = run(settings, "import", folder, "-c", "staff", "--workers", "2")
    assert counts(answer) == (3, 1, 2)  # one picture of Eileen is there twice
    lines = [json.loads(line) for line in Path(answer["rejects"]).read_text().splitlines()]
    assert {(line["source"], line["code"]) for line in lines} == {
        ("readme.txt", "passed-over"),
        ("Nobody/0.jpg", "no-face"),
        ("Broken/0.jpg", "truncated-image"),
    }
    assert (answer["passed_over"], answer["left_out"], answer["exit_code"]) == (
        {"unsupported": 1},
        1,
        1,
    )
    assert sorted(one.subject.name for one in cases.subjects.list("staff")) == ["Eileen", "Grace"]
    assert [who(cases, encoded(p().rotate(-2))) for p in (grace, eileen)] == ["Grace", "Eileen"]
    assert counts(run(settings, "import", folder, "-c", "staff")) == (0, 4, 2)


def test_an_import_that_was_stopped_goes_on(
    cases: UseCases, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = Enroller.enrol, []

    def enrol(self: Enroller, *arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(Enroller, "enrol", enrol)
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }
    words = ["import", str(folder), "-c", "staff", "--workers", "1"]
    assert CliRunner().invoke(app, words, env=environment).exit_code == 130
    there = sum(one.faces for one in cases.subjects.list("staff"))
    assert all(one.faces for one in cases.subjects.list("staff"))
    enrolled, present, rejected = counts(run(settings, "import", folder, "-c", "staff"))
    assert (enrolled + there, rejected) == (3, 2)
    assert present == there + (1 if there < 4 else 0)


def test_json_lines(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "grace.jpg").write_bytes(GRACE)
    (tmp_path / "secret.jpg").write_bytes(EILEEN)
    cases.subjects.create("staff", "Somebody", external_id="taken")
    rows: list[Any] = [
        {"subject": "Grace", "image": "grace.jpg", "metadata": {"rank": "admiral"}},
        {
            "subject": "Eileen",
            "image_base64": base64.b64encode(EILEEN).decode(),
            "external_id": "e",
        },
        {"subject": "Thief", "image": "../secret.jpg"},
        {"subject": "Thief", "image": os.devnull},
        {"subject": "", "image": "grace.jpg"},
        {"subject": "Grace", "image_base64": "%%"},
        {"subject": "Eve", "image": "grace.jpg", "external_id": 7},
        {"subject": "Other", "image": "grace.jpg", "external_id": "taken"},
        {"subject": "Missing", "image": "none.jpg"},
        "nonsense",
    ]
    lines = "\n".join([*(json.dumps(row) for row in rows), "{", ""])
    (tmp_path / "lists" / "people.jsonl").write_text(lines)
    answer = run(settings, "import", tmp_path / "lists" / "people.jsonl", "-c", "staff")
    assert counts(answer) == (2, 0, 9)
    assert (answer["left_out"], answer["exit_code"]) == (9, 1)
    codes = [json.loads(line)["code"] for line in Path(answer["rejects"]).read_text().splitlines()]
    assert sorted(set(codes)) == ["duplicate-subject", "invalid-base64", "invalid-request"]
    people = {one.subject.name: one.subject for one in cases.subjects.list("staff")}
    assert people["Grace"].metadata == {"rank": "admiral"}
    assert people["Eileen"].external_id == "e"


def test_a_parquet_of_pictures_and_an_export(
    cases: UseCases, settings: Settings, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    from pyarrow import Table, parquet

    rows = [{"subject": "Grace", "image": GRACE}, {"subject": "Eileen", "image": EILEEN}]
    parquet.write_table(Table.from_pylist(rows), tmp_path / "pictures.parquet")
    source = tmp_path / "pictures.parquet"
    assert counts(run(settings, "import", source, "-c", "staff")) == (2, 0, 0)
    exported = run(settings, "export", "staff")
    assert exported["faces"] == 2
    assert run(settings, "export", "staff")["error"]["code"] == "invalid-request"  # it exists
    first = parquet.read_table(tmp_path / "staff.parquet").to_pylist()
    other = Settings(data_dir=tmp_path / "other", model_cache_dir=settings.model_cache_dir)
    assert counts(run(other, "import", tmp_path / "staff.parquet", "--dry-run")) == (2, 0, 0)
    assert open_use_cases(other).collections.list() == []
    assert counts(run(other, "import", tmp_path / "staff.parquet")) == (2, 0, 0)
    assert who(open_use_cases(other), GRACE) == "Grace"
    run(other, "export", "staff", "--force")
    again = parquet.read_table(tmp_path / "staff.parquet").to_pylist()
    # Templates are stored under a rotation of each collection's own, and turned back.
    templates = [
        [np.frombuffer(row.pop("template"), "<f4") for row in rows] for rows in (first, again)
    ]
    np.testing.assert_allclose(templates[0], templates[1], atol=1e-6)
    assert again == first


def test_sources_that_cannot_be_used(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    for source in ("empty", "notes.txt"):
        assert run(settings, "import", source, "-c", "staff")["error"]["code"] == "invalid-request"
    nowhere = run(settings, "import", "empty", "-c", "nowhere")
    assert nowhere["error"]["code"] == "unknown-collection"
