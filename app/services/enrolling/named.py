"""Enrolment of people by their names, for clients that know of no other ids."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain.errors.gallery import DuplicateSubjectError, UnknownSubjectError
from app.domain.gallery import Subject
from app.services.enrolling.enrolment import Enroller, EnrolmentOptions
from app.services.enrolling.judging import EnrolmentResult
from app.services.gallery.erasure import Erasure
from app.services.gallery.subjects import Subjects


@dataclass(frozen=True, slots=True, eq=False)
class NamedEnrolment:
    """The outcome for the pictures of a person."""

    subject: Subject
    made: bool
    """Whether the subject was not there before."""
    results: Sequence[EnrolmentResult]


class NamedEnroller:
    """Enrols pictures of a person who is made where there is none of that name."""

    def __init__(self, subjects: Subjects, enroller: Enroller, erasure: Erasure) -> None:
        self._subjects = subjects
        self._enroller = enroller
        self._erasure = erasure

    def enrol(
        self, collection: str, name: str, images: Sequence[bytes], options: EnrolmentOptions
    ) -> NamedEnrolment:
        """Raises what `Subjects.create` and `Enroller.enrol` raise.

        A subject that was made for pictures of which none could be used is not left behind.
        """
        subject, made = self._subject(collection, name)
        try:
            outcome = self._enroller.enrol(collection, subject.id, images, options)
        except BaseException:
            self._remove_empty(collection, subject, made=made)
            raise
        if not any(one.face for one in outcome.results):
            self._remove_empty(collection, subject, made=made)
        return NamedEnrolment(subject, made, outcome.results)

    def _subject(self, collection: str, name: str) -> tuple[Subject, bool]:
        found = self._subjects.find(collection, name)
        if found is not None:
            return found, False
        try:
            return self._subjects.create(collection, name).subject, True
        except DuplicateSubjectError:
            # Another request has made it meanwhile.
            found = self._subjects.find(collection, name)
            if found is None:
                raise
            return found, False

    def _remove_empty(self, collection: str, subject: Subject, *, made: bool) -> None:
        """Another request may have enrolled into it meanwhile."""
        with suppress(UnknownSubjectError):
            if made and not self._subjects.get(collection, subject.id).faces:
                self._erasure.subject(collection, subject.id)
