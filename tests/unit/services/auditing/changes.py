"""A call of every action that changes the database."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.domain.people.sightings import SightingFilter
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.pictures import PictureOptions
from app.services.keys import LOCAL
from app.services.moving.collection_import import CollectionImport
from tests.fakes.analyser import picture
from tests.unit.services.auditing.world import EMPTY_JOB, World, jpeg

Prepare = Callable[[World], Any]
Call = Callable[[World, Any], Any]


def nothing(w: World) -> None:
    """Prepare nothing."""


def _open(w: World, _: Any) -> Any:
    new = replace(w.cases.collections.get(w.place), id="", name=f"{w.place}-new")
    return w.cases.collection_importer.open(new)


def _store(w: World, one: Any) -> Any:
    work = CollectionImport(w.cases.collections.get(w.place))
    return w.cases.collection_importer.store(work, [one])


CHANGES: dict[str, tuple[Prepare, Call]] = {
    "collections.create": (nothing, lambda w, _: w.cases.collections.create(f"{w.place}-new")),
    "collections.update": (
        nothing,
        lambda w, _: w.cases.collections.update(w.place, {"name": "n"}),
    ),
    "subjects.create": (nothing, lambda w, _: w.cases.subjects.create(w.place, "Carol")),
    "subjects.update": (
        nothing,
        lambda w, _: w.cases.subjects.update(w.place, w.ada, {"name": "A"}),
    ),
    "corrections.move_faces": (
        nothing,
        lambda w, _: w.cases.corrections.move_faces(w.place, w.faces[:1], w.bob),
    ),
    "corrections.split": (
        nothing,
        lambda w, _: w.cases.corrections.split(w.place, w.faces[:1], "Carol"),
    ),
    "corrections.merge": (nothing, lambda w, _: w.cases.corrections.merge(w.place, w.ada, w.bob)),
    "corrections.undo": (
        World.corrected,
        lambda w, operation: w.cases.corrections.undo(w.place, operation),
    ),
    "enroller.enrol": (
        nothing,
        lambda w, _: w.cases.enroller.enrol(
            w.place, w.ada, [picture("Ada", take=9)], EnrolmentOptions()
        ),
    ),
    "picture_enroller.enroll": (
        nothing,
        lambda w, _: w.cases.picture_enroller.enroll(w.place, picture("Zoe"), PictureOptions()),
    ),
    "importer.run": (nothing, lambda w, _: w.import_named()),
    "unnamed_importer.run": (nothing, lambda w, _: w.import_unnamed("Eve", 7)),
    "collection_importer.open": (nothing, _open),
    "collection_importer.store": (World.exported, _store),
    "erasure.face": (nothing, lambda w, _: w.cases.erasure.face(w.place, w.faces[0])),
    "erasure.faces": (nothing, lambda w, _: w.cases.erasure.faces(w.place, w.faces[:2])),
    "erasure.faces_of": (nothing, lambda w, _: w.cases.erasure.faces_of(w.place, w.ada)),
    "erasure.contents": (nothing, lambda w, _: w.cases.erasure.contents(w.place, subjects=True)),
    "erasure.subject": (nothing, lambda w, _: w.cases.erasure.subject(w.place, w.ada)),
    "erasure.collection": (nothing, lambda w, _: w.cases.erasure.collection(w.place)),
    "erasure.sighting": (
        World.group_and_members,
        lambda w, seen: w.cases.erasure.sighting(w.place, seen[1][0]),
    ),
    "erasure.sightings": (
        World.group,
        lambda w, group: w.cases.erasure.sightings(w.place, SightingFilter(group_id=group)),
    ),
    "subject_rights.change": (
        nothing,
        lambda w, _: w.cases.subject_rights.change(w.place, w.ada, {"restricted": True}),
    ),
    "retention.run": (World.expire, lambda w, _: w.cases.retention.run(w.place)),
    "renewer.run": (nothing, lambda w, _: w.cases.renewer.run(w.cases.renewer.plan(w.place))),
    "reencoder.run": (World.staged, lambda w, plan: w.cases.reencoder.run(plan, lambda *_: None)),
    "reencoder.discard": (World.staged, lambda w, plan: w.cases.reencoder.discard(plan)),
    "protector.run": (
        World.plain_picture,
        lambda w, _: w.cases.protector.run(lambda *_: None),
    ),
    "groups.refresh": (
        lambda w: w.import_unnamed("Eve", 7, 8),
        lambda w, _: w.cases.groups.refresh(w.place),
    ),
    "groups.assign": (
        World.group,
        lambda w, group: w.cases.groups.assign(w.place, group, new_subject="Eve"),
    ),
    "groups.discard": (World.group, lambda w, group: w.cases.groups.discard(w.place, group)),
    "group_pages.split": (
        World.group_and_members,
        lambda w, seen: w.cases.group_pages.split(w.place, seen[0], seen[1][:1]),
    ),
    "group_pages.merge": (
        World.groups,
        lambda w, groups: w.cases.group_pages.merge(w.place, *groups),
    ),
    "group_pages.ignore": (
        World.group,
        lambda w, group: w.cases.group_pages.ignore(w.place, group),
    ),
    "reviews.accept": (World.suggestion, lambda w, one: w.cases.reviews.accept(w.place, one)),
    "reviews.refuse": (World.suggestion, lambda w, one: w.cases.reviews.refuse(w.place, one)),
    "negatives.deny": (
        nothing,
        lambda w, _: w.cases.negatives.deny(w.place, w.ada, face_ids=w.faces[2:]),
    ),
    "negatives.forget": (
        World.negative,
        lambda w, one: w.cases.negatives.forget(w.place, w.ada, one),
    ),
    "representatives.choose": (
        nothing,
        lambda w, _: w.cases.representatives.choose(w.place, w.ada, w.faces[1]),
    ),
    "webhooks.add": (nothing, lambda w, _: w.cases.webhooks.add("https://1.1.1.1/hook")),
    "webhooks.remove": (World.webhook, lambda w, hook: w.cases.webhooks.remove(hook)),
    "webhooks.resend": (World.dead, lambda w, hook: w.cases.webhooks.resend(hook)),
    "calibrations.propose": (
        World.calibration,
        lambda w, _: w.cases.calibrations.propose(w.place),
    ),
    "calibrations.accept": (
        World.calibration,
        lambda w, one: w.cases.calibrations.accept(w.place, one),
    ),
    "calibrations.drop": (World.calibration, lambda w, _: w.cases.calibrations.drop(w.place)),
    "jobs.submit": (nothing, lambda w, _: w.cases.jobs.submit(EMPTY_JOB, LOCAL, parameters={})),
    "jobs.cancel": (World.job, lambda w, job: w.cases.jobs.cancel(LOCAL, job)),
    "jobs.erase_result": (World.result, lambda w, job: w.cases.jobs.erase_result(LOCAL, job)),
    "keys.create": (nothing, lambda w, _: w.cases.keys.create("new", scopes=["read"])),
    "keys.rotate": (World.key, lambda w, key: w.cases.keys.rotate(key)),
    "keys.limit": (World.key, lambda w, key: w.cases.keys.limit(key, {"jobs": 3})),
    "keys.revoke": (World.key, lambda w, key: w.cases.keys.revoke(key)),
    "sessions.begin": (World.token, lambda w, token: w.cases.sessions.begin(token)),
    "sessions.end": (
        World.session,
        lambda w, caller: w.cases.sessions.end(caller, caller.session_id),
    ),
    "sessions.end_all": (World.session, lambda w, caller: w.cases.sessions.end_all(caller)),
    "styles.create": (nothing, lambda w, _: w.cases.styles.create(f"new-{w.place}", jpeg())),
    "styles.remove": (World.style, lambda w, style: w.cases.styles.remove(style)),
    "users.create": (nothing, lambda w, _: w.cases.users.create(w.place, "user")),
    "users.delete": (World.user, lambda w, user: w.cases.users.delete(w.place, user)),
    "users.associate": (
        World.user_and_face,
        lambda w, one: w.cases.users.associate(w.place, one[0], [one[1]], [one[1]]),
    ),
    "users.disassociate": (
        World.user_and_face,
        lambda w, one: w.cases.users.disassociate(w.place, one[0], [one[1]]),
    ),
    "tags.put": (nothing, lambda w, _: w.cases.tags.put(w.place, {"a": "b"})),
    "tags.remove": (World.tag, lambda w, _: w.cases.tags.remove(w.place, ["a"])),
}
"""By use case and method: prepares, and calls with what that gives."""
OTHERS = {
    "recording_enroller.enrol": "stores by the enroller, in its transaction",
    "model_puller.run": "writes files of weights and leaves the database as it is",
    "picture_mover.run": "copies files and leaves the database as it is",
    "webhooks.test": "calls an address",
    "exporter.pages": "reads",
    "subject_exporter.export": "reads",
}
"""Actions that are no look and change no row by themselves, and why."""
IN_PARTS = {"retention.run": "erase-subject", "reviews.accept": "name-group"}
"""Actions whose changes are those of an action that they do, by its name."""
