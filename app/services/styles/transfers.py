"""Style transfers: checked at once, painted by a job."""

from dataclasses import asdict, dataclass, field

from pydantic.dataclasses import dataclass as pydantic_dataclass

from app.domain.errors.pictures import NoFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.jobs import Job, JobFile, JobKind
from app.domain.styles import PreparedPicture, ResultFormat
from app.domain.texts import clean_url_name
from app.services.jobs.parameters import KIND, to_json
from app.services.jobs.queue import Jobs
from app.services.keys import Principal
from app.services.ports.styles import StylePainter
from app.services.styles.styles import Styles
from models.pipelines.style.options import TransferOptions

STYLE_TRANSFER = JobKind("style-transfer", timeout=1800, attempts=2)
"""Painting twice harms nobody. 1024 pixels take minutes on one core."""


@pydantic_dataclass(frozen=True, config=KIND)
class TransferParameters(TransferOptions):
    """Parameters of a transfer; the pictures themselves are inputs of the job."""

    model: str | None = None
    """Model key; None is the default at the time of the work."""
    style_name: str | None = None
    """The stored style that was named, for people."""
    format: ResultFormat = "png"


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """The picture to be painted, how, and in whose manner: a picture, or a stored style's name."""

    content: bytes = field(repr=False)
    style: bytes | None = field(repr=False)
    style_name: str | None
    options: TransferOptions
    model: str | None
    form: ResultFormat


class StyleTransfers:
    """Finds what is wrong with a request before there is a job."""

    def __init__(self, painter: StylePainter, styles: Styles, jobs: Jobs) -> None:
        self._painter = painter
        self._styles = styles
        self._jobs = jobs

    def order(self, caller: Principal, request: TransferRequest) -> Job:
        """Put the transfer into the queue.

        Raises InvalidRequestError, UnknownStyleError, NoFaceError when only faces are to be
        styled and there are none, what decoding raises, and what `Jobs.submit` raises.
        """
        options = request.options
        if options.keep_faces and options.faces_only:
            raise InvalidRequestError("keep_faces and faces_only cannot both be asked for.")
        model = self._painter.model(request.model, options)
        style = self._style(request)
        content = self._painter.prepare(request.content)
        if options.faces_only and not self._painter.has_faces(content.content):
            raise NoFaceError(
                "There is no face to be styled in the content.", hint="Leave faces_only out."
            )
        return self._jobs.submit(
            STYLE_TRANSFER,
            caller,
            parameters=to_json(
                TransferParameters(
                    **asdict(options),
                    model=model,
                    style_name=request.style_name,
                    format=request.form,
                )
            ),
            inputs={"content": _file(content), "style": _file(style)},
        )

    def _style(self, request: TransferRequest) -> PreparedPicture:
        if (request.style is None) == (request.style_name is None):
            raise InvalidRequestError(
                "A transfer needs a style: either a picture or the name of a stored one.",
                hint="Send `style` as an image, or `style_name`.",
            )
        if request.style_name is not None:
            return self._styles.picture(clean_url_name(request.style_name, "style"))
        assert request.style is not None  # noqa: S101 - for the types; just checked
        return self._painter.prepare(request.style)


def _file(picture: PreparedPicture) -> JobFile:
    return JobFile(picture.media_type, picture.content)
