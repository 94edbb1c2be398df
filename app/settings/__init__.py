"""Every setting of the service, read once from the environment (prefix FACET_)."""

import ipaddress
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from app.domain.errors.trouble import IndexUnavailableError
from app.index.engines import DEFAULT, ENGINES, URL_EXAMPLES, engine_of
from app.index.kit.engine import Engine
from app.platform.amazon import Account, Buckets, Region
from app.platform.web_addresses import Names, Networks, Origins, PathPrefix, Syslog, with_password
from app.settings.images import ImageSettings
from app.settings.load import LoadSettings
from app.settings.requests import RequestSettings
from models.registry.locations import default_data_dir

_SECRETS = Path("/run/secrets")
_ALL_ADDRESSES = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


class Settings(RequestSettings, LoadSettings, ImageSettings):
    """Defaults run the service on one machine with nothing set up."""

    model_config = SettingsConfigDict(
        env_prefix="FACET_",
        extra="ignore",
        # Files that Docker and Kubernetes mount, such as facet_database_password.
        secrets_dir=_SECRETS if _SECRETS.is_dir() else None,
    )

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="All state lives here: database, kept images, converted weights.",
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty is SQLite in the data dir.")
    database_password: SecretStr = Field(
        SecretStr(""), description="For a URL without one, so that it may come as a secret file."
    )
    master_key_file: Path | None = Field(
        None, description="The master key; default master.key in the configuration directory."
    )
    master_key_command: str = Field("", description="Prints the master key, instead of a file.")
    erasure_ledgers: Path | None = Field(None, description="Directory of copies of erased ids.")
    model_cache_dir: Path | None = Field(
        None, description="Converted and downloaded weights; default <data_dir>/models."
    )
    index: str = Field(DEFAULT, description=f"The index's engine: {', '.join(ENGINES)}.")
    index_url: SecretStr = Field(
        SecretStr(""), description=f"{' or '.join(URL_EXAMPLES)}, which also selects the index."
    )
    index_exact_limit: int = Field(
        20_000, ge=1, description="Faces up to which a collection is compared one by one (auto)."
    )
    index_recall_sampling: float = Field(
        0.001, ge=0, le=1, description="Share of searches checked against an exact one (auto)."
    )
    detector: str = Field("", description="Model key; empty is the registry's default.")
    encoder: str = Field("", description="Encoder of new collections; empty is the default.")
    aggregator: str = Field("", description="Weighs tracks' frames; empty is the default.")
    date_reader: str = Field("", description="Model key; empty is the registry's default.")

    host: str = Field("127.0.0.1", description="Address on which the server listens.")
    port: int = Field(8000, ge=0, le=65535, description="Port on which it listens.")
    auth: Literal["keys", "off"] = Field("keys", description="`off` only while bound to loopback.")
    operations_host: str = Field("", description="Of the operations listener; empty is `host`.")
    operations_port: int = Field(
        0, ge=0, le=65535, description="Its own listener for metrics and health; 0 is none."
    )
    wire_formats: Names = Field(
        ("native",), description="Wire formats that the server speaks, with commas between."
    )
    deepstack_key: SecretStr = Field(SecretStr(""), description="Of programs that send none.")
    deepstack_collection: str = Field("", description="Of keys that are bound to none.")
    compreface_unknown: Literal["nearest", "named", "omit"] = Field(
        "nearest",
        description="How clients of CompreFace are told of somebody unknown: by the nearest "
        "subject with a low score, by a subject called unknown, or by none.",
    )
    rekognition_region: Region = Field(
        "us-east-1", description="Region that requests of Rekognition's clients are signed for."
    )
    rekognition_account: Account = Field(
        "000000000000", description="Account in names of resources for Rekognition's clients."
    )
    rekognition_buckets: Buckets = Field(
        default_factory=dict,
        description="Directories that stand for buckets of Rekognition's clients.",
    )
    metrics: Literal["on", "off"] = Field("on", description="Whether /metrics is answered at all.")
    docs: Literal["on", "off"] = Field("on", description="Whether /docs and /openapi.json are.")
    console: Literal["on", "off"] = Field("on", description="Whether /console/ is answered.")
    session_idle: float = Field(30, gt=0, description="Minutes that end an idle session.")
    session_hours: float = Field(12, gt=0, description="Hours that a session lasts at most.")
    cors_origins: Origins = Field(
        (), description="Origins of pages that may call the service, with commas between."
    )
    trusted_proxies: Networks = Field(
        (), description="Addresses and networks whose X-Forwarded-For, -Proto, -Prefix hold."
    )
    root_path: PathPrefix = Field("", description="Prefix of all addresses, such as /facet.")
    tls_cert: Path | None = Field(None, description="Certificate chain (PEM) to serve HTTPS with.")
    tls_key: Path | None = Field(None, description="Its private key (PEM).")
    max_connections: int = Field(1024, gt=0, description="Beyond them the idlest is closed.")
    webhook_networks: Networks = Field((), description="Not public ones that may be called.")
    download_networks: Networks = Field(
        (), description="Not public ones that downloads of weights may be sent on to."
    )
    max_header_bytes: int = Field(
        32 * 2**10, ge=1024, description="Request line and headers of a request."
    )
    header_timeout: float = Field(10.0, gt=0, description="Seconds for them to arrive.")
    keep_alive_timeout: float = Field(20.0, gt=0, description="Seconds between two requests.")
    stall_timeout: float = Field(30.0, gt=0, description="Seconds without reading an answer.")
    process_silence: float = Field(
        5.0, gt=0, description="Silent seconds after which a process gets no connections."
    )
    process_replacement: float = Field(
        30.0, gt=0, description="Silent seconds after which a process is killed and replaced."
    )

    min_enrolment_quality: float = Field(
        0.2, ge=0, le=1, description="Quality that a face needs to be enrolled, 0 to 1."
    )
    min_enrolment_face: int = Field(24, ge=0, description="Pixels, shorter side of the box.")

    numbers_per_subject: int = Field(
        20, ge=0, description="Similarities to one subject's faces that a key is given."
    )
    numbers_window: float = Field(30, gt=0, description="Days until they are counted anew.")

    audit: Literal["on", "required", "off"] = Field("on", description="Record, or no answer.")
    audit_days: float = Field(365, ge=0, description="Days that it is kept; 0: for good.")
    audit_file: Path | None = Field(None, description="Gets a copy, an entry a line of JSON.")
    audit_syslog: Syslog = Field("", description="Gets a copy, too: socket or host:port.")
    database_timeout: float = Field(5.0, gt=0, description="Seconds to wait for a locked database.")
    log_format: Literal["console", "json"] = Field(
        "console", description="How the log is written: for people, or a JSON object a line."
    )

    @property
    def resolved_database_url(self) -> str:
        url = self.database_url or f"sqlite:///{self.data_dir / 'facet.db'}"
        return with_password(url, self.database_password.get_secret_value())

    @property
    def engine(self) -> Engine:
        """The index's engine. Raises IndexUnavailableError for a URL that there is none for."""
        return engine_of(self.index, self.index_url.get_secret_value())

    @property
    def index_is_of_one_process(self) -> bool:
        """Whether only one process may have the index open, such as Milvus Lite."""
        return self.engine.one_process(self.index_url.get_secret_value())

    @property
    def index_dir(self) -> Path:
        """Snapshots of the index, of every process on this data directory."""
        return self.data_dir / "index"

    @property
    def resolved_model_cache_dir(self) -> Path:
        return self.model_cache_dir or self.data_dir / "models"

    @property
    def manifest_dirs(self) -> list[Path]:
        """Directories of the operator's own manifests, beside the built-in ones."""
        return [self.data_dir / "manifests"]

    @property
    def bound_to_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @model_validator(mode="after")
    def _workers_can_be_heard(self) -> Self:
        if self.job_take_over < 2 * self.job_heartbeat:
            raise ValueError(
                "job_take_over must be at least twice job_heartbeat, or jobs would be taken from "
                "workers that live."
            )
        return self

    @model_validator(mode="after")
    def _silence_comes_before_replacement(self) -> Self:
        if self.process_replacement < self.process_silence:
            raise ValueError("process_replacement must not be shorter than process_silence.")
        return self

    @model_validator(mode="after")
    def _listeners_have_places_of_their_own(self) -> Self:
        hosts = {self.host, self.operations_host or self.host}
        same = len(hosts) == 1 or hosts & _ALL_ADDRESSES
        if self.operations_port and self.operations_port == self.port and same:
            raise ValueError(
                f"operations_port is {self.port}, which is FACET_PORT: one port cannot be both. "
                "Choose another one, such as 8001."
            )
        return self

    @model_validator(mode="after")
    def _no_page_at_all_calls_an_open_service(self) -> Self:
        if self.auth == "off" and "*" in self.cors_origins:
            raise ValueError("cors_origins=* would open the service to every page while auth=off.")
        return self

    @model_validator(mode="after")
    def _master_key_has_one_source(self) -> Self:
        if self.master_key_command and self.master_key_file is not None:
            raise ValueError(
                "The master key comes from a file or from a command: leave out one of "
                "FACET_MASTER_KEY_FILE and FACET_MASTER_KEY_COMMAND."
            )
        return self

    @model_validator(mode="after")
    def _certificate_and_key_come_together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("TLS needs both: FACET_TLS_CERT and FACET_TLS_KEY.")
        return self

    @model_validator(mode="after")
    def _engine_is_known_and_has_its_address(self) -> Self:
        try:
            engine = self.engine
        except IndexUnavailableError as error:
            raise ValueError(f"{error.message} {error.hint}") from error
        if engine.url and not self.index_url.get_secret_value():
            raise ValueError(f"index={self.index} needs FACET_INDEX_URL, such as {engine.url}.")
        return self

    @model_validator(mode="after")
    def _auth_guards_the_network(self) -> Self:
        if self.auth == "off" and not self.bound_to_loopback:
            raise ValueError(
                f"auth=off is allowed only while bound to loopback, not to {self.host}. "
                "Bind to 127.0.0.1, or leave auth on and make a key with `facet keys create`."
            )
        return self
