"""Decisions as clients of CompreFace read them. What is not there is left out, never null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.compreface.schemas import MASK, Parameters, Unknown
from app.domain.deciding.scales import COMPREFACE
from app.domain.deciding.selection import choose_face
from app.domain.deciding.verdicts import ComparisonVerdict, SearchVerdict
from app.domain.faces import Face, ImageAnalysis, Wearing
from app.domain.gallery import Collection
from app.services.deciding.questions import Identified
from app.services.deciding.recognition import Recognition
from app.services.deciding.verification import ComparedPicture

OMITTED, TRUNCATED = "Facet-Omitted", "Facet-Truncated"
"""Headers that tell what an answer of this format has no place for."""
UNKNOWN_NAME = "unknown"
_OFFERED = frozenset({"landmarks", "pose", "calculator", MASK})
_MASKS: Mapping[Wearing, str] = {
    "bare": "without_mask",
    "masked": "with_mask",
    "misplaced": "mask_weared_incorrect",
}
"""Values of the plugin, in its own words."""
_DIGITS = 5
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Parts of an answer that a caller wants, and may have."""

    parameters: Parameters
    embeddings: bool
    """Whether the key may give embeddings."""
    unknown: Unknown

    @property
    def shown(self) -> frozenset[str]:
        """Plugins that the answer has."""
        offered = _OFFERED if self.embeddings else _OFFERED - {"calculator"}
        return self.parameters.plugins & offered

    def headers(self, analysis: ImageAnalysis) -> dict[str, str]:
        """Headers for what is missing in the answer."""
        headers = {}
        known = _OFFERED | {"age", "gender", "landmarks2d106"}
        missing = self.parameters.plugins & known - self.shown
        if missing:
            headers[OMITTED] = ", ".join(sorted(missing))
        if analysis.truncated and len(analysis.faces) != self.parameters.limit:
            headers[TRUNCATED] = "true"
        return headers


def detection(analysis: ImageAnalysis, wish: Wish) -> Json:
    """Every face. Raises NoFaceError when there is none."""
    _require_faces(analysis)
    faces = [_face(face, analysis, wish) for face in analysis.faces]
    return {"result": faces, **_versions(analysis, wish)}


def recognition(found: Recognition, wish: Wish) -> Json:
    """Every face with its subjects. Raises NoFaceError when there is none."""
    analysis = found.analysis
    _require_faces(analysis)
    faces = [
        {
            **_face(one.face, analysis, wish),
            "subjects": subjects(one.verdict, found.decided, wish),
        }
        for one in found.faces
    ]
    return {"result": faces, **_versions(analysis, wish)}


def verification(found: ComparedPicture, wish: Wish) -> Json:
    """The face of one picture, and every face of the other with its score."""
    if found.reference is None or found.meant is None:
        raise ValueError("a comparison of two pictures has a reference")
    _require_faces(found.analysis)
    result = {
        "source_image_face": _face(found.meant, found.reference, wish),
        "face_matches": _compared(found, wish),
        **_versions(found.analysis, wish),
    }
    return {"result": [result]}


def claim(found: ComparedPicture, wish: Wish) -> Json:
    """Every face of a picture with its score against one enrolled face."""
    _require_faces(found.analysis)
    return {"result": _compared(found, wish), **_versions(found.analysis, wish)}


def subjects(verdict: SearchVerdict, decided: Identified, wish: Wish) -> list[Json]:
    """The subjects of a face, the likeliest first; scores never rise from one to the next."""
    rate, match = decided.threshold.fmr or 1.0, verdict.match
    # A key that may not browse is told of matches alone; clients need one subject at least.
    named = wish.unknown == "named" or (wish.unknown == "nearest" and decided.only_matches_named)
    if match is None and named:
        return [_subject(UNKNOWN_NAME, COMPREFACE.lowest)]
    rows = []
    score = COMPREFACE.highest_unknown
    if match is not None:
        score = COMPREFACE.score(match.curve_fmr, rate, known=True)
        rows.append(_subject(match.subject.name, score))
    if wish.unknown != "nearest":
        return rows
    for one in verdict.candidates:
        if match is None or one.subject.id != match.subject.id:
            alike = match is not None and one.curve_fmr is not None and one.curve_fmr <= rate
            score = min(score, COMPREFACE.score(one.curve_fmr, rate, known=alike))
            rows.append(_subject(one.subject.name, score))
    return rows[: wish.parameters.predictions]


