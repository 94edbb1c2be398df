"""Pages and programs that are made from the service are as it makes them now."""

from types import ModuleType

import pytest

from deploy.clients import python
from deploy.clients.typescript import __main__ as typescript
from deploy.site.__main__ import REFERENCE, made_pages
from tests.api.conftest import Client


def test_regeneration_changes_nothing(client: Client) -> None:
    made = made_pages(client.get("/openapi.json").json())
    assert len(made) == 7
    for name, text in made.items():
        stored = (REFERENCE / name).read_text(encoding="utf-8")
        assert stored == text, f"{name}: run `make references`"


@pytest.mark.parametrize("package", [python, typescript])
def test_the_made_parts_of_clients_are_up_to_date(client: Client, package: ModuleType) -> None:
    for name, text in package.made_files(client.get("/openapi.json").json()).items():
        stored = (package.PACKAGE / name).read_text(encoding="utf-8")
        assert stored == text, f"{name}: run `make references`, or `python -m {package.__name__}`"


def test_the_synchronous_client_is_made_whole() -> None:
    """No file of it is written by hand, and each says what it is made of."""
    made = {file.name: file for file in (python.PACKAGE / "synchronous").glob("*.py")}
    assert set(made) == {file.name for file in (python.PACKAGE / "asynchronous").glob("*.py")}
    note = "Made of `facet_client/asynchronous`"
    assert all(note in file.read_text(encoding="utf-8") for file in made.values())
