"""Pairs that are made out of folders, and commands that go without a table of pairs."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from training.__main__ import app
from training.encoders.measuring.pairing import PER_PERSON, compared, made_pairs
from training.measure.errors import EvaluationError

ENCODER = "facenet-resnet29@1"


def folder(sizes: list[int]) -> tuple[list[str], list[str]]:
    """Names "person/picture" that repeat from person to person, and their people."""
    names = [f"p{person:02}/{i}.jpg" for person, size in enumerate(sizes) for i in range(size)]
    return names, [name.partition("/")[0] for name in names]


def test_pairs_are_what_they_say() -> None:
    names, people = folder([2] * 20 + [1] * 15 + [9, 3])
    person = dict(zip(names, people, strict=True))
    pairs, origin = made_pairs(names, people)
    assert all((person[p.first] == person[p.second]) is p.same for p in pairs)
    assert len({frozenset((p.first, p.second)) for p in pairs}) == len(pairs)
    genuine = [p for p in pairs if p.same]
    most = PER_PERSON * (PER_PERSON - 1) // 2
    assert len(genuine) == 20 + most + 3 == len(pairs) - len(genuine)
    folds = {number: [p for p in pairs if p.fold == number] for number in range(10)}
    for own in folds.values():
        assert sum(p.same for p in own) == sum(not p.same for p in own) > 0
    seen = [{person[n] for p in own for n in (p.first, p.second)} for own in folds.values()]
    assert not any(a & b for a, b in combinations(seen, 2))
    assert f"{len(genuine)} pairs of one person" in origin and "4 left out" in origin
    assert made_pairs(names[::-1], people[::-1])[0] == pairs


@pytest.mark.parametrize("sizes", [[2, 2], [2, 2, 1], [5, 1, 1, 1], [1] * 9])
def test_too_few_people_are_told(sizes: list[int]) -> None:
    with pytest.raises(EvaluationError, match=f"{len(sizes)} people"):
        made_pairs(*folder(sizes))
    assert len({p.fold for p in made_pairs(*folder([2, 2, 1, 1]))[0]}) == 2


def test_only_people_asked_for_are_compared(four_people: Path, tmp_path: Path) -> None:
    rows = [
        f"{fold}\t{a}_0.jpg\t{b}_1.jpg\t{int(a == b)}\n"
        for fold in (1, 2)
        for a, b in (("Grace", "Grace"), ("Eileen", "Eileen"), ("Grace", "Eileen"))
    ]
    table = tmp_path / "pairs.tsv"
    table.write_text("fold\tfirst\tsecond\tsame\n" + "".join(rows))
    taken = compared(four_people, table, None, {"Grace"})
    assert {p.first for p in taken.pairs} == {"Grace_0.jpg"}
    assert taken.names == ("Grace_0.jpg", "Grace_1.jpg")
    with pytest.raises(EvaluationError, match="give --pairs"):
        compared(four_people, None, "4,5")


@pytest.fixture
def numbered(four_people: Path, tmp_path: Path) -> Path:
    """The four people in folders of "0.jpg", "1.jpg", …, which is how most people keep pictures."""
    for person in four_people.iterdir():
        (tmp_path / "numbered" / person.name).mkdir(parents=True)
        for i, picture in enumerate(sorted(person.iterdir())):
            (tmp_path / "numbered" / person.name / f"{i}.jpg").symlink_to(picture)
    return tmp_path / "numbered"


def test_commands_go_without_a_table_and_tell_files_of_one_name_apart(
    four_people: Path, numbered: Path, model_cache: Path, tmp_path: Path
) -> None:
    def report(images: Path, output: str, *command: object) -> dict[str, Any]:
        arguments = [*command, "--images", images, "--cache", model_cache]
        done = CliRunner().invoke(app, [str(one) for one in arguments])
        assert done.exit_code == 0, done.output
        written: dict[str, Any] = json.loads((tmp_path / output).read_text())
        return written

    def evaluated(images: Path, kind: str) -> dict[str, Any]:
        options = ["--encoder", ENCODER, "--json", tmp_path / "report.json"]
        return report(images, "report.json", "evaluate", kind, *options)

    compared = report(numbered, "comparison.json", "compare", ENCODER, "-o", tmp_path)[ENCODER]
    verified, robust = evaluated(numbered, "verification"), evaluated(numbered, "robustness")
    for one in (compared, verified, robust):
        assert "4 pairs of one person, 4 of two, in 2 folds" in one["pairs_from"]
    assert robust["masked"]["fnmr"].keys() == {"1e-2", "1e-3", "1e-4"}
    assert evaluated(four_people, "verification")["fnmr"] == verified["fnmr"]


def test_compare_judges_before_the_work(
    four_people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "training.data.chips.face_detector", lambda *_: pytest.fail("looked for faces first")
    )
    table = tmp_path / "pairs.tsv"
    table.write_text(
        "fold\tfirst\tsecond\tsame\n"
        "4\tGrace_0.jpg\tGrace_1.jpg\t1\n4\tGrace_0.jpg\tEileen_1.jpg\t0\n"
    )
    options = ["--images", four_people, "--cache", tmp_path, "-o", tmp_path]
    for arguments, reported in (
        ([ENCODER, "--pairs", table, "--folds", "4"], "name two folds or more"),
        ([ENCODER, "nobody@1"], "nobody@1"),
        (["facet-detector@1"], "facet-detector@1"),
    ):
        done = CliRunner().invoke(app, ["compare", *map(str, [*arguments, *options])])
        assert done.exit_code == 2
        assert reported in " ".join(done.output.split())
