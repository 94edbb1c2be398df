"""How Hypothesis looks for counterexamples: the same ones on CI, unless a seed is stated.

No example has a deadline: a loaded machine overtakes any.
"""

import pytest
from hypothesis import HealthCheck, settings

from tests.skips import on_ci


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile(
        "facet",
        database=None,
        deadline=None,
        derandomize=on_ci() and config.getoption("hypothesis_seed") is None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("facet")
