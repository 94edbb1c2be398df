"""The work of DeepStack's routes, as fields of their answers. Runs where networks may run."""

from typing import Any

from app.api.deepstack.forms import Form
from app.api.deepstack.shapes import corners, counted
from app.domain.deciding.disclosure import UNLIKE_FMR
from app.domain.deciding.identification import rate_among, rate_of_one
from app.domain.deciding.policy import operating_fpir
from app.domain.deciding.scales import DEEPSTACK
from app.domain.deciding.verdicts import NamedCandidate
from app.domain.errors.pictures import NoFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import AnalysisOptions
from app.services.deciding.recognition import RecognitionOptions
from app.services.deciding.verification import VerificationOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.use_cases import UseCases

_MOST_NAMES, _PAGE = 10_000, 500
_DIGITS = 4
UNKNOWN = "unknown"


def detect(cases: UseCases, form: Form) -> dict[str, Any]:
    """The faces of the picture.

    A `min_confidence` below the detector's own threshold changes nothing: what lies below it are
    seldom faces.
    """
    wanted = AnalysisOptions()
    least = max(wanted.min_probability, form.min_confidence() or 0.0)
    (image,) = form.images.values()
    found = cases.detection.detect(image, AnalysisOptions(min_probability=least))
    predictions = [
        {"confidence": round(face.probability, _DIGITS), **corners(face.box, found)}
        for face in found.faces
    ]
    return {"predictions": predictions, "message": counted(predictions, "face")}


def recognize(cases: UseCases, collection: str, form: Form) -> dict[str, Any]:
    """The people in the picture; strangers are `unknown` with confidence 0."""
    (image,) = form.images.values()
    options = _terms(cases, collection, form.min_confidence())
    found = cases.recognizer.recognize(collection, image, options)
    usual = operating_fpir(found.collection.policy)
    operating = rate_of_one(usual, found.decided.enrolled_subjects)
    decided = found.decided.threshold.fmr or operating
    predictions = [
        {**_known(one.verdict.match, decided, operating), **corners(one.face.box, found.analysis)}
        for one in found.faces
    ]
    message = counted(predictions, "face")
    until = found.decided.withheld.until
    if until is not None:
        message += f"; exact confidences are withheld until {until.isoformat(timespec='seconds')}"
    return {"predictions": predictions, "message": message}


def register(cases: UseCases, collection: str, form: Form) -> dict[str, Any]:
    """Enrol every picture; fields of a failure, with `error`, when none could be used."""
    name = form.text("userid")
    if name == UNKNOWN:
        hint = "Strangers are answered with this name: choose another."
        raise InvalidRequestError.of_field("userid", f"cannot be {UNKNOWN!r}", hint)
    done = cases.named_enroller.enrol(
        collection, name, list(form.images.values()), EnrolmentOptions()
    )
    refused = [
        {"image": field, "error": f"{one.error.message} {one.error.hint}".strip()}
        for field, one in zip(form.images, done.results, strict=True)
        if one.error is not None
    ]
    if len(refused) == len(done.results):
        no_face = all(isinstance(one.error, NoFaceError) for one in done.results)
        error = "No face detected" if no_face else refused[0]["error"]
        return {"error": error, "refused": refused}
    said: dict[str, Any] = {"message": "face added" if done.made else "face updated"}
    if refused:
        said["message"] += f"; {len(refused)} of {counted(done.results, 'picture')} refused"
        said["refused"] = refused
    return said


def match(cases: UseCases, form: Form) -> dict[str, Any]:
    """The likeness of two pictures' faces; from the cut on they are one person's."""
    reference, probe = form.images.values()
    compared = cases.verifier.compare(reference, probe, VerificationOptions())
    return {"similarity": DEEPSTACK.compared(compared.verdict)}


def names(cases: UseCases, collection: str) -> dict[str, Any]:
    """Names of the people who have faces; `message` says so where they are too many."""
    found: list[str] = []
    after: str | None = None
    while len(found) <= _MOST_NAMES:
        page = cases.subjects.list(collection, after=after, limit=_PAGE)
        found += [one.subject.name for one in page if one.faces]
        if len(page) < _PAGE:
            break
        after = page[-1].subject.id
    if len(found) <= _MOST_NAMES:
        return {"faces": found}
    return {"faces": found[:_MOST_NAMES], "message": f"the first {_MOST_NAMES} of more"}


def delete(cases: UseCases, collection: str, form: Form) -> dict[str, Any]:
    """Erase a person. One who is not there is a success: clients delete before they train."""
    found = cases.subjects.find(collection, form.text("userid"))
    if found is None:
        return {"message": "there was no such face"}
    cases.erasure.subject(collection, found.id)
    return {"message": "face deleted"}


def _terms(cases: UseCases, collection: str, wanted: float | None) -> RecognitionOptions:
    """The terms for a confidence; without one, and for any between the strangers' and the cut,
    those of the collection.

    So it is where the collection lets nobody name thresholds, or none that are laxer: these
    clients send one with every request, and cannot leave it out.
    """
    if wanted is None or DEEPSTACK.decides_alike(wanted):
        return RecognitionOptions(candidates=1)
    gallery = cases.collections.get(collection)
    rules = gallery.policy
    if not rules.own_thresholds or (wanted < DEEPSTACK.cut and rules.max_fpir is not None):
        return RecognitionOptions(candidates=1)
    subjects, _ = cases.collections.sizes([gallery])[gallery.id]
    operating = rate_of_one(operating_fpir(rules), subjects)
    # Of less alike faces nobody is told anything, so nobody is named for them either.
    asked = min(DEEPSTACK.rate(wanted, operating), max(UNLIKE_FMR, operating))
    return RecognitionOptions(candidates=1, fpir=rate_among(asked, subjects))


def _known(found: NamedCandidate | None, decided: float, operating: float) -> dict[str, Any]:
    if found is None:
        return {"userid": UNKNOWN, "confidence": 0}
    return {
        "userid": found.subject.name,
        "confidence": DEEPSTACK.found(found.curve_fmr, decided, operating),
    }
