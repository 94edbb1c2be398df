"""Facet's own wire format, as it is mounted."""

from app.api.kit.session_cookies import by_key_or_session
from app.api.kit.wire_format import WireFormat, below
from app.api.v1.problems import answer
from app.api.v1.router import router

NATIVE = WireFormat(
    name="native",
    takes=below("/v1"),
    router=router,
    authenticate=by_key_or_session,
    answer=answer,
    sent_headers=("Authorization",),
    described=True,
)
