"""Enrolled faces: add, list, erase, and their kept pictures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from app.api.compreface.addresses import face_id, image_id
from app.api.compreface.callers import EraseNamed, Gallery
from app.api.compreface.schemas import ImageIds, Picture, page, parameters
from app.api.kit.access import Browse, Cases, Enroll, Erase, LookAtPictures
from app.api.kit.admission import admit
from app.api.kit.body.reading import json_body
from app.domain.errors.gallery import ImageNotKeptError, UnknownFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection
from app.services.gallery.faces import NamedFace
from app.services.use_cases import UseCases

router = APIRouter()

Ids = Annotated[ImageIds, Depends(json_body(ImageIds))]


@router.post("/recognition/faces")
async def enroll(request: Request, caller: Enroll, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Add a picture of a subject, which is made where it is missing."""
    body, admission = await admit(request, Picture)
    asked = parameters(request, body)
    if asked.subject is None:
        hint = "Send it in the query, as ?subject=NAME."
        raise InvalidRequestError.of_field("subject", "is missing", hint)
    done = await admission.run(
        cases.named_enroller.enrol,
        gallery.name,
        asked.subject,
        [body.file],
        asked.enrolment(),
    )
    (result,) = done.results
    if result.face is None:
        raise result.error or UnknownFaceError("No face was enrolled.")
    shown = {"image_id": image_id(result.face.id), "subject": done.subject.name}
    return JSONResponse(shown, status.HTTP_201_CREATED)


@router.get("/recognition/faces")
async def list_faces(
    request: Request, caller: Browse, gallery: Gallery, cases: Cases
) -> JSONResponse:
    """List faces by page, of all subjects or of one."""
    wanted = page(request)

    def work() -> JSONResponse:
        found = cases.faces.page(
            gallery.name,
            subject=wanted.subject,
            first=wanted.page * wanted.size,
            limit=wanted.size,
        )
        return JSONResponse(
            {
                "faces": [_named(one) for one in found.faces],
                "page_number": wanted.page,
                "page_size": wanted.size,
                "total_pages": -(-found.total // wanted.size),
                "total_elements": found.total,
            }
        )

    return await run_in_threadpool(work)


@router.delete("/recognition/faces")
def erase_faces(request: Request, caller: Erase, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Erase all faces of a subject that stays, or of all; none where there is no such subject."""
    name = request.query_params.get("subject")
    if not name:
        removed = cases.erasure.contents(gallery.name, subjects=False).removed.faces
    elif (found := cases.subjects.find(gallery.name, name)) is not None:
        removed = cases.erasure.faces_of(gallery.name, found.id).removed.faces
    else:
        removed = 0
    return JSONResponse({"deleted": removed})


@router.post("/recognition/faces/delete")
def erase_several(caller: EraseNamed, gallery: Gallery, body: Ids, cases: Cases) -> JSONResponse:
    """Erase the faces of these images; ids that are unknown are passed over."""
    known = [face for image in body.root if (face := _face_or_none(image)) is not None]
    erased = cases.faces.named(gallery.name, known)
    if erased:
        cases.erasure.faces(gallery.name, [one.face.id for one in erased])
    return JSONResponse([_named(one) for one in erased])


@router.delete("/recognition/faces/{image}")
def erase(image: str, caller: EraseNamed, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Erase one face."""
    face = face_id(image)
    erased = cases.faces.named(gallery.name, [face])
    cases.erasure.face(gallery.name, face)
    return JSONResponse(_named(erased[0]))


@router.get("/recognition/faces/{image}/img")
def picture(image: str, caller: LookAtPictures, gallery: Gallery, cases: Cases) -> Response:
    """Give the kept picture of a face; nothing where the collection keeps none."""
    return _picture(image, gallery, cases)


@router.get("/static/{api_key}/images/{image}")
def picture_by_address(
    image: str, caller: LookAtPictures, gallery: Gallery, cases: Cases
) -> Response:
    """Give the same to pages that can send no header: the key stands in the address."""
    return _picture(image, gallery, cases)


def _picture(image: str, gallery: Collection, cases: UseCases) -> Response:
    try:
        data = cases.faces.image(gallery.name, face_id(image))
    except ImageNotKeptError:
        data = b""
    headers = {"Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _face_or_none(image: str) -> int | None:
    try:
        return face_id(image)
    except UnknownFaceError:
        return None


def _named(one: NamedFace) -> dict[str, str]:
    return {"image_id": image_id(one.face.id), "subject": one.subject}
