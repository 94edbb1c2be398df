"""Fields of every manifest: one TOML file beside, or instead of, the weights of a model."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from models.references import referred
from models.registry.errors import InvalidManifestError
from models.registry.origins import ConvertedSource, Format, LearnedSource, Part, Source

if TYPE_CHECKING:  # torch takes a second to import, and listing models does not need it
    from torch import nn

Task = Literal[
    "aggregate-tracks",
    "detect-faces",
    "encode-faces",
    "read-dates",
    "tell-masks",
    "transfer-style",
]
Triple = tuple[float, float, float]
Point = tuple[float, float]

_OF_SOME_TASKS = frozenset(
    {"alignment", "curve", "detection", "encoder", "mirror", "output", "style", "text"}
)


class Architecture(Part):
    """Name of a network, and the keyword arguments it is built with."""

    name: str
    """Key of `models.nets.table.NETWORKS`."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Keyword arguments of the network's class."""


class Input(Part):
    """Pixel convention: (value in 0..255 - mean) * scale, channels in the order named."""

    size: tuple[int, int] | None = None
    """(height, width) in pixels; without it, pictures of any size."""
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    """Single-pass detectors take luminance alone, `grey`; encoders the other two."""
    mean: Triple
    """Means in RGB order, whatever `channels` says."""
    scale: float = Field(gt=0)


class License(Part):
    """Terms of the weights (not of this project)."""

    name: str
    url: str
    commercial: bool


class Manifest(Part):
    """A model of the registry, whatever its task. Each task has a class of its own."""

    trial: ClassVar[str] = ""
    """Reference to the function that runs a network once; "" where none can be published."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """Small letters, digits, and dashes between them."""
    version: int = Field(ge=1)
    """Number behind the `@` of the key; a published one never changes."""
    task: Task
    """Task that the model does; it decides which fields there are."""
    default: bool = False
    """Whether the model does its task where none is named."""
    description: str
    """The model in one sentence."""
    limits: str
    """Cases where the model is known to fail, and people whom it serves badly."""
    architecture: Architecture
    """Network and its arguments."""
    source: Source
    """Origin of the weights."""
    input: Input = Input(mean=(0.0, 0.0, 0.0), scale=1.0)
    """Pixel convention; without meaning for models that take no pictures."""
    licence: License
    """Terms of the weights."""
    training_data: str
    """Data that the weights were learned from."""
    provenance_doubt: str = ""
    """Doubt whether the data allowed what the licence allows, in a sentence; "" for none."""
    metrics: dict[str, Any] = Field(default_factory=dict)
    """Figures that were measured, for people to read."""
    directory: Path = Field(exclude=True)
    """Directory of the manifest; `source.path` is relative to it."""

    @classmethod
    def does(cls) -> Task | None:
        """The task of this class; None for the base."""
        task: Task | None = cls.model_fields["task"].get_default()
        return task if cls is not Manifest else None

    @property
    def format(self) -> Format:
        """Format of the file that the network is loaded from, which may be converted first."""
        if isinstance(self.source, ConvertedSource | LearnedSource):
            return "safetensors"
        return self.source.format

    @property
    def path(self) -> Path:
        """File of the manifest, where publishing puts it."""
        return self.directory / f"{self.name}-{self.version}.toml"

    @property
    def key(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Keys of other models that the network is made of."""
        return ()

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """(height, width) of the only pictures that the whole network takes; None for others."""
        return None

    @property
    def calibrated(self) -> bool:
        """Whether every measurement is there that its use needs."""
        return True

    def described_input(self) -> str:
        """Input of the network, for people to read."""
        return f"{self.input.channels}, any size"

    @abstractmethod
    def described_output(self) -> str:
        """Output of the network, for people to read."""

    def try_out(self, network: "nn.Module") -> None:
        """Run the network once.

        Raises InvalidWeightsError when it does not do what the manifest says, and
        InvalidManifestError when models of its task cannot be tried.
        """
        if not self.trial:
            raise InvalidManifestError(
                f"{self.key} does {self.task}, and such models cannot be published.",
                model=self.key,
            )
        referred(self.trial)(network, self)

    @model_validator(mode="before")
    @classmethod
    def _without_settings_of_other_tasks(cls, values: Any) -> Any:
        """Older versions took them in every manifest, where nothing read them."""
        if not isinstance(values, Mapping):
            return values
        foreign = _OF_SOME_TASKS - set(cls.model_fields)
        return {name: value for name, value in values.items() if name not in foreign}

    @model_validator(mode="after")
    def _has_weights_for_its_architecture(self) -> Self:
        if (self.architecture.name == "onnx") != (self.format == "onnx"):
            raise ValueError('the architecture "onnx" and weights in the format "onnx" go together')
        return self
