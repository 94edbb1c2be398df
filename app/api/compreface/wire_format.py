"""CompreFace's wire format, as it is mounted."""

from fastapi import APIRouter

from app.api.compreface.addresses import PREFIX, normalize, takes
from app.api.compreface.callers import HEADER, authenticate
from app.api.compreface.problems import answer
from app.api.compreface.routes import embeddings, faces, pictures, recognition, server, subjects
from app.api.edge import Edge
from app.api.kit.wire_format import BodyLimits, WireFormat

_RESOURCES = (recognition, pictures, embeddings, subjects, faces, server)


def router(edge: Edge) -> APIRouter:
    """The routes below /api/v1, over the edge."""
    made = APIRouter(prefix=PREFIX)
    for resource in _RESOURCES:
        made.include_router(resource.router)
    return made


COMPREFACE = WireFormat(
    name="compreface",
    takes=takes,
    router=router,
    authenticate=authenticate,
    answer=answer,
    # A hundred embeddings of 512 numbers take about a megabyte.
    body_limits=BodyLimits(without_files=2 * 2**20, strict_forms=False),
    sent_headers=(HEADER,),
    normalize=normalize,
)
