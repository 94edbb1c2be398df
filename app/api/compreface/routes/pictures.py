"""Detection, and comparison of two pictures: nothing that is enrolled takes part."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.api.compreface import convert
from app.api.compreface.callers import Gallery
from app.api.compreface.schemas import Picture, Pictures, parameters
from app.api.compreface.wishes import wish_of
from app.api.kit.access import AtEdge, Cases, Detect, Verify
from app.api.kit.admission import admit

router = APIRouter()


@router.post("/detection/detect")
async def detect(
    request: Request, caller: Detect, gallery: Gallery, cases: Cases, edge: AtEdge
) -> JSONResponse:
    """Find every face."""
    body, admission = await admit(request, Picture)
    wish = wish_of(caller, edge, parameters(request, body))
    options = replace(wish.parameters.analysis(), encoder=convert.plugin_of(wish, gallery))
    look = cases.detection.embed if options.encoder else cases.detection.detect

    def work() -> JSONResponse:
        found = look(body.file, options)
        return JSONResponse(convert.detection(found, wish), headers=wish.headers(found))

    return await admission.run(work)


@router.post("/verification/verify")
async def verify(
    request: Request, caller: Verify, gallery: Gallery, cases: Cases, edge: AtEdge
) -> JSONResponse:
    """Compare the face of one picture with every face of another."""
    body, admission = await admit(request, Pictures)
    wish = wish_of(caller, edge, parameters(request, body))
    options = wish.parameters.verification(gallery.encoder)

    def work() -> JSONResponse:
        found = cases.verifier.compare_with_all(body.source_image, body.target_image, options)
        shown = convert.verification(found, wish)
        return JSONResponse(shown, headers=wish.headers(found.analysis))

    return await admission.run(work)
