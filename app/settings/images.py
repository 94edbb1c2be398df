"""Settings of the place of kept pictures."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from app.platform.amazon import Endpoint, ObjectsUrl, Region


class ImageSettings(BaseSettings):
    """Object storage for kept pictures; without a URL they are files of the data directory."""

    images_url: ObjectsUrl = Field("", description="s3://bucket/prefix; empty: files.")
    images_endpoint: Endpoint = Field(
        "", description="A server that speaks S3; empty: Amazon's of the region."
    )
    images_region: Region = Field(
        "us-east-1", description="Region that requests to object storage are signed for."
    )
    images_access_key: str = Field("", description="Empty: the machine's own, as AWS's tools do.")
    images_secret_key: SecretStr = Field(
        SecretStr(""), description="Secret of the access key; both are given, or neither."
    )
    images_timeout: float = Field(
        4.0, ge=0.2, le=60, description="Seconds for a picture to be stored or read."
    )

    @model_validator(mode="after")
    def _access_key_and_secret_come_together(self) -> Self:
        if bool(self.images_access_key) != bool(self.images_secret_key.get_secret_value()):
            raise ValueError(
                "Object storage needs both, or neither: FACET_IMAGES_ACCESS_KEY and "
                "FACET_IMAGES_SECRET_KEY."
            )
        return self
