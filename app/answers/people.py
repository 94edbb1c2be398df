"""Faces without a name, and their groups, as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.answers.gallery import Subject
from app.domain.people.sightings import Sighting
from app.services.people import groups as services


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

    @classmethod
    def of(cls, named: services.Named) -> Self:
        return cls(
            subject=Subject.of(named.subject), face_ids=list(named.face_ids), left=named.left
        )


class Discarded(BaseModel):
    """The number of a group's faces that were erased."""

    group_id: str
    faces: int
