"""axe-core finds nothing on any page: both languages, both themes, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.review.browser.conftest import SignIn

pytestmark = [pytest.mark.models, pytest.mark.slow]
CALL = "/call/en-02-cancel-broadband-stereo"
LEADS = ("/queue?show=all", CALL, "/calibration", "/account", "/team", "/trust", "/disputes", "/guide/leads")
AGENTS = ("/mine", "/mine/calls", CALL, "/disputes", "/guide/agents")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = (
    ("en", "light", 1440),
    ("ja", "dark", 1440),
    ("ja", "light", 390),
    ("en", "dark", 390),
)


def violations(page: Page) -> list[str]:
    """What axe finds: rule and element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
@pytest.mark.parametrize(("name", "paths"), [("lead", LEADS), ("gareth", AGENTS), ("admin", ("/audit",))])
def test_no_violation_and_nothing_sticks_out(
    name: str, paths: tuple[str, ...], language: str, theme: str, width: int, enter: SignIn
) -> None:
    page = enter(name, language, color_scheme=theme, viewport={"width": width, "height": 900})
    found = {}
    for path in paths:
        page.goto(path)
        if wrong := violations(page):
            found[path] = wrong
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {}


def test_the_sign_in_page(browser: object, desk: str) -> None:
    page = browser.new_page(base_url=desk)  # type: ignore[attr-defined]
    page.goto("/sign-in")
    assert violations(page) == []
    page.close()
