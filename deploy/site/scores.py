"""The page of scores: values of every format against false-match rates, by the encoder's curve."""

from collections.abc import Mapping, Sequence

from app.domain.deciding.disclosure import UNLIKE_FMR, rounded_rate
from app.domain.deciding.identification import DEFAULT_FMR, DEFAULT_FPIR, rate_of_one
from app.domain.deciding.scales import COMPREFACE, DEEPSTACK, REKOGNITION, Scale
from models.registry.curve import ThresholdCurve
from models.registry.directories import BUILT_IN
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest

SCALES: Mapping[str, Scale] = {
    "CompreFace": COMPREFACE,
    "DeepStack": DEEPSTACK,
    "Rekognition": REKOGNITION,
}
_BEGINNING = """# Scores of all formats

```sh
python -m deploy.site      # writes this page, by the curve of the encoder that is in use by default
```

A score of a wire format stands for a false-match rate, not for a similarity:
[wire formats](wire-formats.md#scores) says how it is made of one. This page is made from the code
that answers and from the calibrated curve of `{key}`, measured by {impostors:,}
comparisons of strangers ({data}). Another encoder has other
similarities at the same rates, and the same scores.

## Two faces compared

Decided at a rate of {compared:g}, as all comparisons are where nobody says otherwise.

{comparisons}

## A search among {enrolled:,} subjects

Decided at {searched:.3g} for each subject, so that one stranger in a hundred is taken for
somebody: the rate that collections have unless they are given another. DeepStack's `recognize`
names strangers `unknown` with 0, and Rekognition's searches leave them out unless the client's
threshold is lower than theirs.

{searches}

## Cuts of clients

The share of the rate that was decided at which a client's own cut stands for. Between the highest
score of an unknown face and the customary cut nothing is ever answered, so all cuts there decide
as Facet does.

{cuts}
"""
_COMPARED = (0.1, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
_SEARCHED = (1e-2, 1e-3, 1e-4, 2e-5, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
_ENROLLED = 1000
_CUTS: Mapping[str, tuple[float, ...]] = {
    "CompreFace": (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
    "DeepStack": (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
    "Rekognition": (30, 50, 80, 85, 90, 95, 97.5, 99.5),
}
"""Cuts of clients; those of one column of the table stand for one rate, or nearly."""


def scores_page() -> str:
    """The whole page: comparisons, searches, and what a client's own cut stands for."""
    manifest = _default_encoder()
    curve, measured = manifest.threshold_curve, manifest.curve
    assert measured is not None  # noqa: S101 - the default encoder is calibrated
    among = rate_of_one(DEFAULT_FPIR, _ENROLLED)
    return _BEGINNING.format(
        key=manifest.key,
        impostors=measured.impostors,
        data=measured.data,
        compared=DEFAULT_FMR,
        comparisons="\n".join(_table(curve, _COMPARED, DEFAULT_FMR)),
        enrolled=_ENROLLED,
        searched=among,
        searches="\n".join(_table(curve, _SEARCHED, among)),
        cuts="\n".join(_cuts()),
    )


def _default_encoder() -> EncoderManifest:
    """The default encoder of those that come along, whatever this machine has beside."""
    found = [read_manifest(path) for path in sorted(BUILT_IN.rglob("encode-faces/*.toml"))]
    (one,) = [one for one in found if one.default]
    assert isinstance(one, EncoderManifest)  # noqa: S101
    return one


def _table(curve: ThresholdCurve, rates: Sequence[float], decided: float) -> list[str]:
    """Rows by falling rate, and the threshold's own twice: what is just below it, and on it."""
    head = ["false-match rate", "similarity", "decision", *SCALES]
    rows = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    shown = sorted({*rates, decided}, reverse=True)
    for rate in shown:
        known = rate <= decided
        if rate == decided:
            rows.append(_row(curve, rate, decided, known=False))
        rows.append(_row(curve, rate, decided, known=known))
    return rows


def _row(curve: ThresholdCurve, rate: float, decided: float, *, known: bool) -> str:
    # What an answer is made of is a rounded rate, or none where the faces are too unlike.
    disclosed = None if rate > UNLIKE_FMR else rounded_rate(rate)
    if rate == decided:
        disclosed = decided
    place = "just above " if rate == decided and not known else ""
    cells = [
        f"{place}{rate:.3g}",
        f"{curve.similarity(rate):.3f}",
        "known" if known else "unknown",
        *(f"{scale.score(disclosed, decided, known=known):g}" for scale in SCALES.values()),
    ]
    return f"| {' | '.join(cells)} |"


def _cuts() -> list[str]:
    rows = []
    for name, cuts in _CUTS.items():
        scale = SCALES[name]
        shares = [f"{scale.rate(cut, DEFAULT_FMR) / DEFAULT_FMR:.2g}" for cut in cuts]
        cells = [f"{cut:g}: {share}" for cut, share in zip(cuts, shares, strict=True)]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    count = max(len(cuts) for cuts in _CUTS.values())
    return [f"| format |{' cut: share |' * count}", f"|{' --- |' * (count + 1)}", *rows]
