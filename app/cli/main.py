"""The `facet` command."""

from typing import Annotated

import typer

from app.cli import dates, style
from app.cli.demo import command as demo
from app.cli.gallery import calibration, corrections, groups, policies, review, rights, sightings
from app.cli.gallery import commands as gallery
from app.cli.moving import backup, bulk_export, bulk_import, protection, reencoding, renewal
from app.cli.moving.move import move
from app.cli.operating import (
    administration,
    audit,
    doctor,
    health,
    images,
    index,
    jobs,
    keys,
    receipts,
    serving,
    webhooks,
)
from app.cli.recognition import commands as recognition
from app.cli.recognition import images as pictures
from app.cli.recognition import watching
from app.platform.version import VERSION

app = typer.Typer(
    help="Face recognition that you own.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(VERSION)
        raise typer.Exit


@app.callback()
def facet(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Tell the version."),
    ] = False,
) -> None:
    """Face recognition that you own."""


app.command()(serving.serve)
app.command()(health.health)
app.command()(doctor.doctor)
app.command()(calibration.calibrate)
app.command()(jobs.worker)
app.command()(demo.demo)
app.command()(pictures.detect)
app.command()(pictures.embed)
app.command()(pictures.verify)
app.command()(recognition.enroll)
app.command()(recognition.recognize)
app.command("import")(bulk_import.import_)
app.command()(bulk_export.export)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(protection.protect)
app.command()(style.style)
app.command()(watching.watch)
app.command()(dates.dates)
gallery.collections.command("policy")(policies.change_policy)
gallery.collections.command("reencode")(reencoding.reencode)
gallery.collections.command("renew")(renewal.renew)
app.add_typer(gallery.collections, name="collections")
gallery.subjects.command("rights")(rights.rights)
gallery.subjects.command("export")(rights.export_subject)
gallery.collections.command("retention")(rights.retention)
gallery.subjects.command("merge")(corrections.merge)
gallery.subjects.command("move-faces")(corrections.move)
gallery.subjects.command("face")(corrections.stands_for)
app.add_typer(gallery.subjects, name="subjects")
app.add_typer(sightings.sightings, name="sightings")
app.add_typer(groups.groups, name="groups")
app.add_typer(review.review, name="review")
app.add_typer(corrections.operations, name="operations")
app.add_typer(move, name="move")
app.add_typer(jobs.jobs, name="jobs")
app.add_typer(administration.models, name="models")
app.add_typer(keys.keys, name="keys")
app.add_typer(webhooks.webhooks, name="webhooks")
app.add_typer(audit.audit, name="audit")
app.add_typer(receipts.receipts, name="receipts")
app.add_typer(administration.db, name="db")
app.add_typer(index.index, name="index")
app.add_typer(images.images, name="images")
