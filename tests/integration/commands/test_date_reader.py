"""The reader of dates that this project ships, and its command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.pipelines.dates.reading import DateReader, date_reader
from models.registry.registry import Registry
from tests.integration.server import ROOT
from training.dates.measuring.places import placed_dates, placed_figures
from training.dates.texts.generator import examples

SENTENCES = ROOT / "training" / "dates" / "written" / "without_dates.txt"


@pytest.fixture(scope="module")
def reader(model_cache: Path) -> DateReader:
    return date_reader(Registry(model_cache))


def answered(reader: DateReader, text: str, locale: str | None = None) -> str | None:
    answer = reader.read(text, locale).answer
    return None if answer is None else answer.date.isoformat()


def test_its_files_are_what_the_manifest_says(model_cache: Path) -> None:
    registry = Registry(model_cache)
    assert registry.verify(registry.default("read-dates")).ok


def test_held_out_patterns_are_read(reader: DateReader) -> None:
    texts = examples((77,), 400, unseen=True)
    right = [answered(reader, t.text, t.locale) == t.date for t in texts]
    assert sum(right) / len(texts) >= 0.98


def test_no_date_is_made_up(reader: DateReader) -> None:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 200
    made_up = {line: answer for line in lines if (answer := answered(reader, line))}
    assert len(made_up) <= 0.02 * len(lines), made_up


@pytest.mark.parametrize(
    ("file", "least"),
    [
        ("texts_other_calendars.jsonl", 363),
        ("texts_other_calendars_held_back.jsonl", 393),
        ("texts_other_calendars_last.jsonl", 108),
    ],
)
def test_several_dates_and_other_calendars_are_read(
    reader: DateReader, file: str, least: int
) -> None:
    texts = placed_dates(SENTENCES.with_name(file))
    assert len(texts) >= least
    figures = placed_figures(reader, texts)
    assert figures["wrong"] == 0, figures["mistakes"]
    assert figures["right"] >= 0.99, figures["mistakes"]


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("4 July 1976", "en_US", "1976-07-04"),
        ("JULY 4TH 1976", "en_US", "1976-07-04"),
        ("Donnerstag, den 3. Mai '87", "de", "1987-05-03"),
        ("1er janvier 2000", "fr", "2000-01-01"),
        ("3 de septiembre de 2031", "es", "2031-09-03"),
        ("29 февраля 2024 г.", "ru", "2024-02-29"),
        ("29 φεβρουαριου 2024", "el", "2024-02-29"),
        ("2005. március 7.", "hu", "2005-03-07"),
        ("1999년 12월 31일", "ko", "1999-12-31"),
        ("२६ जनवरी १९५०", "hi", "1950-01-26"),
        ("19991231", None, "1999-12-31"),
        ("05.03.04", "hu", "2005-03-04"),
        ("05.03.04", "de", "2004-03-05"),
        ("29 February 1900", "en_GB", None),
    ],
)
def test_well_known_forms(
    reader: DateReader, text: str, locale: str | None, expected: str | None
) -> None:
    assert answered(reader, text, locale) == expected


def run(*arguments: str, cache: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "FACET_DATA_DIR": str(cache), "FACET_MODEL_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "app.cli", "dates", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_command_answers_in_json_and_refuses_with_status_2(tmp_path: Path) -> None:
    picture = tmp_path / "seen.png"
    done = run("03/04/2005", "--locale", "en_US", "--json", "-o", str(picture), cache=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["date"], answer["ambiguous"]) == ("2005-03-04", True)
    assert answer["candidates"][0]["date"] == "2005-03-04"
    assert answer["score"] == answer["candidates"][0]["score"] <= 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "facet.db").exists()
    refused = run("call me at noon", "--json", cache=tmp_path)
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "no-date"
