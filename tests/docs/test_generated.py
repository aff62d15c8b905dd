"""Generated pages are what the code says now."""

from pathlib import Path

import pytest

from docs import refresh, rubric_pages
from qa.cli.main import COMMANDS


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("settings.md", refresh.settings_page),
        ("commands.md", refresh.commands_page),
        ("rubrics.md", lambda: rubric_pages.page("en")),
        ("rubrics.ja.md", lambda: rubric_pages.page("ja")),
    ],
)
def test_page_is_fresh(page: str, made: object) -> None:
    assert callable(made)
    assert (refresh.DOCS / page).read_text(encoding="utf-8") == made(), "run `make docs`"


def test_readme_names_only_commands_that_exist() -> None:
    import re

    text = refresh.README.read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:\S*/)?qa ([a-z]+)", text, re.MULTILINE)) | set(
        re.findall(r"`qa ([a-z]+)", text)
    )
    assert {"init", "run", "show"} <= named
    assert named <= set(COMMANDS)


def test_links_lead_somewhere() -> None:
    import re

    for page in (refresh.README, *refresh.DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert Path(page.parent, target).exists(), f"{page.name}: {target}"
