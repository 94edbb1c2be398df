"""Operations on enrolled faces."""

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer, face_detail, reasons, stored_face
from app.api.rekognition.names import position, token
from app.api.rekognition.scores import MIN_QUALITY
from app.domain.errors.gallery import UnknownFaceError, UnknownSubjectError
from app.domain.foreign.identifiers import face_of_uuid
from app.domain.foreign.labels import LabelledFace
from app.services.enrolling.pictures import LeftOutFace, PictureOptions

_LIST = "faces"
_DEFAULT_PAGE = 1000
_MOST_FACES = 100


def index(call: Call, asked: requests.IndexFaces) -> Answer:
    """Enroll every face of a picture, largest first."""
    call.gallery(asked.collection)
    done = call.cases.picture_enroller.enroll(
        asked.collection,
        call.picture(asked.image),
        PictureOptions(
            external_id=asked.external_image_id,
            max_faces=min(asked.max_faces or _MOST_FACES, _MOST_FACES),
            min_quality=MIN_QUALITY[asked.quality_filter],
        ),
    )
    return {
        "FaceRecords": [
            {"Face": stored_face(one.enrolled), "FaceDetail": face_detail(one.face, done.analysis)}
            for one in done.taken
        ],
        "UnindexedFaces": [
            {"Reasons": _why(one), "FaceDetail": face_detail(one.face, done.analysis)}
            for one in done.left_out
        ],
        "FaceModelVersion": done.collection.encoder,
    }


def list_all(call: Call, asked: requests.ListFaces) -> Answer:
    """List faces, oldest first: all, those of a user, or those named."""
    gallery = call.gallery(asked.collection)
    most = asked.max_results or _DEFAULT_PAGE
    after = position(_LIST, asked.next_token)
    if asked.face_ids is None:
        found = call.cases.labelled_faces.list(
            asked.collection, user_id=asked.user_id, after=int(after or 0), limit=most + 1
        )
    else:
        found = _named(call, asked, after=int(after or 0))
    shown: Answer = {
        "Faces": [stored_face(one) for one in found[:most]],
        "FaceModelVersion": gallery.encoder,
    }
    if len(found) > most:
        shown["NextToken"] = token(_LIST, found[most - 1].face.id)
    return shown


def delete(call: Call, asked: requests.OfFaces) -> Answer:
    """Erase faces, each by itself, and the subject that was made for a face with it.

    Faces that were given to a user have to be taken from it first.
    """
    call.gallery(asked.collection)
    numbers = asked.numbers()
    wanted = [number for number in numbers.values() if number is not None]
    found = {one.face.id: one for one in call.cases.labelled_faces.of_ids(asked.collection, wanted)}
    deleted: list[str] = []
    failed: list[Answer] = []
    for face_id, number in numbers.items():
        one = found.get(number or 0)
        if one is None:
            failed.append({"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]})
        elif one.label is not None and one.label.associated:
            why = ["ASSOCIATED_TO_AN_EXISTING_USER"]
            failed.append({"FaceId": face_id, "UserId": one.user_id, "Reasons": why})
        elif _erase(call, asked.collection, one):
            deleted.append(face_id)
        else:
            failed.append({"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]})
    # The list of those deleted must not be empty, by the format's own model.
    shown: Answer = {"DeletedFaces": deleted} if deleted else {}
    return {**shown, "UnsuccessfulFaceDeletions": failed}


def _erase(call: Call, collection: str, one: LabelledFace) -> bool:
    """Whether the face was still there."""
    try:
        subject = call.cases.subjects.get(collection, one.subject.id)
        if subject.faces == 1 and not one.named:
            call.cases.erasure.subject(collection, one.subject.id)
        else:
            call.cases.erasure.face(collection, one.face.id)
    except (UnknownFaceError, UnknownSubjectError):
        return False
    return True


def _named(call: Call, asked: requests.ListFaces, *, after: int) -> list[LabelledFace]:
    numbers = [face_of_uuid(face_id) or 0 for face_id in asked.face_ids or ()]
    found = call.cases.labelled_faces.of_ids(asked.collection, numbers)
    wanted = asked.user_id
    return [
        one for one in found if one.face.id > after and (wanted is None or one.user_id == wanted)
    ]


def _why(one: LeftOutFace) -> list[str]:
    return ["EXCEEDS_MAX_FACES"] if one.error is None else reasons(one.face)
