"""DeepStack's wire format, as it is mounted."""

from app.api.deepstack.callers import authenticate
from app.api.deepstack.routes import router
from app.api.deepstack.shapes import answer
from app.api.kit.wire_format import WireFormat, below

PREFIX = "/v1/vision"
"""Below the native format's prefix, so this format stands before it."""

DEEPSTACK = WireFormat(
    name="deepstack",
    takes=below(PREFIX),
    router=router,
    authenticate=authenticate,
    answer=answer,
    sent_headers=("Authorization", "X-Api-Key"),
)
