"""Pages and programs that are made from the service are as it makes them now."""

from deploy.clients.python import PACKAGE, made_files
from deploy.site.__main__ import REFERENCE, made_pages
from tests.api.conftest import Client


def test_regeneration_changes_nothing(client: Client) -> None:
    made = made_pages(client.get("/openapi.json").json())
    assert len(made) == 6
    for name, text in made.items():
        stored = (REFERENCE / name).read_text(encoding="utf-8")
        assert stored == text, f"{name}: run `make references`"


def test_the_made_part_of_the_client_is_up_to_date(client: Client) -> None:
    for name, text in made_files(client.get("/openapi.json").json()).items():
        stored = (PACKAGE / name).read_text(encoding="utf-8")
        assert stored == text, f"{name}: run `make references`"
