"""DeepStack's wire format, as it is mounted."""

from starlette.types import Scope

from app.api.deepstack.callers import authenticate
from app.api.deepstack.routes import router
from app.api.deepstack.shapes import answer
from app.api.kit.addresses import path_within, tidy, tidy_path
from app.api.kit.wire_format import WireFormat

PREFIX = "/v1/vision"
"""Below the native format's prefix, so this format stands before it."""


def takes(scope: Scope) -> bool:
    """Whether the request is for this format."""
    path = tidy(path_within(scope))
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def normalize(scope: Scope) -> None:
    """Drop double slashes and one at the end, which clients make of the address they are given."""
    scope["path"] = tidy_path(scope)


DEEPSTACK = WireFormat(
    name="deepstack",
    takes=takes,
    router=router,
    authenticate=authenticate,
    answer=answer,
    sent_headers=("Authorization", "X-Api-Key"),
    normalize=normalize,
)
