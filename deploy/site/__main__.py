"""Write the pages of docs/reference/ that are made from the service: `python -m deploy.site`."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.cli.main import app as program
from deploy.site.api import api_page, objects_page
from deploy.site.commands import service_page, training_page
from deploy.site.errors import errors_page
from deploy.site.manifests import manifests_page
from deploy.site.scores import scores_page
from training.__main__ import app as training

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def made_pages(description: Mapping[str, Any]) -> dict[str, str]:
    """Every made page by its file name, for the OpenAPI description of a server."""
    return {
        "api.md": api_page(description),
        "objects.md": objects_page(description),
        "errors.md": errors_page(PROBLEM_KINDS),
        "commands.md": service_page(program),
        "training-commands.md": training_page(training),
        "manifests.md": manifests_page(),
        "scores.md": scores_page(),
    }


def own_description() -> dict[str, Any]:
    """The description that a server with nothing set up answers."""
    with tempfile.TemporaryDirectory() as directory:
        for name in [name for name in os.environ if name.startswith("FACET_")]:
            del os.environ[name]
        os.environ["FACET_DATA_DIR"] = directory
        os.environ["FACET_MASTER_KEY_FILE"] = f"{directory}/master.key"
        from app.main import create

        return create().openapi()


if __name__ == "__main__":
    for name, text in made_pages(own_description()).items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
