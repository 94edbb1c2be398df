"""Tables that commands print say everything, in however narrow a window."""

from app.cli.console import console, table
from app.cli.gallery.rights import rows


def test_no_cell_is_cut() -> None:
    ids = [digit * 32 for digit in "abcdef"]
    listing = table("Entries", *("a", "b", "c", "d", "e", "f"))
    listing.add_row(*ids)
    with console.capture() as captured:
        console.print(listing, width=80)
    printed = captured.get()
    assert "…" not in printed
    assert all(printed.count(one[0]) >= 32 for one in ids)


def test_rights_are_told_in_words() -> None:
    consent = {"basis": "consent", "given_at": "2026-01-31T12:00:00Z", "withdrawn_at": None}
    assert dict(rows({"restricted": False, "keep_until": None, "consent": consent})) == {
        "restricted": "no",
        "keep until": "–",
        "consent basis": "consent",
        "consent given at": "2026-01-31T12:00:00Z",
        "consent withdrawn at": "–",
    }
