"""Figures of evaluation against naive loops from their definitions."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from tests.made_up_galleries import pairs_among, people, unit
from training.encoders.measuring.groups import group_report, read_groups
from training.encoders.measuring.identification import (
    Search,
    cumulative_match,
    detection_identification_rate,
    identification_report,
)
from training.encoders.measuring.nearest import nearest_impostors
from training.encoders.measuring.verification import verification_report
from training.measure import metrics
from training.measure.bootstrap import confidence_intervals, identity_weights
from training.measure.errors import EvaluationError
from training.measure.impostors import cross_identity_histogram, histogram_between
from training.measure.pairs import pairs_of


def test_histogram_between_counts_every_pair_of_different_people() -> None:
    rng = np.random.default_rng(1)
    first, second = unit(rng, 30), unit(rng, 20)
    a, b = [str(i % 7) for i in range(30)], [str(i % 5) for i in range(20)]
    histogram = histogram_between(first, a, second, b)
    naive = [
        float(x @ y)
        for x, i in zip(first, a, strict=True)
        for y, j in zip(second, b, strict=True)
        if i != j
    ]
    assert histogram.total == len(naive)
    for fmr in (0.5, 0.1, 0.01):
        threshold = histogram.threshold(fmr)
        assert np.mean(np.array(naive) >= threshold) <= fmr
        assert np.mean(np.array(naive) >= threshold - 2e-5) > fmr - 1 / len(naive)


def test_histogram_of_a_set_with_itself_counts_each_pair_twice() -> None:
    rows, names = unit(np.random.default_rng(0), 40), [str(i % 9) for i in range(40)]
    once = cross_identity_histogram(rows, names)
    twice = histogram_between(rows, names, rows, names)
    assert np.abs(twice.counts - 2 * once.counts).sum() <= 8  # rounding at the edges of bins
    assert twice.total == 2 * once.total


def test_weights_count_comparisons_as_repetition_does() -> None:
    rng = np.random.default_rng(2)
    same = rng.random(60) < 0.5
    scores = rng.normal(same * 0.8, 1.0).round(1)  # with ties
    weights = rng.integers(0, 4, 60).astype(np.float64)
    times = weights.astype(int)
    long_scores, long_same = np.repeat(scores, times), np.repeat(same, times)
    weighted = metrics.Ranking(scores, same).roc(weights)
    assert weighted.area() == pytest.approx(metrics.area_under_curve(long_scores, long_same))
    assert weighted.equal_error_rate() == pytest.approx(
        metrics.equal_error_rate(long_scores, long_same)
    )
    fars = [0.05, 0.3]
    assert weighted.true_accept_rates(fars) == pytest.approx(
        metrics.true_accept_rates(long_scores, long_same, fars)
    )


def test_the_curve_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    same = rng.random(200) < 0.4
    scores = rng.normal(same * 0.8, 1.0).round(1)
    roc = metrics.Ranking(scores, same).roc()
    fmr, tmr, _ = roc_curve(same, scores, drop_intermediate=False)
    assert roc.fmr == pytest.approx(fmr)
    assert roc.tmr == pytest.approx(tmr)
    assert roc.area() == pytest.approx(roc_auc_score(same, scores))


def test_a_bootstrap_draws_people_not_pairs() -> None:
    pairs = np.array([[0, 0], [0, 1], [2, 1], [2, 2]])
    rng, copy = np.random.default_rng(5), np.random.default_rng(5)
    for _ in range(20):
        weights = identity_weights(pairs, rng)
        drawn = copy.integers(3, size=3).tolist()
        count = [drawn.count(i) for i in range(3)]
        assert weights.tolist() == [count[0], count[0] * count[1], count[2] * count[1], count[2]]


def test_intervals_hold_the_figure_and_shrink_with_more_people() -> None:
    widths = []
    for count in (12, 60):
        gallery = people(count, 3, spread=1.4)
        table = pairs_among(gallery)
        report = verification_report(gallery, table)
        intervals = report["confidence_95"]
        for name in ("accuracy", "auc", "eer"):
            low, high = intervals[name]
            assert low <= report[name] <= high
        for kind in ("tar_at_far", "fnmr"):
            assert intervals[kind].keys() == report[kind].keys()
        low, high = intervals["fnmr"]["1e-2"]
        assert low <= report["fnmr"]["1e-2"] <= high
        widths.append(intervals["auc"][1] - intervals["auc"][0])
    assert widths[1] < 0.7 * widths[0]


def test_intervals_are_those_of_a_naive_bootstrap() -> None:
    gallery = people(25, 3, spread=1.4)
    table = pairs_among(gallery)
    scores, same = gallery.similarities(table), np.array([p.same for p in table])
    right = (scores > 0.4) == same
    numbers = gallery.people_of(table)
    quick = confidence_intervals(numbers, scores, same, right, {"1e-1": 0.1}, {"x": 0.4}, 600)
    rng = np.random.default_rng(9)
    values = []
    for _ in range(600):
        drawn = rng.integers(25, size=25).tolist()
        kept = [
            right[i]
            for i, (a, b) in enumerate(numbers)
            for _ in range(drawn.count(a) * (1 if a == b else drawn.count(b)))
        ]
        values.append(np.mean(kept))
    assert quick["accuracy"] == pytest.approx(np.percentile(values, [2.5, 97.5]), abs=0.015)
    assert 0 <= quick["fnmr"]["x"][0] < quick["fnmr"]["x"][1] <= 1


def test_ranks_and_rates_of_identification_against_loops() -> None:
    rng = np.random.default_rng(3)
    scores = rng.random((300, 12)).astype(np.float32).round(2)
    truth = np.where(rng.random(300) < 0.5, rng.integers(0, 12, 300), -1)
    scores[np.arange(300), np.maximum(truth, 0)] += np.float32(0.3)
    search = Search(scores, truth)
    ranks = [sum(row >= row[t]) for row, t in zip(scores, truth, strict=True) if t >= 0]
    assert search.ranks().tolist() == ranks
    assert cumulative_match(search.ranks(), 3).tolist() == [
        np.mean([rank <= n for rank in ranks]) for n in (1, 2, 3)
    ]
    rates, thresholds = detection_identification_rate(search, {"1e-1": 0.1, "1e-2": 0.01})
    for key, fpir in (("1e-1", 0.1), ("1e-2", 0.01)):
        threshold = thresholds[key]
        alarms = [row.max() >= threshold for row, t in zip(scores, truth, strict=True) if t < 0]
        assert np.mean(alarms) <= fpir
        hits = [
            row[t] >= threshold and sum(row >= row[t]) == 1
            for row, t in zip(scores, truth, strict=True)
            if t >= 0
        ]
        assert rates[key] == pytest.approx(np.mean(hits))


def test_identification_enrols_one_picture_and_probes_with_the_rest() -> None:
    gallery = people(20, 3, spread=0.2, lost=(0, 5))
    report, cmc = identification_report(gallery, 8, seed=1)
    assert report["closed_set"] | {"cmc": None} == {"gallery": 20, "probes": 40, "cmc": None}
    # Picture 0 is not enrolled, having no face, but is a probe that finds nobody; so is 5.
    assert report["closed_set"]["cmc"]["1"] == pytest.approx(38 / 40)
    assert len(cmc) == 20
    assert report["open_set"]["gallery"] == 8
    assert report["open_set"]["mated_probes"] == 16
    assert report["open_set"]["unmated_probes"] == 36
    assert report["open_set"]["dir"]["1e-2"] > 0.7
    assert identification_report(gallery, 8, seed=1)[0] == report


def test_identification_refuses_what_it_cannot_measure() -> None:
    with pytest.raises(EvaluationError, match="two people"):
        identification_report(people(5, 1), None, 0)
    with pytest.raises(EvaluationError, match="not possible"):
        identification_report(people(5, 2), 5, 0)


def test_groups_are_measured_at_common_thresholds(tmp_path: Path) -> None:
    gallery = people(12, 3, spread=1.0)
    table = pairs_among(gallery)
    rows = "".join(f"{i:02}\t{'young' if i < 4 else 'old'}\n" for i in range(11))
    (tmp_path / "groups.tsv").write_text("identity\tage\n" + rows)
    groups = read_groups(tmp_path / "groups.tsv", "age")
    report = group_report(gallery, table, groups, {"1e-2": 0.6})
    assert set(report) == {"young", "old"}
    assert report["young"]["identities"] == 4
    assert report["old"]["genuine_pairs"] == 7 * 3
    young = [i for i, name in enumerate(gallery.identities) if name < "04"]
    strangers = [
        float(gallery.embeddings[a] @ gallery.embeddings[b])
        for a, b in combinations(young, 2)
        if gallery.identities[a] != gallery.identities[b]
    ]
    assert report["young"]["fmr"]["1e-2"] == pytest.approx(np.mean(np.array(strangers) >= 0.6))
    own = [
        s
        for p, s in zip(table, gallery.similarities(table), strict=True)
        if p.same and p.first[:2] < "04"
    ]
    assert report["young"]["fnmr"]["1e-2"] == pytest.approx(np.mean(np.array(own) < 0.6))


def test_group_tables_are_checked(tmp_path: Path) -> None:
    table = tmp_path / "groups.csv"
    table.write_text("identity,age\nA,\n")
    with pytest.raises(EvaluationError, match="puts nobody"):
        read_groups(table, "age")
    with pytest.raises(EvaluationError, match="identity and sex"):
        read_groups(table, "sex")


def test_nearest_impostors_are_the_most_similar_strangers() -> None:
    gallery = people(30, 2, spread=1.0)
    labels = np.array([int(name) for name in gallery.identities])
    found = nearest_impostors(gallery.embeddings, labels, 5)
    naive = sorted(
        (
            -float(gallery.embeddings[a] @ gallery.embeddings[b])
            for a, b in combinations(range(60), 2)
            if labels[a] != labels[b]
        ),
    )
    assert found[0].similarity == pytest.approx(-naive[0])
    assert len({i for pair in found for i in (pair.first, pair.second)}) == 10
    assert all(labels[p.first] != labels[p.second] for p in found)
    assert [p.similarity for p in found] == sorted((p.similarity for p in found), reverse=True)


def test_folds_are_chosen_by_number(tmp_path: Path) -> None:
    table = tmp_path / "pairs.tsv"
    lines = [f"{fold}\ta\tb\t{same}\n" for fold in (1, 2, 3) for same in (0, 1)]
    table.write_text("fold\tfirst\tsecond\tsame\n" + "".join(lines))
    assert {p.fold for p in pairs_of(table, "1,3")} == {1, 3}
    assert len(pairs_of(table, None)) == 6
    with pytest.raises(EvaluationError, match="no fold 7"):
        pairs_of(table, "2,7")
    with pytest.raises(EvaluationError, match="takes numbers"):
        pairs_of(table, "first")
