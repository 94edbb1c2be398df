"""Requests of clients of CompreFace: parameters in the query or the form, and bodies."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, ValidationError

from app.api.kit.body.files import Image
from app.api.kit.problems import invalid_fields
from app.domain.faces import AnalysisOptions
from app.services.deciding.recognition import RecognitionOptions
from app.services.deciding.verification import VerificationOptions
from app.services.enrolling.enrolment import EnrolmentOptions

MASK = "mask"
"""The plugin that costs a network of its own."""
MOST_FACES = 1000
"""Faces of a picture to answer for; `limit=0` asks for all."""
MOST_PREDICTIONS = 100
"""Subjects for each face; `prediction_count=-1` asks for all."""
MOST_LISTED = 10_000
"""Faces of a page."""
Scalar = str | int | float | bool | None
Unknown = Literal["nearest", "named", "omit"]
"""Stand-in for somebody who is not known: the nearest subject, one called unknown, nobody."""


def _not_zero(value: int) -> int:
    """Refuse zero, however it is written: clients read the first subject of every face."""
    if value == 0:
        raise ValueError("is 0; send 1 or more, or -1 for all")
    return value


class Parameters(BaseModel):
    """Parameters of requests with pictures."""

    limit: int = Field(0, ge=0)
    prediction_count: Annotated[int, AfterValidator(_not_zero)] = Field(
        1, ge=-1, le=MOST_PREDICTIONS
    )
    det_prob_threshold: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    face_plugins: str = ""
    status: bool = False
    detect_faces: bool = True
    """Faces are looked for in any case."""
    unknown: Unknown | None = None
    subject: str | None = None

    @property
    def plugins(self) -> frozenset[str]:
        return frozenset(name.strip().lower() for name in self.face_plugins.split(","))

    @property
    def predictions(self) -> int:
        return MOST_PREDICTIONS if self.prediction_count < 0 else self.prediction_count

    def analysis(self, encoder: str | None = None) -> AnalysisOptions:
        wanted = AnalysisOptions(
            encoder=encoder,
            max_faces=min(self.limit or MOST_FACES, MOST_FACES),
            masks=MASK in self.plugins,
        )
        if self.det_prob_threshold is None:
            return wanted
        return replace(wanted, min_probability=self.det_prob_threshold)

    def recognition(self) -> RecognitionOptions:
        return RecognitionOptions(candidates=self.predictions, analysis=self.analysis())

    def verification(self, encoder: str) -> VerificationOptions:
        return VerificationOptions(analysis=self.analysis(encoder))

    def enrolment(self) -> EnrolmentOptions:
        return EnrolmentOptions(analysis=replace(self.analysis(), masks=False))


class Page(BaseModel):
    """Parameters of a list of faces."""

    page: int = Field(0, ge=0, le=10**9)
    size: int = Field(20, ge=1, le=MOST_LISTED)
    subject: str | None = None


class Sent(BaseModel):
    """Fields of a form may be parameters as well."""

    model_config = ConfigDict(extra="ignore")

    limit: Scalar = None
    prediction_count: Scalar = None
    det_prob_threshold: Scalar = None
    face_plugins: Scalar = None
    status: Scalar = None
    detect_faces: Scalar = None
    unknown: Scalar = None
    subject: Scalar = None


class Picture(Sent):
    """One picture."""

    file: Image


class Pictures(Sent):
    """Two pictures to compare."""

    source_image: Image
    target_image: Image


class SubjectBody(BaseModel):
    """A subject by its name; clients send more, which means nothing."""

    model_config = ConfigDict(extra="ignore")

    subject: str


Embedding = list[float]


class EmbeddingsBody(BaseModel):
    """Embeddings to be recognized or compared."""

    embeddings: list[Embedding] = Field(min_length=1, max_length=100)


class ComparedEmbeddings(BaseModel):
    """One embedding, and others to compare it with."""

    source: list[float] = Field(max_length=10_000)
    targets: list[Embedding] = Field(min_length=1, max_length=100)


class ImageIds(RootModel[list[str]]):
    """Ids of images."""

    root: Annotated[list[str], Field(max_length=1000)]


def parameters(request: Request, sent: Sent | None = None) -> Parameters:
    """The parameters of a request; those in the query come before those in the form.

    Raises InvalidRequestError.
    """
    fields = {} if sent is None else sent.model_dump(include=set(Sent.model_fields))
    values = _given(fields) | _given(request.query_params)
    try:
        return Parameters.model_validate(values)
    except ValidationError as error:
        raise invalid_fields(error) from None


def page(request: Request) -> Page:
    """The part of a list that is asked for. Raises InvalidRequestError."""
    try:
        return Page.model_validate(_given(request.query_params))
    except ValidationError as error:
        raise invalid_fields(error) from None


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """An empty value is none; it means the default."""
    return {name: value for name, value in values.items() if value not in (None, "")}
