"""Operations on users, and on whose faces are whose."""

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer
from app.api.rekognition.names import position, token
from app.api.rekognition.scores import compared, comparison_terms
from app.domain.foreign.identifiers import face_uuid
from app.domain.foreign.labels import public_id
from app.services.gallery.users import MovedFaces, User

_LIST = "users"
_REASONS = {
    "not-found": "FACE_NOT_FOUND",
    "of-another-user": "ASSOCIATED_TO_A_DIFFERENT_USER",
    "not-alike": "LOW_MATCH_CONFIDENCE",
}


def create(call: Call, asked: requests.OfUser) -> Answer:
    """Make a user."""
    call.gallery(asked.collection)
    call.cases.users.create(
        asked.collection, asked.user_id, call.idempotency(asked.client_request_token)
    )
    return {}


def delete(call: Call, asked: requests.OfUser) -> Answer:
    """Remove a user; its faces stay."""
    call.gallery(asked.collection)
    call.cases.users.delete(asked.collection, asked.user_id)
    return {}


def list_all(call: Call, asked: requests.ListUsers) -> Answer:
    """List users, oldest first."""
    call.gallery(asked.collection)
    after = position(_LIST, asked.next_token)
    found = call.cases.users.list(
        asked.collection,
        after=None if after is None else str(after),
        limit=asked.max_results + 1,
    )
    users = found[: asked.max_results]
    shown: Answer = {
        "Users": [{"UserId": public_id(one.subject), "UserStatus": _status(one)} for one in users]
    }
    if len(found) > len(users):
        shown["NextToken"] = token(_LIST, users[-1].subject.id)
    return shown


def associate(call: Call, asked: requests.UserFaces) -> Answer:
    """Give faces to a user, if they are alike those that it has."""
    call.gallery(asked.collection)
    user = call.cases.users.get(asked.collection, asked.user_id)
    numbers = _numbers(asked)
    known = call.cases.labelled_faces.of_ids(asked.collection, list(numbers.values()))
    strangers = [one.face.id for one in known if one.subject.id != user.subject.id]
    verdicts = call.cases.enrolled_searcher.alike(
        asked.collection,
        user.subject.id,
        strangers,
        comparison_terms(asked.user_match_threshold),
    )
    alike = [one for one in strangers if one not in verdicts or verdicts[one].match]
    done = call.cases.users.associate(
        asked.collection, asked.user_id, list(numbers.values()), alike
    )
    failed = _failed(done, numbers)
    for answer, number in failed:
        if number in verdicts and not verdicts[number].match:
            answer["Confidence"] = compared(verdicts[number], asked.user_match_threshold)
    return {
        "AssociatedFaces": [{"FaceId": face_uuid(number)} for number in done.moved],
        "UnsuccessfulFaceAssociations": [answer for answer, _ in failed],
        "UserStatus": _status(done.user),
    }


def disassociate(call: Call, asked: requests.UserFaces) -> Answer:
    """Take faces from a user."""
    call.gallery(asked.collection)
    numbers = _numbers(asked)
    done = call.cases.users.disassociate(asked.collection, asked.user_id, list(numbers.values()))
    return {
        "DisassociatedFaces": [{"FaceId": face_uuid(number)} for number in done.moved],
        "UnsuccessfulFaceDisassociations": [answer for answer, _ in _failed(done, numbers)],
        "UserStatus": _status(done.user),
    }


def _numbers(asked: requests.UserFaces) -> dict[str, int]:
    """The faces' numbers by their ids; negative ones for what is no face's id."""
    found = requests.numbers_of(asked.face_ids)
    return {
        face_id: -place - 1 if number is None else number
        for place, (face_id, number) in enumerate(found.items())
    }


def _failed(done: MovedFaces, numbers: dict[str, int]) -> list[tuple[Answer, int]]:
    ids = {number: face_id for face_id, number in numbers.items()}
    failed: list[tuple[Answer, int]] = []
    for number, why in done.refused:
        answer: Answer = {"FaceId": ids[number], "Reasons": [_REASONS[why]]}
        if number in done.other_users:
            answer["UserId"] = public_id(done.other_users[number])
        failed.append((answer, number))
    return failed


def _status(user: User) -> str:
    return "ACTIVE" if user.faces else "CREATED"
