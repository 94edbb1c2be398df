"""Settings of what runs at once: processes, networks, requests, jobs."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class LoadSettings(BaseSettings):
    """Processes of the server, and the work that they take on."""

    processes: int = Field(
        0,
        ge=0,
        le=64,
        description="Of the server; 0: one per core, up to 4, while memory lasts.",
    )
    runtime: Literal["auto", "torch", "onnxruntime", "openvino"] = Field(
        "auto", description="What runs the networks; auto is the fastest there is."
    )
    threads: int = Field(0, ge=0, description="Threads of one forward pass at most; 0 is one.")
    workers: int = Field(0, ge=0, description="Requests analysed at once; 0 goes by the cores.")
    batch_wait: float = Field(
        0.0, ge=0, le=1, description="Seconds a forward pass may wait for other requests' faces."
    )
    request_deadline: float = Field(
        30.0, gt=0, description="Seconds until a request that runs networks gets a 503."
    )
    heavy_pixels: int = Field(
        8_000_000, gt=0, description="Requests with more pixels wait in a line of their own."
    )
    queue: int = Field(64, ge=0, description="Requests that may wait for a worker before a 503.")
    job_workers: int = Field(
        1, ge=0, le=64, description="Jobs run at once by the server; 0 leaves them to workers."
    )
    job_threads: int = Field(1, gt=0, description="Threads of one job.")
    job_queue: int = Field(100, gt=0, description="Jobs that may wait and run before a 503.")
    jobs_per_key: int = Field(10, gt=0, description="Of them, those of one API key.")
    job_timeouts: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description='Seconds by kind, as JSON: {"style-transfer": 300}.'
    )
    job_streams: int = Field(100, gt=0, description="Followers of events at once before a 503.")
    job_streams_per_key: int = Field(20, gt=0, description="Of them, those of one API key.")
    job_retention: float = Field(24, gt=0, description="Hours that results are kept.")
    job_history: float = Field(30, gt=0, description="Days that settled jobs are remembered.")
    job_heartbeat: float = Field(5, gt=0, description="Seconds between a worker's signs of life.")
    job_take_over: float = Field(30, gt=0, description="Silent seconds that end a worker's claim.")
    changes_days: float = Field(
        7, gt=0, description="Days that the log of changes is kept for indexes that are away."
    )
