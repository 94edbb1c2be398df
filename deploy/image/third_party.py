"""Write THIRD_PARTY.md: `python deploy/image/third_party.py > THIRD_PARTY.md`.

Packages are those of requirements.lock, as installed beside this script's interpreter; models are
those of the registry.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from models.registry.registry import Registry

ROOT = Path(__file__).parents[2]
_BEGINNING = """# What Facet stands on, and under which terms

Facet itself is Apache-2.0. This list is made by `make third-party`, and a test keeps it whole.

## Packages

Installed by the Docker image and by `pip install "facet[postgres]"`, exact versions in
`requirements.lock`. Licences as their authors state them.

| package | licence | home |
| --- | --- | --- |
"""
_IN_A_FILE = {"pyrage": "MIT License"}
"""Licences that a package's own file states, and its metadata does not."""
_IMAGE = """
## In the Docker image besides

| part | licence | why |
| --- | --- | --- |
| FFmpeg 8.1.2 without its GPL parts, built by `deploy/image/build-ffmpeg` | LGPL-2.1-or-later \
| videos, in place of PyAV's with x264 and x265: [adr/0014](docs/adr/0014-video-without-gpl.md) |
| dav1d (Debian's libdav1d7) | BSD-2-Clause | decodes AV1 |
| Debian and Python of the base image | many, see `/usr/share/doc/*/copyright` | |

Outside of the image, `pip` installs PyAV's own wheel with x264 and x265: who passes such an
installation on has to keep the terms of the GPL.

`face_recognition_models` also holds a 68-point landmark model that must not be used commercially.
Facet never reads it, and the image does not contain it.

## Models

Terms of the weights, not of the programs that made them. Only those marked *yes* may be used
commercially by their publishers' statement.

| model | licence | commercial | learnt from |
| --- | --- | --- | --- |
"""


def third_party() -> str:
    """The whole document."""
    return _BEGINNING + "".join(_packages()) + _IMAGE + "".join(_models())


def locked_names() -> list[str]:
    """Names of the packages of requirements.lock that this platform installs, normalized."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    elsewhere = r"sys_platform == '(win32|darwin)'"
    found = re.findall(r"^([A-Za-z0-9._-]+)==\S+( ;.*)?", text, re.MULTILINE)
    return sorted({_normal(name) for name, marker in found if not re.search(elsewhere, marker)})


def _packages() -> Iterator[str]:
    command = [str(Path(sys.executable).with_name("pip-licenses")), "--from=mixed"]
    command += ["--format=json", "--with-urls", "--with-system"]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603
    by_name = {_normal(row["Name"]): row for row in listed}
    for name in locked_names():
        row = by_name[name]
        stated = _IN_A_FILE.get(name, row["License"])
        licence = stated.replace(";", ",").replace("|", "/").split("\n")[0]
        yield f"| {name} | {licence} | {row['URL']} |\n"


def _models() -> Iterator[str]:
    for manifest in Registry(ROOT / "build").manifests():
        terms = f"[{manifest.licence.name}]({manifest.licence.url})"
        allowed = "yes" if manifest.licence.commercial else "**no**"
        data = " ".join(manifest.training_data.split()).replace("|", "/")
        yield f"| {manifest.key} | {terms} | {allowed} | {data} |\n"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.stdout.write(third_party())
