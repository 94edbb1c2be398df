"""Settings of what requests may bring."""

from pydantic import Field
from pydantic_settings import BaseSettings


class RequestSettings(BaseSettings):
    """Bounds of bodies, pictures and recordings."""

    max_image_bytes: int = Field(20 * 2**20, gt=0, description="Of one picture's file.")
    max_request_bytes: int = Field(100 * 2**20, gt=0, description="Of one request's body.")
    max_image_pixels: int = Field(100_000_000, gt=0, description="Of one picture.")
    max_decoding_bytes: int = Field(
        0,
        ge=0,
        description="Memory for decoding one picture or recording; 0: an eighth of what the "
        "process may use, 256 MiB at most.",
    )
    max_style_pixels: int = Field(25_000_000, gt=0, description="Of either picture of a transfer.")
    max_styles: int = Field(200, gt=0, description="Stored styles.")
    max_images_per_request: int = Field(64, gt=0, description="Pictures that a request may bring.")
    max_body_memory: int = Field(
        128 * 2**20,
        gt=0,
        description="Bytes of all requests' bodies in one process before a 503; one request of "
        "max_request_bytes always fits.",
    )
    body_grace: float = Field(
        10.0, gt=0, description="Seconds until a body has to keep to body_rate, or gets a 408."
    )
    body_rate: int = Field(
        1024, gt=0, description="Bytes a second of a request's body, on average at least."
    )
    body_timeout: float = Field(
        120.0, gt=0, description="Seconds that a request's body may take to arrive."
    )

    max_video_bytes: int = Field(50 * 2**20, gt=0, description="Of one recording's file.")
    max_video_seconds: float = Field(120.0, gt=0, description="Length of a recording.")
    max_video_frames: int = Field(3600, gt=0, description="Frames of the file, sampled or not.")
    max_video_pixels: int = Field(9_000_000, gt=0, description="Of one frame.")
    max_video_work: float = Field(
        25.0, gt=0, description="Seconds that decoding and analysing one recording may take."
    )
