"""Commands that bring weights in: downloads, and encoders from elsewhere."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from app.cli.console import (
    AsJson,
    console,
    errors,
    print_json,
    read_settings,
    recording,
    reporting,
    said,
)
from app.domain.errors.requests import InvalidRequestError
from app.services.models.pulling import ModelPuller, Terms
from models.registry.download import DownloadRules
from models.registry.errors import InvalidManifestError
from models.registry.locations import open_registry

Key = Annotated[str, typer.Argument(help="`name@version`, or a name for its newest version.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask, where the licence restricts nothing.")
]
AcceptLicence = Annotated[
    bool, typer.Option("--accept-licence", help="Do not ask: these terms are accepted.")
]


def pull(
    key: Key, yes: Yes = False, accept_licence: AcceptLicence = False, as_json: AsJson = False
) -> None:
    """Make a model's weights ready: download (after a look at the licence) or convert."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with reporting(as_json), recording("pull-model") as details:
        rules = DownloadRules(read_settings().download_networks)
        puller = ModelPuller(open_registry(), rules)
        terms = puller.terms(key)
        details["model"] = key
        for one in terms:
            _accept_licence(one, yes=yes, accepted=accept_licence)
        details["licence_accepted"] = bool(terms)
        with Progress(*columns, console=errors, disable=as_json) as progress:
            bar = progress.add_task(key, total=None)
            pulled = puller.run(
                key,
                lambda done, total: progress.update(bar, completed=done, total=total),
                accept_licence=True,
            )
        details |= {"model": pulled.model, "bytes": pulled.fetched}
    sha256 = pulled.pinned_sha256
    if as_json:
        shown = {"key": pulled.model, "path": str(pulled.path)}
        return print_json(shown | ({"pinned_sha256": sha256} if sha256 else {}))
    console.print(f"{pulled.model} is ready: {pulled.path}", soft_wrap=True)
    if sha256:
        text = said(
            ("Nobody has published its checksum.", "yellow"),
            f" This file counts from now on:\n  sha256 {sha256}",
        )
        console.print(text, soft_wrap=True)


def add(
    weights: Annotated[
        Path, typer.Argument(help="An ONNX or safetensors file.", exists=True, dir_okay=False)
    ],
    manifest: Annotated[
        Path, typer.Option(help="Its manifest, without \\[source].", exists=True, dir_okay=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Take an encoder from elsewhere into the data directory, after a trial run."""
    with reporting(as_json), recording("add-model") as details:
        # Importing the networks takes seconds that `facet --help` should not.
        import tomlkit
        from tomlkit.exceptions import ParseError

        from models.publishing import publish

        directory = read_settings().manifest_dirs[0]
        try:
            document = tomlkit.parse(manifest.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, ParseError) as error:
            raise InvalidManifestError(f"{manifest} cannot be read: {error}") from error
        added = publish(
            weights,
            document,
            open_registry(),
            manifests=directory,
            weights_dir=directory / "weights",
        )
        details["model"] = added.key
    if as_json:
        return print_json({"key": added.key, "manifest": str(added.path)})
    console.print(f"{added.key} is there: {added.path}", soft_wrap=True)
    if not added.calibrated:
        console.print(
            "It has no threshold curve yet: measure one with "
            "`python -m training evaluate calibrate` before a collection uses it."
        )


def _accept_licence(terms: Terms, *, yes: bool, accepted: bool) -> None:
    """Show the terms, and go on only when somebody has agreed to them.

    Raises InvalidRequestError when nobody was to be asked about terms that restrict.
    """
    colour = "green" if terms.commercial_use else "bold red"
    use = "commercial use allowed" if terms.commercial_use else "NOT for commercial use"
    errors.print(f"{terms.model}: {terms.description}")
    errors.print(said("  Licence: ", (f"{terms.licence} ({use})", colour)))
    errors.print(f"  {terms.licence_url}", soft_wrap=True)
    for address in terms.addresses:
        errors.print(f"  From {address}", soft_wrap=True)
    if terms.provenance_doubt:
        errors.print(said(("  Beware: ", "yellow"), terms.provenance_doubt), soft_wrap=True)
    if accepted or (yes and terms.commercial_use):
        return
    if yes:
        raise InvalidRequestError(
            f"The licence of {terms.model} restricts its use ({terms.licence}), and --yes does "
            "not accept that.",
            hint=f"Read {terms.licence_url}, then: facet models pull {terms.model} "
            "--accept-licence",
        )
    typer.confirm("Download under these terms?", abort=True, err=True)
