"""What a killed server and its clients were in the middle of, as their files and ledgers tell."""

from collections.abc import Iterator
from pathlib import Path

from tests.integration.bulk import Bulk
from tests.integration.load import Ledger


def under_way(data_dir: Path, ledgers: list[Ledger], bulk: Bulk) -> set[str]:
    """To be asked before anybody opens the data directory again."""
    phases = set(_of_index(data_dir / "index"))
    if any(not one.acknowledged and one.subject for ledger in ledgers for one in ledger.enrolments):
        phases.add("enrol")
    if any(ledger.erasing for ledger in ledgers) or bulk.erasing:
        phases.add("erase")
    if bulk.importing:
        phases.add("import")
    return phases


def _of_index(root: Path) -> Iterator[str]:
    """Generations without a manifest: copied or trained; then swapped in, and saved."""
    for generation in root.glob("*/*/*/"):
        if (generation / "manifest.json").exists():
            continue
        if (generation / "structure").exists():
            yield "swap or snapshot"
        else:
            yield "build"
        if any(generation.parent.glob("*/manifest.json")):
            yield "compaction"
