"""The command that tells what could be better, and changes nothing."""

from typing import Any

from app.cli.console import AsJson, console, open_cases, print_json, table
from app.cli.gallery.commands import every_collection


def doctor(as_json: AsJson = False) -> None:
    """Tell which collections are on another encoder than new ones, and how to move them.

    It changes nothing: an older encoder goes on serving for as long as you like.
    """
    with open_cases(as_json) as cases:
        encoder = cases.collections.default_encoder()
        behind = [found for found in every_collection(cases) if found.encoder != encoder]
        sizes = cases.collections.sizes(behind)
    advice: list[dict[str, Any]] = [
        {
            "collection": found.name,
            "encoder": found.encoder,
            "faces": sizes[found.id][1],
            "keeps_images": found.keep_images,
            "command": f"facet collections reencode {found.name} --encoder {encoder}",
        }
        for found in behind
    ]
    if as_json:
        return print_json({"default_encoder": encoder, "reencode": advice})
    if not advice:
        return console.print(f"Every collection is on {encoder}, as new ones are.")
    listing = table("On another encoder", "collection", "encoder", "faces", "images kept")
    for one in advice:
        kept = "yes" if one["keeps_images"] else "no"
        listing.add_row(one["collection"], one["encoder"], str(one["faces"]), kept)
    console.print(listing)
    console.print(f"New collections are on {encoder}. To move one, which needs its kept images:")
    for one in advice:
        console.print(f"  {one['command']}", soft_wrap=True)
