"""Every limit of a key is told, changed over HTTP, and an option of the command."""

from dataclasses import fields

import typer

from app.answers.keys import Key
from app.api.v1.schemas.keys import LimitChanges
from app.cli.operating.keys import keys
from app.domain.access.limits import KeyLimits, Window, known_limits

NAMES = [each.name for each in fields(KeyLimits)]


def test_every_limit_stands_in_answers_requests_and_the_command() -> None:
    answered = Key.model_json_schema(mode="serialization")["$defs"]["KeyLimits"]
    assert list(answered["properties"]) == answered["required"] == NAMES
    assert list(LimitChanges.model_fields) == NAMES
    command = typer.main.get_command(keys).commands["limit"]  # type: ignore[attr-defined]
    options = [
        one.opts for one in command.params if "0: no limit" in (getattr(one, "help", "") or "")
    ]
    assert options == [[f"--{name.replace('_', '-')}"] for name in NAMES]


def test_windows_are_those_that_have_a_limit() -> None:
    limits = KeyLimits(pictures_per_second=3, jobs=2)
    assert list(limits.windows("pictures")) == [(Window("pictures", 1, "second"), 3)]
    assert list(limits.windows("requests")) == []


def test_a_limit_that_a_newer_version_has_stored_is_passed_over() -> None:
    assert known_limits({"jobs": 2, "frames_per_second": 9}) == KeyLimits(jobs=2)
