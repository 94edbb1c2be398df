"""Recognition in pictures, and comparison with one enrolled face."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.api.compreface import convert
from app.api.compreface.addresses import face_id
from app.api.compreface.callers import Gallery
from app.api.compreface.schemas import Picture, parameters
from app.api.compreface.wishes import wish_of
from app.api.kit.access import AtEdge, Cases, Recognize, Verify
from app.api.kit.admission import admit

router = APIRouter(prefix="/recognition")


@router.post("/recognize")
async def recognize(
    request: Request, caller: Recognize, gallery: Gallery, cases: Cases, edge: AtEdge
) -> JSONResponse:
    """Tell of every face who it is, or who is nearest."""
    body, admission = await admit(request, Picture)
    wish = wish_of(caller, edge, parameters(request, body))
    options = wish.parameters.recognition()

    def work() -> JSONResponse:
        found = cases.recognizer.recognize(gallery.name, body.file, options)
        shown = convert.recognition(found, wish)
        return JSONResponse(shown, headers=wish.headers(found.analysis))

    return await admission.run(work)


@router.post("/faces/{image}/verify")
async def verify(
    request: Request, image: str, caller: Verify, gallery: Gallery, cases: Cases, edge: AtEdge
) -> JSONResponse:
    """Compare every face of a picture with one enrolled face."""
    face = face_id(image)
    body, admission = await admit(request, Picture)
    wish = wish_of(caller, edge, parameters(request, body))
    options = wish.parameters.verification(gallery.encoder)

    def work() -> JSONResponse:
        found = cases.verifier.claim_face(gallery.name, face, body.file, options)
        return JSONResponse(convert.claim(found, wish), headers=wish.headers(found.analysis))

    return await admission.run(work)
