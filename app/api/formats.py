"""The wire formats that there are, and which of them a server speaks."""

from collections.abc import Collection

from app.api.compreface.wire_format import COMPREFACE
from app.api.deepstack.wire_format import DEEPSTACK
from app.api.kit.wire_format import Formats, WireFormat
from app.api.rekognition.wire_format import REKOGNITION
from app.api.v1.wire_format import NATIVE
from app.domain.errors.requests import InvalidRequestError

FORMATS: list[WireFormat] = [
    DEEPSTACK,
    NATIVE,
    COMPREFACE,
    REKOGNITION,
]
"""One line for each. A format whose paths lie below another's stands before it."""


def chosen_formats(names: Collection[str]) -> Formats:
    """The formats of these names.

    Raises InvalidRequestError for no name, and for one that there is not.
    """
    known = {one.name for one in FORMATS}
    strange = sorted(set(names) - known)
    if strange or not names:
        raise InvalidRequestError(
            f"There is no wire format {strange[0]!r}." if strange else "No wire format is named.",
            hint=f"FACET_WIRE_FORMATS takes {', '.join(sorted(known))}, with commas between.",
        )
    return Formats([one for one in FORMATS if one.name in names], otherwise=NATIVE)
