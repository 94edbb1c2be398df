"""Options of requests.

Made by `python -m deploy.clients.python`; changed there, never here.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

MinFace: TypeAlias = int
"""
Smallest face to search for, in pixels.
"""


class DetectOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """


Encoder: TypeAlias = str
"""
Model key; or the default.
"""


class EmbedOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    encoder: NotRequired[Encoder | None]
    """
    Model key; or the default.
    """


class VerifyOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    fmr: NotRequired[float | None]
    """
    False-match rate to decide at, in (0, 1); default 0.001.
    """
    similarity_threshold: NotRequired[float | None]
    """
    Cosine in [-1, 1], instead of a rate.
    """
    face: NotRequired[Literal["dominant", "only", "largest"]]
    """
    Which face of an image is meant.
    """
    encoder: NotRequired[Encoder | None]
    """
    Model key; or the default.
    """


Encoder2: TypeAlias = str
"""
Refuse with encoder-mismatch unless the collection is bound to this one.
"""


class ClaimOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    fmr: NotRequired[float | None]
    """
    False-match rate to decide at, in (0, 1); default 0.001.
    """
    similarity_threshold: NotRequired[float | None]
    """
    Cosine in [-1, 1], instead of a rate.
    """
    face: NotRequired[Literal["dominant", "only", "largest"]]
    """
    Which face of an image is meant.
    """
    encoder: NotRequired[Encoder2 | None]
    """
    Refuse with encoder-mismatch unless the collection is bound to this one.
    """


Subject: TypeAlias = str


class RecognizeOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    fpir: NotRequired[float | None]
    """
    False-positive identification rate, in (0, 1); default 0.01.
    """
    similarity_threshold: NotRequired[float | None]
    """
    Cosine in [-1, 1], instead of a rate.
    """
    candidates: NotRequired[int]
    """
    Ranked subjects to name per face.
    """
    unique: NotRequired[bool]
    """
    Never give one subject to two faces of the image.
    """
    subjects: NotRequired[list[Subject]]
    """
    Ids of the only subjects to look for; all of the collection if none is given.
    """
    where: NotRequired[dict[str, str | float | bool | None]]
    """
    Look only for subjects whose metadata have all of these keys with exactly these values; in a form as JSON.
    """
    source: NotRequired[str]
    """
    Label of the place where the picture was taken, for collections that remember what they see; the header X-Facet-Source gives it, too.
    """
    encoder: NotRequired[Encoder2 | None]
    """
    Refuse with encoder-mismatch unless the collection is bound to this one.
    """


MinQuality: TypeAlias = float
"""
Overrides the service's quality gate.
"""


class EnrollOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    face: NotRequired[Literal["dominant", "only", "largest"]]
    """
    Which face of an image is meant.
    """
    min_quality: NotRequired[MinQuality | None]
    """
    Overrides the service's quality gate.
    """
    duplicates: NotRequired[Literal["warn", "reject", "ignore"]]
    """
    What to do when the face resembles another subject.
    """
    encoder: NotRequired[Encoder2 | None]
    """
    Refuse with encoder-mismatch unless the collection is bound to this one.
    """
    allow_repeats: NotRequired[bool]
    """
    Store a picture once more that the subject has already.
    """


class RecordingOptions(TypedDict):
    min_face: NotRequired[MinFace | None]
    """
    Smallest face to search for, in pixels.
    """
    max_faces: NotRequired[int]
    """
    Of each frame, largest ones first.
    """
    min_probability: NotRequired[float]
    """
    The detector's threshold.
    """
    rotations: NotRequired[bool]
    """
    Try the image turned by 90, 180, 270 degrees when nothing is found.
    """
    fpir: NotRequired[float | None]
    """
    False-positive identification rate, in (0, 1); default 0.01.
    """
    similarity_threshold: NotRequired[float | None]
    """
    Cosine in [-1, 1], instead of a rate.
    """
    candidates: NotRequired[int]
    """
    Ranked subjects to name per face.
    """
    unique: NotRequired[bool]
    """
    Never give one subject to two faces of the image.
    """
    subjects: NotRequired[list[Subject]]
    """
    Ids of the only subjects to look for; all of the collection if none is given.
    """
    where: NotRequired[dict[str, str | float | bool | None]]
    """
    Look only for subjects whose metadata have all of these keys with exactly these values; in a form as JSON.
    """
    source: NotRequired[str]
    """
    Label of the place where the picture was taken, for collections that remember what they see; the header X-Facet-Source gives it, too.
    """
    encoder: NotRequired[Encoder2 | None]
    """
    Refuse with encoder-mismatch unless the collection is bound to this one.
    """
    max_frames: NotRequired[int]
    """
    Frames of a video to look at, evenly over its length.
    """
    rate: NotRequired[float]
    """
    Of these per second, at most.
    """
    min_frames: NotRequired[int]
    """
    Tracks seen in fewer are left out.
    """


Locale: TypeAlias = str
"""
Such as `de` or `pt-BR`. It decides what 03/04/2005 means; without one, the most usual order does.
"""


class DateOptions(TypedDict):
    locale: NotRequired[Locale | None]
    """
    Such as `de` or `pt-BR`. It decides what 03/04/2005 means; without one, the most usual order does.
    """
    beam_width: NotRequired[int]
    """
    1 decodes greedily.
    """
    length_penalty: NotRequired[float]
    """
    Scores are log-probabilities over T to this power.
    """
