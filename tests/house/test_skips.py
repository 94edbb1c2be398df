"""On CI a skip is a failure, and tests without their pictures are not collected."""

import pytest

pytest_plugins = "pytester"

TESTS = """
import pytest

@pytest.mark.shared_data("nothing/of/this/name")
def test_pictures():
    pass

def test_skipped():
    pytest.skip("no such thing here")

@pytest.mark.xfail(reason="known")
def test_known():
    assert False

def test_sound():
    pass
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(TESTS)
    return pytester


def test_elsewhere_they_are_skipped_with_a_reason(inner: pytest.Pytester) -> None:
    result = inner.runpytest("-p", "tests.skips", "-rs")
    result.assert_outcomes(passed=1, skipped=2, xfailed=1)
    result.stdout.fnmatch_lines(["*there is no */shared/data/nothing/of/this/name"])


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_on_ci_a_skip_fails_and_missing_pictures_are_counted(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    result = inner.runpytest("-p", "tests.skips", *workers)
    assert result.parseoutcomes()["failed"] == 1
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines(["*no such thing here: nothing may be skipped on CI"])
    result.stdout.fnmatch_lines(["1 tests were left out: they need */shared/data"])


def test_on_ci_a_skipped_module_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_package')")
    result = pytester.runpytest("-p", "tests.skips")
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*nothing may be skipped on CI"])
