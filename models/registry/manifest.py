"""The manifest of a model: one TOML file beside, or instead of, its weights."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from models.registry.curve import ThresholdCurve
from models.registry.errors import InvalidManifestError
from models.registry.origins import ConvertedSource, Format, LearnedSource, Part, Source

Task = Literal["aggregate-tracks", "detect-faces", "encode-faces", "read-dates", "transfer-style"]
Triple = tuple[float, float, float]
Point = tuple[float, float]


class Architecture(Part):
    """Which network class, and the keyword arguments it is built with."""

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class Input(Part):
    """Pixel convention: (value in 0..255 - mean) * scale, channels in the order named."""

    size: tuple[int, int] | None = None
    """(height, width) in pixels; None takes any size."""
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    """Single-pass detectors take luminance alone, `grey`; encoders the other two."""
    mean: Triple
    """In RGB order, whatever `channels` says."""
    scale: float = Field(gt=0)


class Output(Part):
    """What an encoder gives for one face."""

    dimension: int = Field(gt=0)
    normalised: bool = True
    """L2-normalise the embedding."""


class Proposals(Part):
    """How a single-pass detector looks for faces."""

    face: float = Field(gt=0)
    """Pixels that the smallest face asked for keeps in the reduced picture that is searched."""
    threshold: float = Field(gt=0, lt=1)
    """Score from which on a box is worth a second look."""
    confirm: str | None = None
    """Key of the cascade whose later stages decide and place the landmarks; None: no second
    look is taken, and score and landmarks are the single pass's own."""

    @model_validator(mode="before")
    @classmethod
    def _without_first(cls, values: Any) -> Any:
        """Manifests of older versions bound by `first` how many boxes got the second look."""
        if isinstance(values, Mapping):
            return {name: value for name, value in values.items() if name != "first"}
        return values


class Detection(Part):
    """Settings of a face detector."""

    min_face: int = Field(default=20, ge=12)
    """Pixels; used when the caller names no smallest face."""
    factor: float = Field(default=0.709, gt=0, lt=1)
    """Cascades: ratio of one level of the image pyramid to the level above it."""
    thresholds: Triple = (0.5, 0.6, 0.7)
    """Cascades: face probability at which a window passes P-, R- and O-Net."""
    proposals: Proposals | None = None
    """Single-pass detectors have these, and cascades do not."""


class Style(Part):
    """What style transfer looks at, and how much each part counts."""

    content_layer: str | None = None
    """None: blurred luminance and chroma of the picture itself."""
    layers: dict[str, Annotated[float, Field(gt=0)]] = Field(min_length=1)
    """Weights lambda_l of the Gram matrices, by layer."""
    mean_weight: float = Field(default=0, ge=0)
    """Weight of channel means beside Gram matrices."""
    alpha: float = Field(gt=0)
    """Weight of the content loss when the caller names none."""
    beta: float = Field(gt=0)
    """Weight of the style loss when the caller names none."""
    largest: int = Field(default=1024, gt=0)
    """Longer side in pixels of the largest result, lest memory run out."""


class Text(Part):
    """What a reader of texts knows, and when it answers."""

    characters: str = Field(min_length=1)
    """Of normalised texts, in the order that the network numbers them."""
    locales: dict[str, Literal["DMY", "MDY", "YMD"]] = Field(min_length=1)
    """The order of day, month and year in each, and they in the network's order."""
    months: tuple[tuple[str, ...], ...] = Field(min_length=12, max_length=12)
    """Normalised names of each month in all languages; an answer needs one, or digits."""
    refused_from: float = Field(gt=0, le=1)
    """Probability of "nothing to be found" from which on that is the answer."""
    least_probability: float = Field(ge=0, lt=1)
    """That an answer needs."""


