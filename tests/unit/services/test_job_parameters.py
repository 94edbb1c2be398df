"""Jobs outlive the server that made them: older ones run, newer ones say why they cannot."""

from dataclasses import MISSING, fields
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.gallery import Collection
from app.domain.jobs import Failure, JobFile
from app.domain.styles import PreparedPicture, ResultFormat
from app.jobs.child import _do
from app.jobs.kinds.reencoding import ReencodingJob
from app.jobs.kinds.style_transfer import StyleTransferJob
from app.jobs.orders import Handler, Order
from app.platform.progress import Report
from app.services.jobs.parameters import to_json
from app.services.moving.reencoding import Reencoder, ReencodingPlan, ReencodingResult
from app.services.moving.reencoding_jobs import ReencodingParameters
from app.services.ports.styles import StylePainter, Watch
from app.services.styles.transfers import TransferParameters
from models.pipelines.style.options import TransferOptions

PICTURES = {name: JobFile("image/png", name.encode()) for name in ("content", "style")}


class Painter(StylePainter):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: tuple[TransferOptions, str, str] | None = None

    def prepare(self, image: bytes) -> PreparedPicture:
        raise AssertionError("pictures come prepared")

    def has_faces(self, picture: bytes) -> bool:
        raise AssertionError("nobody looks for faces here")

    def model(self, key: str | None, options: TransferOptions) -> str:
        return key or "default@1"

    def paint(
        self,
        content: bytes,
        style: bytes,
        options: TransferOptions,
        model: str,
        form: ResultFormat,
        watch: Watch,
    ) -> bytes:
        self.asked = options, model, form
        return content + style


class NotedReencoder(Reencoder):
    """Notes what it is asked for."""

    def __init__(self, plan: ReencodingPlan) -> None:
        self._plan = plan
        self.asked: tuple[str, str, bool] | None = None

    def resume(self, collection_id: str, encoder: str) -> ReencodingPlan:
        self.asked = collection_id, encoder, False
        return self._plan

    def run(
        self,
        plan: ReencodingPlan,
        report: Report,
        *,
        erase_left_out: bool = False,
    ) -> ReencodingResult:
        assert self.asked is not None
        self.asked = *self.asked[:2], erase_left_out
        return ReencodingResult(plan, switched=True, faces=0, erased=0)


@pytest.fixture
def painter() -> Painter:
    return Painter()


@pytest.fixture
def reencoder(samples: Collection) -> NotedReencoder:
    return NotedReencoder(ReencodingPlan(samples, "new@1", 0, 0))


@pytest.fixture
def samples() -> Collection:
    return Collection("c", "staff", "old@1", True, {}, datetime.now(UTC))


def run(handler: Handler, parameters: dict[str, Any]) -> JobFile | Failure:
    return _do(lambda: handler, Order("job", parameters, PICTURES), lambda *_, **__: None).outcome


TRANSFER = to_json(TransferParameters(size=128, model="painter@2", format="jpeg"))
REENCODING = to_json(ReencodingParameters("c", "new@1", "staff", erase_left_out=True))
OPTIONAL = [field.name for field in fields(ReencodingParameters) if field.default is not MISSING]


@pytest.mark.parametrize("missing", [None, *TRANSFER])
def test_a_transfer_of_an_older_server_runs(painter: Painter, missing: str | None) -> None:
    stored = {name: value for name, value in TRANSFER.items() if name != missing}
    assert isinstance(run(StyleTransferJob(painter), stored), JobFile)
    assert painter.asked is not None
    options, model, form = painter.asked
    assert options.size == (256 if missing == "size" else 128)
    assert model == ("default@1" if missing == "model" else "painter@2")
    assert form == ("png" if missing == "format" else "jpeg")


@pytest.mark.parametrize("missing", [None, *OPTIONAL])
def test_a_reencoding_of_an_older_server_runs(
    reencoder: NotedReencoder, missing: str | None
) -> None:
    stored = {name: value for name, value in REENCODING.items() if name != missing}
    assert isinstance(run(ReencodingJob(reencoder), stored), JobFile)
    assert reencoder.asked == ("c", "new@1", missing != "erase_left_out")


@pytest.mark.parametrize("missing", ["collection_id", "encoder"])
def test_a_job_without_what_names_its_work_says_so(reencoder: NotedReencoder, missing: str) -> None:
    stored = {name: value for name, value in REENCODING.items() if name != missing}
    failure = run(ReencodingJob(reencoder), stored)
    assert isinstance(failure, Failure)
    assert (failure.slug, failure.data) == ("invalid-job-parameters", {"parameters": [missing]})
    assert reencoder.asked is None


@pytest.mark.parametrize("wrong", [{"size": "large"}, {"size": None}, {"keep_faces": 3}])
def test_parameters_of_another_kind_are_named(painter: Painter, wrong: dict[str, Any]) -> None:
    failure = run(StyleTransferJob(painter), TRANSFER | wrong)
    assert isinstance(failure, Failure)
    assert failure.slug == "invalid-job-parameters"
    assert failure.data == {"parameters": list(wrong)}


def test_what_only_a_newer_server_knows_is_not_ignored(
    painter: Painter, reencoder: NotedReencoder
) -> None:
    for handler, stored in (
        (StyleTransferJob(painter), TRANSFER),
        (ReencodingJob(reencoder), REENCODING),
    ):
        failure = run(handler, {**stored, "at_night": True})
        assert isinstance(failure, Failure)
        assert failure.slug == "invalid-job-parameters"
        assert "newer" in failure.message and "at_night" in failure.message
        assert "Upgrade" in failure.hint
    assert painter.asked is None and reencoder.asked is None
