"""The job that fetches a model's weights."""

import time

from app.answers.models import PulledModel
from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report
from app.services.jobs.parameters import from_json
from app.services.models.pull_jobs import ModelPullParameters
from app.services.models.pulling import ModelPuller

_SILENT = 0.25
"""Seconds between two reports."""


class ModelPullJob:
    """Interrupted anywhere it goes on from there when it is run again."""

    def __init__(self, puller: ModelPuller) -> None:
        self._puller = puller

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The outcome as JSON. Raises what `ModelPuller.run` raises, and JobParametersError."""
        wanted = from_json(ModelPullParameters, order.parameters)
        shown = 0.0

        def show(done: int, total: int | None) -> None:
            nonlocal shown
            if done != total and time.monotonic() - shown < _SILENT:
                return
            shown = time.monotonic()
            share = done / total if total else 0.0
            of_all = f" of {total:,}" if total else ""
            report(share, f"{done:,}{of_all} bytes are here", done=done, total=total)

        pulled = self._puller.run(wanted.model, show, accept_licence=wanted.accept_licence)
        content = PulledModel.of(pulled).model_dump_json().encode()
        return JobFile("application/json", content)
