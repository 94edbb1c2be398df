"""Enforcement of a collection's policy on what callers ask for."""

from dataclasses import replace

from app.domain.deciding.identification import (
    DEFAULT_FMR,
    DEFAULT_FPIR,
    Threshold,
    identification_threshold,
)
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.errors.gallery import OutsidePolicyError
from app.domain.gallery import Policy
from models.registry.curve import ThresholdCurve


def permitted_search(policy: Policy, terms: SearchTerms) -> SearchTerms:
    """The terms with the rate at which the collection operates.

    Raises OutsidePolicyError for a laxer rate, and for any where callers may name none. Whether a
    similarity is too lax depends on the number of subjects: see `require_strictness`.
    """
    operating = operating_fpir(policy)
    _require_permitted(policy, terms.fpir, terms.similarity_threshold, policy.max_fpir, operating)
    return replace(terms, operating=operating)


def permitted_comparison(policy: Policy, terms: ComparisonTerms) -> ComparisonTerms:
    """The terms with the rate at which claims are decided; raises as `permitted_search` does."""
    operating = min(DEFAULT_FMR, policy.max_fmr or DEFAULT_FMR)
    _require_permitted(policy, terms.fmr, terms.similarity_threshold, policy.max_fmr, operating)
    return replace(terms, operating=operating)


def operating_threshold(policy: Policy, curve: ThresholdCurve, subjects: int) -> Threshold:
    """The threshold of a search among so many subjects whose caller names none."""
    return identification_threshold(curve, subjects, operating=operating_fpir(policy))


def require_strictness(
    policy: Policy, threshold: Threshold, curve: ThresholdCurve, subjects: int
) -> Threshold:
    """The threshold of a search. Raises OutsidePolicyError where the similarity is too low for
    the laxest rate among so many subjects.
    """
    if policy.max_fpir is not None:
        laxest = identification_threshold(curve, subjects, fpir=policy.max_fpir)
        _require_similarity(threshold, laxest)
    return threshold


def require_strict_claim(
    policy: Policy, threshold: Threshold, curve: ThresholdCurve | None
) -> Threshold:
    """The threshold of a claim. Raises OutsidePolicyError likewise; without a curve no rate of a
    similarity is known, so that none is taken under a policy that names one.
    """
    if policy.max_fmr is not None:
        rate = policy.max_fmr
        laxest = Threshold(2.0 if curve is None else curve.similarity(rate), rate)
        _require_similarity(threshold, laxest)
    return threshold


def permitted_quality(policy: Policy, asked: float | None) -> float | None:
    """The quality that an enrolled face needs; None leaves it to the service.

    Raises OutsidePolicyError for less than the policy asks for.
    """
    if asked is None or policy.min_quality is None:
        return policy.min_quality if asked is None else asked
    if asked < policy.min_quality:
        raise OutsidePolicyError(
            f"The collection enrolls no face of less quality than {policy.min_quality:g}.",
            limit=policy.min_quality,
        )
    return asked


def operating_fpir(policy: Policy) -> float:
    """The rate of a search whose caller names none."""
    return min(DEFAULT_FPIR, policy.max_fpir or DEFAULT_FPIR)


def _require_permitted(
    policy: Policy,
    rate: float | None,
    similarity: float | None,
    laxest: float | None,
    operating: float,
) -> None:
    named = similarity is not None or rate not in (None, operating)
    if named and not policy.own_thresholds:
        raise OutsidePolicyError("The collection lets nobody name thresholds of their own.")
    if rate is not None and laxest is not None and rate > laxest:
        raise OutsidePolicyError(
            f"The collection decides at rates of {laxest:g} at most.", limit=laxest
        )


def _require_similarity(threshold: Threshold, laxest: Threshold) -> None:
    if threshold.similarity < laxest.similarity - 1e-9:
        raise OutsidePolicyError(
            f"The similarity is below that of the collection's laxest rate, {laxest.fmr:g} for "
            "one comparison.",
            hint="Ask for a higher one, or name a rate.",
        )
