"""Subjects by their names."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from fastapi.responses import JSONResponse

from app.api.compreface.callers import Gallery
from app.api.compreface.schemas import SubjectBody
from app.api.kit.access import Browse, Cases, ChangeSubjects, Erase, MergeSubjects
from app.api.kit.addresses import SLASH
from app.api.kit.body.reading import json_body
from app.domain.errors.gallery import UnknownSubjectError

router = APIRouter(prefix="/recognition/subjects")

Body = Annotated[SubjectBody, Depends(json_body(SubjectBody))]


@router.get("")
def list_subjects(caller: Browse, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Name all subjects."""
    return JSONResponse({"subjects": list(cases.subjects.names(gallery.name))})


@router.post("")
def create(caller: ChangeSubjects, gallery: Gallery, body: Body, cases: Cases) -> JSONResponse:
    """Make a subject without faces."""
    made = cases.subjects.create(gallery.name, body.subject).subject
    return JSONResponse({"subject": made.name}, status.HTTP_201_CREATED)


@router.put("/{subject}")
def rename(
    subject: str, caller: MergeSubjects, gallery: Gallery, body: Body, cases: Cases
) -> JSONResponse:
    """Rename a subject, or give its faces to the one that has the name."""
    subject = subject.replace(SLASH, "/")
    found = cases.subjects.find(gallery.name, subject)
    other = cases.subjects.find(gallery.name, body.subject)
    if found is None:
        raise _unknown(subject)
    if other is None:
        cases.subjects.update(gallery.name, found.id, {"name": body.subject})
    elif other.id != found.id:
        cases.corrections.merge(gallery.name, other.id, found.id)
    return JSONResponse({"updated": True})


@router.delete("/{subject}")
def erase(subject: str, caller: Erase, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Erase a subject with its faces."""
    subject = subject.replace(SLASH, "/")
    found = cases.subjects.find(gallery.name, subject)
    if found is None:
        raise _unknown(subject)
    cases.erasure.subject(gallery.name, found.id)
    return JSONResponse({"subject": found.name})


@router.delete("")
def erase_all(caller: Erase, gallery: Gallery, cases: Cases) -> JSONResponse:
    """Erase all subjects with their faces."""
    receipt = cases.erasure.contents(gallery.name, subjects=True)
    return JSONResponse({"deleted": receipt.removed.subjects})


def _unknown(name: str) -> UnknownSubjectError:
    return UnknownSubjectError(f"There is no subject {name[:200]!r}.")