def embeddings(given: Sequence[Sequence[float]], decided: Identified, wish: Wish) -> Json:
    """Every embedding with its subjects."""
    pairs = zip(given, decided.verdicts, strict=True)
    return {
        "result": [
            {"embedding": one, "similarities": subjects(verdict, decided, wish)}
            for one, verdict in pairs
        ]
    }


def compared_embeddings(
    given: Sequence[Sequence[float]], verdicts: Sequence[ComparisonVerdict]
) -> Json:
    """Every embedding with its score."""
    pairs = zip(given, verdicts, strict=True)
    return {
        "result": [
            {"embedding": one, "similarity": COMPREFACE.compared(verdict)} for one, verdict in pairs
        ]
    }


def plugin_of(wish: Wish, gallery: Collection) -> str | None:
    """The encoder that a detection has to run for the plugins, if any."""
    return gallery.encoder if "calculator" in wish.shown else None


def _subject(name: str, score: float) -> Json:
    return {"subject": name, "similarity": score}


def _compared(found: ComparedPicture, wish: Wish) -> list[Json]:
    return [
        {**_face(face, found.analysis, wish), "similarity": COMPREFACE.compared(verdict)}
        for face, verdict in zip(found.analysis.faces, found.verdicts, strict=True)
    ]


def _face(face: Face, analysis: ImageAnalysis, wish: Wish) -> Json:
    shown = wish.shown
    fields: Json = {"box": _box(face, analysis)}
    if "landmarks" in shown:
        fields["landmarks"] = [[round(float(x)), round(float(y))] for x, y in face.landmarks]
    if "pose" in shown:
        pose = face.pose
        angles: Mapping[str, float] = {"pitch": pose.pitch, "roll": pose.roll, "yaw": pose.yaw}
        fields["pose"] = {name: round(float(angle), _DIGITS) for name, angle in angles.items()}
    if face.mask is not None:
        value, probability = _MASKS[face.mask.value], round(face.mask.probability, _DIGITS)
        fields["mask"] = {"probability": probability, "value": value}
    if "calculator" in shown:
        fields["embedding"] = face.require_embedding().tolist()
    return fields


def _box(face: Face, analysis: ImageAnalysis) -> Json:
    """Whole pixels inside the picture: clients cut it out."""
    box = face.box
    return {
        "probability": round(float(face.probability), _DIGITS),
        "x_max": _within(box.x + box.width, analysis.width),
        "y_max": _within(box.y + box.height, analysis.height),
        "x_min": _within(box.x, analysis.width),
        "y_min": _within(box.y, analysis.height),
    }


def _within(place: float, length: int) -> int:
    return min(max(round(float(place)), 0), length)


def _versions(analysis: ImageAnalysis, wish: Wish) -> Json:
    """The models behind the answer, if the caller wants to know."""
    if not wish.parameters.status:
        return {}
    versions = {"detector": analysis.detector}
    versions |= {name: analysis.detector for name in ("landmarks", "pose") if name in wish.shown}
    if analysis.mask_teller:
        versions["mask"] = analysis.mask_teller
    if "calculator" in wish.shown and analysis.encoder:
        versions["calculator"] = analysis.encoder
    return {"plugins_versions": versions}


def _require_faces(analysis: ImageAnalysis) -> None:
    if not analysis.faces:
        choose_face(analysis.faces, min_face=analysis.min_face)
