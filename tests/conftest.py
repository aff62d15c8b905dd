"""Which tests stay together where several processes share them (`pytest -n 2 --dist loadgroup`)."""

from __future__ import annotations

import pytest

WITH_BROWSER = "chromium"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of a file, for its fixtures; and all that need the browser: one Chromium, installed once."""
    for item in items:
        in_browser = "browser" in getattr(item, "fixturenames", ())
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(WITH_BROWSER if in_browser else file))
