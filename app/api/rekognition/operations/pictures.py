"""Operations on pictures that store nothing: detection and comparison."""

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer, box, compared_face, face_detail, percent
from app.api.rekognition.scores import MIN_QUALITY, compared, comparison_terms
from app.domain.errors.pictures import NoFaceError
from app.domain.faces import AnalysisOptions, Face
from app.services.deciding.verification import VerificationOptions


def detect(call: Call, asked: requests.DetectFaces) -> Answer:
    """Find faces, largest first."""
    found = call.cases.detection.detect(call.picture(asked.image), AnalysisOptions())
    return {"FaceDetails": [face_detail(face, found) for face in found.faces]}


def compare(call: Call, asked: requests.CompareFaces) -> Answer:
    """Compare the largest face of a picture with all of another."""
    terms = comparison_terms(asked.similarity_threshold)
    found = call.cases.verifier.compare_with_all(
        call.picture(asked.source_image),
        call.picture(asked.target_image),
        VerificationOptions(fmr=terms.fmr, face="largest"),
    )
    source, meant, target = found.reference, found.meant, found.analysis
    assert source is not None and meant is not None  # noqa: S101 (two pictures were sent)
    least = MIN_QUALITY[asked.quality_filter]
    if least is None:
        least = call.edge.settings.min_enrolment_quality
    if meant.quality.score < least:
        raise NoFaceError("The largest face of the source picture is below the quality filter.")
    pairs = [
        (face, verdict)
        for face, verdict in zip(target.faces, found.verdicts, strict=True)
        if face.quality.score >= least
    ]
    if not pairs:
        raise NoFaceError("The target picture has no face.")

    def shown(face: Face) -> Answer:
        return compared_face(face, target)

    alike = [
        {"Similarity": compared(verdict, asked.similarity_threshold), "Face": shown(face)}
        for face, verdict in pairs
        if verdict.match
    ]
    return {
        "SourceImageFace": {
            "BoundingBox": box(meant.box, source.width, source.height),
            "Confidence": percent(meant.probability),
        },
        "FaceMatches": sorted(alike, key=lambda match: -match["Similarity"]),
        "UnmatchedFaces": [shown(face) for face, verdict in pairs if not verdict.match],
    }