class Curve(Part):
    """Threshold curve: ascending (similarity, false-match rate) points, and their origin."""

    points: tuple[Point, ...]
    method: str
    data: str
    impostors: int = Field(ge=0)
    """Number of impostor comparisons measured."""
    tail_from: float | None = None
    """Similarity above which points come from a fitted tail instead of counting."""

    @model_validator(mode="after")
    def _is_a_curve(self) -> Self:
        ThresholdCurve.of(self.points)
        return self


class Licence(Part):
    """Terms of the weights (not of this project)."""

    name: str
    url: str
    commercial: bool


_NEEDED: Mapping[Task, tuple[tuple[str, ...], str]] = {
    "aggregate-tracks": (("encoder", "curve"), "an aggregator needs encoder and curve"),
    "detect-faces": (("input", "detection"), "a face detector needs input and detection"),
    "encode-faces": (
        ("input", "output", "alignment"),
        "an encoder needs output, alignment, input.size and coloured input",
    ),
    "read-dates": (("text",), "a reader of dates needs text"),
    "transfer-style": (("input", "style"), "a model for style transfer needs input and style"),
}
"""What a model must have for its task, and what to say when it has not."""


class Manifest(Part):
    """A model of the registry."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: int = Field(ge=1)
    task: Task
    default: bool = False
    description: str
    limits: str
    """Where the model is known to fail, and whom it serves badly."""
    architecture: Architecture
    source: Source
    input: Input = Input(mean=(0.0, 0.0, 0.0), scale=1.0)
    """Aggregators and models of texts take no pictures."""
    encoder: str | None = None
    """Aggregators: key of the encoder whose embeddings they weigh. Their curve is that of a
    track's template against single faces."""
    text: Text | None = None
    output: Output | None = None
    detection: Detection | None = None
    style: Style | None = None
    alignment: tuple[Point, Point, Point, Point, Point] | None = None
    """(x, y) in the encoder's input: left eye, right eye, nose, mouth left, mouth right."""
    mirror: bool = True
    """Encoders: average the embeddings of the face and of its mirror image."""
    curve: Curve | None = None
    licence: Licence
    training_data: str
    metrics: dict[str, Any] = Field(default_factory=dict)
    directory: Path = Field(exclude=True)
    """Where the manifest lies; `source.path` is relative to it."""

    @property
    def format(self) -> Format:
        """Of the file that the network is loaded from, which may be converted first."""
        if isinstance(self.source, ConvertedSource | LearnedSource):
            return "safetensors"
        return self.source.format

    @property
    def path(self) -> Path:
        """Its file, where publishing puts it."""
        return self.directory / f"{self.name}-{self.version}.toml"

    @property
    def key(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"

    @cached_property
    def threshold_curve(self) -> ThresholdCurve:
        """Similarity to false-match rate. Raises InvalidManifestError when not calibrated."""
        if self.curve is None:
            raise InvalidManifestError(
                f"{self.key} has no threshold curve.",
                hint="Measure one with `python -m training evaluate calibrate`.",
                model=self.key,
            )
        return ThresholdCurve.of(self.curve.points)

    @model_validator(mode="after")
    def _has_what_its_task_needs(self) -> Self:
        fields, told = _NEEDED[self.task]
        missing = [name for name in fields if getattr(self, name) is None]
        if "input" in fields and "input" not in self.model_fields_set:
            missing.append("input")
        if self.task == "encode-faces":
            missing += ["size"] if self.input.size is None else []
            missing += ["colours"] if self.input.channels == "grey" else []
        if missing:
            raise ValueError(told)
        if (self.architecture.name == "onnx") != (self.format == "onnx"):
            raise ValueError('the architecture "onnx" and weights in the format "onnx" go together')
        return self


def read_manifest(path: Path) -> Manifest:
    """Parse one TOML file. Raises InvalidManifestError naming the file and the field."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Manifest.model_validate({**data, "directory": path.parent})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidManifestError(f"{path} cannot be read: {error}", path=str(path)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the manifest"
        raise InvalidManifestError(
            f"{path}: {where}: {first['msg']}", path=str(path), field=where
        ) from error
