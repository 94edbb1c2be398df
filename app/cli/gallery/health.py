"""The command that checks a gallery against itself."""

from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.answers.upkeep.health import Findings, Found, Health, Share
from app.cli.console import console, errors, open_cases, print_json, rate, reporting, said, table
from app.cli.places import check_file
from app.services.use_cases import UseCases
from models.files.writing import write

_SHOWN = 10


def check(collection: str, picture: Path | None, listed: int, as_json: bool) -> None:
    """Check a collection of any size, and tell what was found."""
    check_file(picture, as_json, (".png",))
    with open_cases(as_json) as cases:
        shown = _checked(cases, collection, listed)
    if picture is not None:
        from app.answers.upkeep.picture import health_png

        with reporting(as_json):
            write(picture, health_png(shown), mode=None)
    if as_json:
        return print_json(shown)
    _print(shown)


def _checked(cases: UseCases, collection: str, listed: int) -> Health:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("Comparing", total=None)

        def report(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        return Health.of(cases.health.check_all(collection, listed=listed, report=report))


def _print(health: Health) -> None:
    test = health.self_test
    summary = table(f"Health of {health.collection}", "what", "value")
    sample = f"{health.compared} of them, a sample" if health.sampled else "all of them"
    summary.add_row("subjects, faces", f"{health.subjects}, {health.faces}")
    summary.add_row("compared", sample)
    if health.other_encoder:
        summary.add_row("of another encoder, not compared", str(health.other_encoder))
    if health.barred:
        summary.add_row("restricted or without consent, not compared", str(health.barred))
    summary.add_row("rate of wrong names promised", f"{health.fpir:.2%}")
    summary.add_row("left out and found", _share(test.found))
    summary.add_row("left out and given another name", _share(test.wrong))
    summary.add_row("strangers given a name", _share(test.strangers_named))
    summary.add_row("weakest friend", f"as alike are {rate(test.weakest_friend)} strangers")
    summary.add_row("best stranger", f"as alike are {rate(test.best_stranger)} strangers")
    console.print(summary)
    _print_findings(health)


def _print_findings(health: Health) -> None:
    _list(
        "Too few faces",
        health.few_faces,
        [f"{one.subject.name}: {one.faces}" for one in health.few_faces.listed],
    )
    _list(
        "No good face",
        health.poor_faces,
        [f"{one.subject.name}: quality {one.best_quality}" for one in health.poor_faces.listed],
    )
    _list(
        "Unlike their subject",
        health.unlike,
        [f"face {one.face_id} of {one.subject.name}" for one in health.unlike.listed],
    )
    _list(
        "Could be another's",
        health.could_be_another,
        [
            f"face {one.face_id} of {one.subject.name}: {one.other_subject.name}, "
            f"as alike are {rate(one.fmr)} strangers"
            for one in health.could_be_another.listed
        ],
    )
    _list(
        "Nearly the same picture",
        health.near_duplicates,
        [
            f"faces {one.face_id} and {one.other_face_id} of {one.subject.name}"
            for one in health.near_duplicates.listed
        ],
    )


def _list(title: str, found: Findings[Found], texts: list[str]) -> None:
    console.print(said((title, "bold"), f": {found.total}"))
    for text in texts[:_SHOWN]:
        console.print(f"  {text}")
    if found.total > min(len(texts), _SHOWN):
        console.print(f"  … and {found.total - min(len(texts), _SHOWN)} more; see --json --listed.")


def _share(share: Share) -> str:
    if share.share is None:
        return "nobody to try it with"
    return (
        f"{share.share:.2%} ({share.low:.2%} to {share.high:.2%}), {share.hits} of {share.trials}"
    )
