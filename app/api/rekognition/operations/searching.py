"""Searches for faces and users."""

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer, box, face_detail, percent, stored_face
from app.api.rekognition.scores import MIN_QUALITY, matches, search_terms
from app.domain.deciding.terms import SearchTerms
from app.domain.errors.gallery import UnknownFaceError
from app.domain.errors.pictures import NoFaceError
from app.domain.foreign.identifiers import face_of_uuid
from app.domain.foreign.labels import public_id
from app.services.deciding.questions import Identified
from app.services.deciding.recognition import Recognition, RecognitionOptions

_BESIDE = 500
"""Subjects that are looked at beside the users that are wanted, since not every one is a user: each
face that was indexed and given to nobody is a subject of its own."""


def faces_by_image(call: Call, asked: requests.SearchFacesByImage) -> Answer:
    """Search by the largest face of a picture. Raises NoFaceError."""
    call.allow(asked.collection)
    terms = search_terms(asked.face_match_threshold, asked.max_faces)
    found = _recognized(call, asked, terms)
    probe, analysis = found.faces[0].face, found.analysis
    return {
        "SearchedFaceBoundingBox": box(probe.box, analysis.width, analysis.height),
        "SearchedFaceConfidence": percent(probe.probability),
        "FaceMatches": _face_matches(call, asked, found.decided),
        "FaceModelVersion": found.collection.encoder,
    }


def faces(call: Call, asked: requests.SearchFaces) -> Answer:
    """Search by an enrolled face, which is not found itself."""
    call.gallery(asked.collection)
    terms = search_terms(asked.face_match_threshold, asked.max_faces)
    found = call.cases.enrolled_searcher.like_face(asked.collection, _number(asked.face_id), terms)
    return {
        "SearchedFaceId": asked.face_id,
        "FaceMatches": _face_matches(call, asked, found.decided),
        "FaceModelVersion": found.collection.encoder,
    }


def users(call: Call, asked: requests.SearchUsers) -> Answer:
    """Search for users by an enrolled face or by another user."""
    call.gallery(asked.collection)
    terms = search_terms(asked.user_match_threshold, asked.max_users + _BESIDE)
    searcher, shown = call.cases.enrolled_searcher, {}
    if asked.face_id is not None:
        number = _number(asked.face_id)
        found = searcher.like_face(asked.collection, number, terms, itself=True)
        shown = {"SearchedFace": {"FaceId": asked.face_id}}
    else:
        user = call.cases.users.get(asked.collection, asked.user_id or "")
        found = searcher.like_subject(asked.collection, user.subject.id, terms)
        shown = {"SearchedUser": {"UserId": public_id(user.subject)}}
    return {
        "UserMatches": _user_matches(call, asked, found.decided),
        "FaceModelVersion": found.collection.encoder,
        **shown,
    }


def users_by_image(call: Call, asked: requests.SearchUsersByImage) -> Answer:
    """Search for users by the largest face of a picture; nobody in it finds nobody."""
    call.allow(asked.collection)
    terms = search_terms(asked.user_match_threshold, asked.max_users + _BESIDE)
    try:
        found = _recognized(call, asked, terms)
    except NoFaceError:
        encoder = call.gallery(asked.collection).encoder
        return {"UserMatches": [], "FaceModelVersion": encoder, "UnsearchedFaces": []}
    probe, analysis = found.faces[0].face, found.analysis
    return {
        "UserMatches": _user_matches(call, asked, found.decided),
        "FaceModelVersion": found.collection.encoder,
        "SearchedFace": {"FaceDetail": face_detail(probe, analysis)},
        "UnsearchedFaces": [
            {"FaceDetails": face_detail(face, analysis), "Reasons": ["EXCEEDS_MAX_FACES"]}
            for face in analysis.faces
            if face is not probe
        ],
    }


def _recognized(
    call: Call,
    asked: requests.SearchFacesByImage | requests.SearchUsersByImage,
    terms: SearchTerms,
) -> Recognition:
    options = RecognitionOptions(
        fpir=terms.fpir,
        candidates=terms.candidates,
        matches_only=terms.matches_only,
        face="largest",
    )
    found = call.cases.recognizer.recognize(asked.collection, call.picture(asked.image), options)
    least = MIN_QUALITY[asked.quality_filter]
    if least is None:
        least = call.edge.settings.min_enrolment_quality
    if found.faces[0].face.quality.score < least:
        raise NoFaceError("The largest face is below the quality filter.")
    return found


def _face_matches(call: Call, asked: requests.FaceSearch, decided: Identified) -> list[Answer]:
    """One face for each person: the one that is most alike."""
    found = matches(decided, asked.face_match_threshold)[: asked.max_faces]
    known = call.cases.labelled_faces.of_candidates([candidate for candidate, _ in found])
    return [
        {"Similarity": score, "Face": stored_face(known[candidate.face_id])}
        for candidate, score in found
        if candidate.face_id in known
    ]


def _user_matches(call: Call, asked: requests.UserSearch, decided: Identified) -> list[Answer]:
    found = matches(decided, asked.user_match_threshold)
    named = call.cases.labelled_faces.named_among([one.subject.id for one, _ in found])
    return [
        {
            "Similarity": score,
            "User": {"UserId": public_id(one.subject), "UserStatus": "ACTIVE"},
        }
        for one, score in found
        if one.subject.id in named
    ][: asked.max_users]


def _number(face_id: str) -> int:
    number = face_of_uuid(face_id)
    if number is None:
        raise UnknownFaceError(f"There is no face {face_id}.")
    return number
