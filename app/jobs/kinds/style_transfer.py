"""The job that paints a picture in the manner of another."""

import time
from collections.abc import Callable

from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report
from app.services.jobs.parameters import from_json
from app.services.ports.styles import StylePainter
from app.services.styles.transfers import TransferParameters
from models.pipelines.style.options import Losses, Step

_PREVIEW_SECONDS = 0.5


class StyleTransferJob:
    """Reports every step with its losses, and twice a second a preview."""

    def __init__(self, painter: StylePainter) -> None:
        self._painter = painter

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The picture.

        Raises NoFaceError when only faces are wanted and there are none, and JobParametersError.
        """
        wanted = from_json(TransferParameters, order.parameters)
        shown = 0.0

        def watch(step: Step, losses: Losses, preview: Callable[[], bytes]) -> None:
            nonlocal shown
            file = None
            if time.monotonic() - shown >= _PREVIEW_SECONDS:
                file = JobFile("image/jpeg", preview())
                shown = time.monotonic()
            report(
                step.number / step.total,
                f"size {step.size} of {step.sizes}: step {step.at_size} of {step.steps_at_size}",
                preview=file,
                step=step.number,
                steps=step.total,
                size=step.size,
                sizes=step.sizes,
                step_at_size=step.at_size,
                steps_at_size=step.steps_at_size,
                loss=losses.total,
                content_loss=losses.content,
                style_loss=losses.style,
            )

        painted = self._painter.paint(
            order.inputs["content"].content,
            order.inputs["style"].content,
            wanted,
            wanted.model or self._painter.model(None, wanted),
            wanted.format,
            watch,
        )
        return JobFile(f"image/{wanted.format}", painted)
