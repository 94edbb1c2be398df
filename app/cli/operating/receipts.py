"""Commands about signed receipts of erasures: list, show, check."""

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from app.answers.duties.receipts import ReceiptKey, SignedReceipt
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    open_cases,
    print_json,
    reporting,
    said,
    table,
)
from app.domain.errors.requests import InvalidRequestError
from app.domain.metadata import read_json
from app.domain.people.receipts import signed_text
from app.services.keys import LOCAL

receipts = typer.Typer(help="Signed receipts of erasures.", no_args_is_help=True)
_LARGEST = 2**20


@receipts.command("list")
def list_receipts(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Receipts at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest receipts, the newest first."""
    with open_cases(as_json) as cases:
        found = cases.receipts.list(LOCAL, limit=limit + 1)
    more, shown = len(found) > limit, [SignedReceipt.of(one) for one in found[:limit]]
    if as_json:
        return print_json({"receipts": [one.model_dump() for one in shown], "more": more})
    listing = table("Receipts", "id", "time", "erased", "its id", "faces", "images", "key")
    for one in shown:
        fields, removed = one.receipt, one.receipt["removed"]
        cells = (fields["id"], fields["at"], fields["erased"], fields["erased_id"])
        counts = (str(removed["faces"]), str(removed["images"]))
        listing.add_row(*cells, *counts, one.key)
    console.print(listing)
    if more:
        console.print(f"There are more; --limit shows more than {limit}.")


@receipts.command()
def show(
    receipt_id: Annotated[str, typer.Argument(help="The receipt's id.")],
    as_json: AsJson = True,
) -> None:
    """One receipt as JSON, to be handed out and checked elsewhere."""
    with open_cases(as_json) as cases:
        shown = SignedReceipt.of(cases.receipts.get(LOCAL, receipt_id))
    print_json(shown)


@receipts.command()
def key(as_json: AsJson = False) -> None:
    """The public keys that receipts are checked by, the one that signs now last."""
    with open_cases(as_json) as cases:
        found = [ReceiptKey.of(one) for one in cases.receipts.public_keys()]
    if as_json:
        return print_json({"keys": [one.model_dump(mode="json") for one in found]})
    for one in found:
        console.print(f"# {one.id}, since {one.made_at:%Y-%m-%d}")
        console.print(one.public_key.rstrip())
    if not found:
        console.print("There is none yet: the first erasure makes one.")


@receipts.command()
def verify(
    receipt: Annotated[str, typer.Argument(help="A file with a receipt, or the id of one here.")],
    public_key: Annotated[
        Path | None,
        typer.Option(help="PEM of the key, for who has no database.", exists=True, dir_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt's signature; exit status 2 where it is not genuine."""
    with reporting(as_json):
        public = None if public_key is None else _public(public_key)
        path = Path(receipt)
        signed = _read(path) if path.is_file() else None
    if signed is None:
        with open_cases(as_json) as cases:
            signed = SignedReceipt.of(cases.receipts.get(LOCAL, receipt))
    genuine = _genuine(signed, public, as_json)
    fields = signed.receipt
    if as_json:
        print_json({"genuine": genuine, **signed.model_dump()})
    else:
        word = ("genuine", "green") if genuine else ("not genuine", "red")
        console.print(said("The receipt is ", word, "."))
        if genuine:
            what = f"{fields.get('erased')} {fields.get('erased_id')}"
            console.print(f"Erased: {what}, at {fields.get('at')}.", soft_wrap=True)
    if not genuine:
        raise typer.Exit(EXIT_FAILED)


def _genuine(signed: SignedReceipt, public: bytes | None, as_json: bool) -> bool:
    """Whether the key that is given, or else one of this installation, has signed."""
    try:
        signature = base64.b64decode(signed.signature, validate=True)
        text = signed_text(signed.receipt)
    except (ValueError, TypeError):
        return False
    if public is not None:
        from app.protection.receipt_keys import is_signed

        return is_signed(public, signature, text)
    with open_cases(as_json) as cases:
        return cases.receipts.is_genuine(signed.key, signature, text)


def _public(path: Path) -> bytes:
    from app.protection.receipt_keys import read_public

    return read_public(path.read_bytes()[:_LARGEST])


def _read(path: Path) -> SignedReceipt:
    """The receipt in a file: as `show` or the API gives it. Raises InvalidRequestError."""
    try:
        with path.open("rb") as file:
            fields: Any = read_json(file.read(_LARGEST).decode())
        return SignedReceipt.model_validate(fields)
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidRequestError(
            f"{path} holds no receipt.", hint="`facet receipts show ID` prints one."
        ) from error
