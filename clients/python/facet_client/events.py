"""Events of a job: server-sent events to objects."""

import json
from dataclasses import dataclass
from typing import Any

from facet_client.generated.models import Job, JobProgress

SETTLED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One event; what it tells stands in the field of its name."""

    name: str
    """`state`, `progress`, `preview` or `problem`."""
    data: dict[str, Any]
    job: Job | None = None
    progress: JobProgress | None = None

    @property
    def last(self) -> bool:
        """Whether the job is over."""
        return self.job is not None and self.job.state in SETTLED


class EventReader:
    """Puts the lines of a stream together."""

    def __init__(self, last_id: str) -> None:
        self.last_id = last_id
        """Of the last whole event: a stream goes on behind it."""
        self._fields: dict[str, list[str]] = {}

    def read(self, line: str) -> JobEvent | None:
        """The event that a line ends, if it ends one."""
        if line:
            name, _, value = line.partition(":")
            self._fields.setdefault(name, []).append(value.removeprefix(" "))
            return None
        fields, self._fields = self._fields, {}
        if "id" in fields:
            self.last_id = fields["id"][-1]
        if "data" not in fields:
            return None
        name, data = fields.get("event", ["message"])[-1], json.loads("\n".join(fields["data"]))
        if name == "state":
            return JobEvent(name, data, job=Job.model_validate(data))
        if name == "progress":
            return JobEvent(name, data, progress=JobProgress.model_validate(data))
        return JobEvent(name, data)
