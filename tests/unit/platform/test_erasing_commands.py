"""What commands that erase print: counts of every place, and what is not done yet."""

import json

import pytest

from app.cli.gallery.commands import erase_and_tell
from app.domain.gallery import Receipt, Tally
from tests.unit.services.conftest import NOW

REMOVED = Tally(1, faces=2, templates=4, images=1, index_entries=0, idempotency_records=3)


def erased(*, as_json: bool, index: str = "pending") -> None:
    receipt = Receipt("subject", "s", NOW, REMOVED, index, True)  # type: ignore[arg-type]
    erase_and_tell(lambda dry: receipt, "subject Ann", dry_run=False, yes=True, as_json=as_json)


def test_every_place_is_counted_and_an_index_that_is_away_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    erased(as_json=False)
    written = capsys.readouterr()
    printed = " ".join(written.out.split())
    assert "1 subjects, 2 faces, 4 templates, 1 images, 0 index entries, 3 stored" in printed
    assert "the index is away" in " ".join(written.err.split())
    erased(as_json=False, index="done")
    assert capsys.readouterr().err == ""


def test_json_has_what_the_api_answers(capsys: pytest.CaptureFixture[str]) -> None:
    erased(as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["templates"], answer["index_entries"], answer["index"]) == (4, 0, "pending")
