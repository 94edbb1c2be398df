"""Use cases about people: what is kept of them, named, mended, told and handed out."""

from typing import Any

from app.bootstrap.sight import Sight
from app.bootstrap.stores import Stores
from app.files.webhook_calls import WebhookCalls
from app.services.deciding.candidates import CandidateSearch
from app.services.duties.receipts import Receipts
from app.services.duties.retention import Retention
from app.services.duties.rights import SubjectRights
from app.services.duties.subject_export import SubjectExporter
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.corrections import Corrections
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.undoing.naming import NamingUndo
from app.services.moving.exporting import Exporter
from app.services.notifying.events import Events
from app.services.notifying.webhooks import Webhooks
from app.services.people.calibrating import Calibrations
from app.services.people.checkups import Checkups
from app.services.people.group_pages import GroupPages
from app.services.people.groups import Groups
from app.services.people.health import Health
from app.services.people.joining import GroupJoiner
from app.services.people.regrouping import Regrouper
from app.services.people.remembering import SightingRecorder
from app.services.people.representing import Representatives
from app.services.people.review.answering import Reviews
from app.services.people.review.denying import Negatives
from app.services.people.review.finding import Suggestions
from app.services.people.review.matching import Matcher
from app.services.people.sightings import SeenFaces
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage

_COMPARISONS = 2 * 10**8
"""Faces of a check beside the requests, some seconds of one core; of more, a sample."""


def open_people(
    stores: Stores,
    sight: Sight,
    pictures: KeptPictures,
    erasure: Erasure,
    review: EnrolmentReview,
    recorder: SightingRecorder,
) -> dict[str, Any]:
    """Use cases of faces without names, and of mending a gallery, by their names."""
    storage, encoders = stores.storage, sight.encoders
    groups = Groups(storage, stores.images, pictures, encoders, stores.follower, review)
    undo = NamingUndo(storage, stores.images, pictures, stores.follower)
    corrections = Corrections(storage, undo)
    candidates = CandidateSearch(stores.index, stores.follower, encoders.template_power)
    suggestions = Suggestions(storage, encoders, candidates)
    calibrations = Calibrations(storage, encoders)
    quick = Health(storage, encoders, comparisons=_COMPARISONS)
    return {
        "corrections": corrections,
        "checkups": Checkups(storage, quick, calibrations, suggestions),
        "suggestions": suggestions,
        "reviews": Reviews(storage, groups, corrections),
        "negatives": Negatives(storage),
        "representatives": Representatives(storage),
        "matcher": Matcher(storage, encoders, candidates, suggestions),
        "health": Health(storage, encoders),
        "calibrations": calibrations,
        "sightings": SeenFaces(storage, pictures, erasure, recorder),
        "groups": groups,
        "group_pages": GroupPages(storage),
        "regrouper": Regrouper(storage, encoders),
        "joiner": GroupJoiner(storage, encoders, groups),
    }


def open_notifying(settings: Settings, stores: Stores) -> dict[str, Any]:
    """Use cases that tell others what has happened, by their names."""
    events = Events(stores.storage)
    calls = WebhookCalls(settings.webhook_networks)
    return {
        "events": events,
        "webhooks": Webhooks(stores.storage, events, stores.master_key, calls),
    }


def open_duties(
    storage: SqlStorage, pictures: KeptPictures, erasure: Erasure, receipts: Receipts
) -> dict[str, Any]:
    """Use cases that erase and hand out what is kept of people, by their names."""
    return {
        "erasure": erasure,
        "receipts": receipts,
        "subject_rights": SubjectRights(storage),
        "retention": Retention(storage, erasure),
        "exporter": Exporter(storage, pictures),
        "subject_exporter": SubjectExporter(storage, pictures),
    }
