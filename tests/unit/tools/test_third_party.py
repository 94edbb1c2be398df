"""Everything that is shipped, or that the server stands on, is listed with its licence."""

import re
from pathlib import Path

from deploy.image.third_party import locked_names, third_party

ROOT = Path(__file__).parents[3]


def test_the_list_is_what_the_command_makes() -> None:
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    assert listed == third_party(), "run `make third-party`"


def test_every_package_states_a_licence_that_admits_commercial_use() -> None:
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    packages = listed.partition("## In the Docker image")[0].partition("| --- | --- | --- |\n")[2]
    licences = dict(re.findall(r"^\| (\S+) \| ([^|]+) \|", packages, re.MULTILINE))
    assert set(locked_names()) == set(licences)
    for name, licence in licences.items():
        assert licence != "UNKNOWN", name
        # The GPL proper; the LGPL and Mozilla's licence bind the library, not who uses it.
        assert not re.search(r"(?<!L)GPL|Affero|[Nn]on-?[Cc]ommercial|CC-BY-NC", licence), name
