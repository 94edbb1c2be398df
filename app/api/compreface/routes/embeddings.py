"""Decisions about embeddings, for keys that may see embeddings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from app.api.compreface import convert
from app.api.compreface.addresses import face_id
from app.api.compreface.callers import Gallery, RecognizeEmbeddings, VerifyEmbeddings
from app.api.compreface.schemas import ComparedEmbeddings, EmbeddingsBody, parameters
from app.api.compreface.wishes import wish_of
from app.api.kit.access import AtEdge, Cases
from app.api.kit.admission import Admission
from app.api.kit.body.reading import json_body
from app.domain.deciding.terms import ComparisonTerms, SearchTerms

router = APIRouter()

Given = Annotated[EmbeddingsBody, Depends(json_body(EmbeddingsBody))]
ToCompare = Annotated[ComparedEmbeddings, Depends(json_body(ComparedEmbeddings))]


@router.post("/recognition/embeddings/recognize")
async def recognize(
    request: Request,
    caller: RecognizeEmbeddings,
    gallery: Gallery,
    body: Given,
    cases: Cases,
    edge: AtEdge,
) -> JSONResponse:
    """Tell of every embedding who it is, or who is nearest."""
    wish = wish_of(caller, edge, parameters(request))
    # They need not come from one picture, so that two may be one person's.
    terms = SearchTerms(candidates=wish.parameters.predictions, unique=False)

    def work() -> JSONResponse:
        found = cases.given_embeddings.recognize(gallery.name, body.embeddings, terms)
        return JSONResponse(convert.embeddings(body.embeddings, found, wish))

    return await Admission(request).run(work)


@router.post("/recognition/embeddings/faces/{image}/verify")
async def verify(
    request: Request,
    image: str,
    caller: VerifyEmbeddings,
    gallery: Gallery,
    body: Given,
    cases: Cases,
) -> JSONResponse:
    """Compare every embedding with one enrolled face."""
    face, terms = face_id(image), ComparisonTerms()

    def work() -> JSONResponse:
        found = cases.given_embeddings.claim_face(gallery.name, face, body.embeddings, terms)
        verdicts = [one.verdict for one in found]
        return JSONResponse(convert.compared_embeddings(body.embeddings, verdicts))

    return await Admission(request).run(work)


@router.post("/verification/embeddings/verify")
async def compare(
    request: Request, caller: VerifyEmbeddings, gallery: Gallery, body: ToCompare, cases: Cases
) -> JSONResponse:
    """Compare an embedding with others."""

    def work() -> JSONResponse:
        verdicts = cases.given_embeddings.compare(
            gallery.encoder, body.source, body.targets, ComparisonTerms()
        )
        return JSONResponse(convert.compared_embeddings(body.targets, verdicts))

    return await Admission(request).run(work)
