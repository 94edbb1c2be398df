"""Hooks of mkdocs: folders in the navigation, and pages for files beside README.md."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
_PROJECT = {
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "THIRD_PARTY.md": "project/third-party.md",
}
"""Files of the project's root, and the pages that show them."""
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def on_config(config: Any) -> Any:
    """Put the pages of a folder where the navigation names `folder/*`."""
    config["nav"] = _listed(config["nav"], Path(config["docs_dir"]))
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the project's own files as pages."""
    for name, page in _PROJECT.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let links to and from the project's own files lead to their pages."""
    here = page.file.src_uri
    roots = {shown: name for name, shown in _PROJECT.items()}
    source = roots.get(here, f"docs/{here}")
    return _LINK.sub(lambda found: f"]({_page(source, here, found[1])}", markdown)


def _listed(entry: Any, docs: Path) -> Any:
    if isinstance(entry, list):
        return [_listed(one, docs) for one in entry]
    if isinstance(entry, dict):
        return {name: _listed(one, docs) for name, one in entry.items()}
    if not str(entry).endswith("/*"):
        return entry
    pages = sorted((docs / entry[:-2]).glob("*.md"))
    return [page.relative_to(docs).as_posix() for page in pages]


def _page(source: str, here: str, link: str) -> str:
    """The address of what the link in that file means, seen from the page."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
    if target in _PROJECT:
        target = f"docs/{_PROJECT[target]}"
    elif not target.startswith("docs/"):
        return link  # mkdocs tells of it
    return posixpath.relpath(target, posixpath.dirname(f"docs/{here}"))
