"""Operations on collections and their tags."""

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer
from app.api.rekognition.names import (
    collection_id_of,
    collection_name,
    metadata_for,
    position,
    token,
)
from app.domain.errors.gallery import UnknownCollectionError

_LIST = "collections"
_DEFAULT_PAGE = 1000


def create(call: Call, asked: requests.CreateCollection) -> Answer:
    """Make a collection, with its tags."""
    made = call.cases.collections.create(
        asked.collection, metadata=metadata_for(asked.collection_id)
    )
    if asked.tags:
        call.cases.tags.put(asked.collection, asked.tags)
    return {
        "StatusCode": 200,
        "CollectionArn": call.place.arn(asked.collection_id),
        "FaceModelVersion": made.encoder,
    }


def describe(call: Call, asked: requests.InCollection) -> Answer:
    """Tell how many faces and users a collection has."""
    found = call.gallery(asked.collection)
    _, faces = call.cases.collections.sizes([found])[found.id]
    return {
        "FaceCount": faces,
        "UserCount": call.cases.labelled_faces.count_users(asked.collection),
        "FaceModelVersion": found.encoder,
        "CollectionARN": call.place.arn(asked.collection_id),
        "CreationTimestamp": round(found.created_at.timestamp(), 3),
    }


def list_all(call: Call, asked: requests.ListCollections) -> Answer:
    """List collections by name, those that the key may know of."""
    after = position(_LIST, asked.next_token)
    most = asked.max_results or _DEFAULT_PAGE
    found = call.cases.collections.list(
        after=None if after is None else str(after), limit=most + 1, only=call.caller.collection_id
    )
    shown: Answer = {
        "CollectionIds": [collection_id_of(one) for one in found[:most]],
        "FaceModelVersions": [one.encoder for one in found[:most]],
    }
    if len(found) > most:
        shown["NextToken"] = token(_LIST, found[most - 1].name)
    return shown


def delete(call: Call, asked: requests.InCollection) -> Answer:
    """Erase a collection and everybody in it."""
    call.gallery(asked.collection)
    call.cases.erasure.collection(asked.collection)
    return {"StatusCode": 200}


def tag(call: Call, asked: requests.TagResource) -> Answer:
    """Put tags on a collection."""
    call.cases.tags.put(_named(call, asked), asked.tags)
    return {}


def untag(call: Call, asked: requests.UntagResource) -> Answer:
    """Take tags from a collection."""
    call.cases.tags.remove(_named(call, asked), asked.tag_keys)
    return {}


def list_tags(call: Call, asked: requests.OfResource) -> Answer:
    """List the tags of a collection."""
    return {"Tags": dict(call.cases.tags.of(_named(call, asked)))}


def _named(call: Call, asked: requests.OfResource) -> str:
    """The name of the collection that a resource name names, if the key may know of it."""
    collection_id = call.place.collection_id(asked.resource_arn)
    name = collection_name(collection_id)
    try:
        call.gallery(name)
    except UnknownCollectionError as error:
        raise UnknownCollectionError(error.message, collection=collection_id) from error
    return name
