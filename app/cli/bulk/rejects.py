"""The file of what an import could not use, a line of JSON each."""

import json
from pathlib import Path
from typing import IO, Any

from app.cli.bulk.folders import PASSED_OVER, detail_of, hint_of, subject_of
from app.domain.texts import printable
from models.errors import ReportedError
from models.folders.walk import PassedOver


class RejectBook:
    """Comes into being with the first line. Everything in it can be printed and is UTF-8."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    @property
    def written(self) -> bool:
        """Whether there is any line."""
        return self._file is not None

    def add(self, source: str, subject: str, error: ReportedError) -> None:
        """A picture that was refused."""
        self._write(source, subject, error.slug, error.message, error.hint)

    def add_passed_over(self, one: PassedOver, root: Path) -> None:
        """A file that is not read."""
        more = {"reason": one.reason, "left_out": one.left_out}
        source, subject = str(one.path.relative_to(root)), subject_of(one.path, root)
        self._write(source, subject, PASSED_OVER, detail_of(one), hint_of(one), **more)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(
        self, source: str, subject: str, code: str, detail: str, hint: str, **more: Any
    ) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8")
        shown = {"source": source, "subject": subject, "code": code, "detail": detail, "hint": hint}
        line = {name: printable(text) for name, text in shown.items()}
        self._file.write(json.dumps({**line, **more}, ensure_ascii=False) + "\n")
        self._file.flush()
