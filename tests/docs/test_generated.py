"""Generated pages are what the code says now."""

from pathlib import Path

import pytest

from docs import api_page, refresh, rubric_pages
from qa.cli.main import COMMANDS


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("settings.md", refresh.settings_page),
        ("commands.md", refresh.commands_page),
        ("api.md", api_page.page),
        ("rubrics.md", lambda: rubric_pages.page("en")),
        ("rubrics.ja.md", lambda: rubric_pages.page("ja")),
    ],
)
def test_page_is_fresh(page: str, made: object) -> None:
    assert callable(made)
    assert (refresh.DOCS / page).read_text(encoding="utf-8") == made(), "run `make docs`"


@pytest.mark.parametrize("readme", refresh.READMES, ids=lambda path: path.name)
def test_readme_names_only_commands_that_exist(readme: Path) -> None:
    import re

    text = readme.read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:\S*/)?qa ([a-z]+)", text, re.MULTILINE)) | set(
        re.findall(r"`qa ([a-z]+)", text)
    )
    assert {"init", "run", "show"} <= named
    assert named <= set(COMMANDS)


def test_every_guide_is_there_in_both_languages() -> None:
    from qa.review.routes.guides import GUIDES

    for name in GUIDES:
        ja, en = ((refresh.DOCS / "guides" / f"{name}.{code}.md").read_text("utf-8") for code in ("ja", "en"))
        for mark in ("\n## ", "\n![", "\n```sh"):
            assert ja.count(mark) == en.count(mark), f"{name}: one language says more than the other"


def test_links_lead_somewhere() -> None:
    import re

    guides = (refresh.DOCS / "guides").glob("*.md")
    for page in (*refresh.READMES, *refresh.DOCS.glob("*.md"), *guides):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert Path(page.parent, target).exists(), f"{page.name}: {target}"
