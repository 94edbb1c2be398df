"""Faces that were seen, and groups of those without a name, as clients see them."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.answers.analysis import Quality
from app.answers.decisions import IS_BOUND
from app.answers.gallery import Page, Subject
from app.domain.deciding.identification import Known
from app.domain.people.sightings import Moment, Sighting
from app.services.people import group_pages as pages
from app.services.people import groups as services
from app.services.people import sightings as seen


class UnnamedFace(BaseModel):
    """A face that nobody has named."""

    id: int = Field(description="Of the sighting; enrolled faces have ids of their own.")
    source: str = Field(description="Path of its picture below the imported directory.")

    @classmethod
    def of(cls, sighting: Sighting) -> Self:
        return cls(id=sighting.id, source=sighting.source)


class Group(BaseModel):
    """Faces that are taken for one person."""

    id: str
    size: int
    since: datetime
    until: datetime
    faces: list[UnnamedFace]

    @classmethod
    def of(cls, group: services.Group) -> Self:
        times = [face.at for face in group.faces]
        return cls(
            id=group.id,
            size=len(group.faces),
            since=min(times),
            until=max(times),
            faces=[UnnamedFace.of(face) for face in group.faces],
        )


class Groups(BaseModel):
    """Every face without a name."""

    groups: list[Group] = Field(description="The largest first.")
    alone: list[UnnamedFace] = Field(description="Those like no other.")
    waiting: int = Field(
        description="Faces, of those alone, that were not compared with the others yet."
    )

    @classmethod
    def of(cls, unnamed: services.Unnamed) -> Self:
        return cls(
            groups=[Group.of(one) for one in unnamed.groups],
            alone=[UnnamedFace.of(one) for one in unnamed.alone],
            waiting=unnamed.waiting,
        )


class Named(BaseModel):
    """The subject that a group's faces were enrolled into."""

    subject: Subject
    face_ids: list[int] = Field(description="The enrolled faces.")
    left: int = Field(
        description="Faces that stay without a name: by another encoder than the collection's, or "
        "poorer or more like another subject than its policy allows."
    )
    seen: int = Field(
        description="Faces that stay sightings, now of the subject: of those that were seen the "
        "best 20 are enrolled."
    )
    operation_id: str | None = Field(description="Undoes it.")

    @classmethod
    def of(cls, named: services.Named) -> Self:
        return cls(
            subject=Subject.of(named.subject),
            face_ids=list(named.face_ids),
            left=named.left,
            seen=named.seen,
            operation_id=named.operation_id,
        )


class Discarded(BaseModel):
    """The number of a group's faces that were erased."""

    group_id: str
    faces: int


class SeenSubject(BaseModel):
    """A subject, as a sighting names it."""

    id: str
    name: str


class Seen(BaseModel):
    """A face that was remembered, or imported without a name."""

    id: int = Field(description="Of the sighting; enrolled faces have ids of their own.")
    at: datetime
    source: str = Field(
        description="What the caller said, or the path below the imported directory."
    )
    decision: Known | None = Field(description="null of imported faces.")
    subject: SeenSubject | None = Field(
        description="Whoever was found; of an unknown face, whoever is nearest."
    )
    similarity: float | None = Field(description="To that subject, as it was told then.")
    fmr: float | None = Field(description="The rate of that similarity, as it was told then.")
    fmr_is_bound: bool = IS_BOUND
    group_id: str | None
    quality: Quality
    has_image: bool

    @classmethod
    def of(cls, sighting: Sighting, found: seen.Sightings) -> Self:
        subject = found.subjects.get(sighting.subject_id or "")
        return cls(
            id=sighting.id,
            at=sighting.at,
            source=sighting.source,
            decision=sighting.decision,
            subject=None if subject is None else SeenSubject(id=subject.id, name=subject.name),
            similarity=sighting.similarity,
            fmr=sighting.fmr,
            fmr_is_bound=sighting.fmr_is_bound,
            group_id=sighting.group_id,
            quality=Quality.of(sighting.quality),
            has_image=sighting.image_digest is not None,
        )


class LeftOut(BaseModel):
    """Numbers of faces since yesterday (UTC) that should have been remembered and were not."""

    over_limit: int = Field(description="More than the policy allows of a day.")
    lost: int = Field(description="Too many at once, or the database could not be written.")


class Sightings(Page[Seen]):
    """One page of sightings; `next_cursor` is null on the last. A page may hold fewer than `limit`,
    or none, and still have a `next_cursor`: of filters that no index finds, such as quality, it
    looks at 20,000 sightings.
    """

    left_out: LeftOut
    looked_back_to: datetime | None = Field(
        None,
        description="When the last sighting was seen that was looked at, of a page that ended "
        "before it was full; null of every other page.",
    )

    @classmethod
    def of(cls, found: seen.Sightings, limit: int, cursor: Callable[[Moment], str]) -> Self:
        """The first `limit` of those found, of which one more was asked for."""
        shown = found.items[:limit]
        reached = None if len(found.items) > limit else found.reached
        last = reached or (Moment(shown[-1].at, shown[-1].id) if len(found.items) > limit else None)
        return cls(
            items=[Seen.of(one, found) for one in shown],
            next_cursor=None if last is None else cursor(last),
            left_out=LeftOut(over_limit=found.left_out.over_limit, lost=found.left_out.lost),
            looked_back_to=None if reached is None else reached.at,
        )


class NearestSubject(BaseModel):
    """A subject to whom faces of a group are nearest."""

    id: str
    name: str
    faces: int = Field(description="Of the newest 50 of the group.")
    fmr: float | None = Field(
        description="The least rate that an answer gave of them; null where none was given."
    )
    fmr_is_bound: bool = IS_BOUND


class GroupSummary(BaseModel):
    """Faces that are taken for one person."""

    id: str
    size: int
    since: datetime
    until: datetime
    ignored: bool
    version: str = Field(
        description="Changes when faces join or leave and with corrections; also the answer's "
        "`ETag`, for `If-Match`."
    )
    faces: list[UnnamedFace] = Field(description="Up to 4 of the newest, the best first.")
    nearest: list[NearestSubject] = Field(description="Up to 3.")

    @classmethod
    def of(cls, summary: pages.GroupSummary) -> Self:
        group = summary.group
        return cls(
            id=group.id,
            size=group.size,
            since=group.first_at,
            until=group.last_at,
            ignored=group.ignored,
            version=pages.version_of_group(group),
            faces=[UnnamedFace.of(face) for face in summary.faces],
            nearest=[
                NearestSubject(
                    id=one.subject.id,
                    name=one.subject.name,
                    faces=one.faces,
                    fmr=one.fmr,
                    fmr_is_bound=one.fmr_is_bound,
                )
                for one in summary.nearest
            ],
        )


class ChangedGroup(GroupSummary):
    """A group after something was done to it."""

    operation_id: str | None = Field(description="Undoes it; null where nothing had to be changed.")

    @classmethod
    def of_change(cls, summary: pages.GroupSummary) -> Self:
        return cls(**dict(GroupSummary.of(summary)), operation_id=summary.operation_id)


class GroupPage(Page[GroupSummary]):
    """One page of groups; `next_cursor` is null on the last."""

    waiting: int = Field(description="Faces that were not compared with the others yet.")
