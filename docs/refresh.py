"""Write the generated pages again: `python docs/refresh.py` (or `make docs`).

docs/settings.md, docs/commands.md and docs/api.md come from the code, docs/rubrics.md and
docs/rubrics.ja.md from rubrics/; a test fails when they are stale. With `--readme DB`, the real output
between the markers of README.md and README.ja.md is taken from a database that `make demo` filled.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a script, only docs/ is on the path

from docs import api_page, rubric_pages  # noqa: E402
from qa import settings  # noqa: E402
from qa.cli.main import cli  # noqa: E402

DOCS = Path(__file__).parent
READMES = (DOCS.parent / "README.md", DOCS.parent / "README.ja.md")
GENERATED = "<!-- Written by docs/refresh.py. Change the code, then run `make docs`. -->"


def settings_page() -> str:
    """docs/settings.md: every setting, from `qa.settings.table()`."""
    lines = [
        "# Settings",
        "",
        GENERATED,
        "",
        "Trust, highest first: a flag, an environment variable (`QA_` and the name in capitals), `qa.toml`,",
        "the default. `qa init` writes a `qa.toml` with all of them. In the environment, lists are separated",
        "by commas and tables are JSON.",
        "",
    ]
    for section, title in settings.SECTIONS.items():
        lines += [
            f"## [{section}] {title}",
            "",
            "| setting | default | environment | what it does |",
            "|---|---|---|---|",
        ]
        for owner, name, default, help in settings.table():
            if owner == section:
                shown = "the user's cache folder" if name in settings.BY_MACHINE else f"`{default}`"
                lines.append(f"| `{name}` | {shown} | `QA_{name.upper()}` | {_cell(help)} |")
        lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    """docs/commands.md: the help page of every command."""
    parts = ["# Commands", "", GENERATED, ""]
    for path, command in every_command():
        context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
        parts += [f"## {path}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(parts)


def every_command() -> Iterator[tuple[str, click.Command]]:
    """(`qa models fetch`, command) of every command, groups before their members."""
    yield from _walk("qa", cli)


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            if member is not None:
                yield from _walk(f"{path} {name}", member)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _readme(readme: Path, db: str) -> None:
    """Replace each block that is marked `<!-- output: COMMAND -->` by what COMMAND prints."""
    text = readme.read_text(encoding="utf-8")
    pattern = re.compile(
        r"(<!-- output: qa (?P<command>.+?) -->\n```text\n).*?(```\n<!-- end -->)", re.DOTALL
    )

    def printed(match: re.Match[str]) -> str:
        command = [
            sys.executable,
            "-c",
            "from qa.cli.main import main; main()",
            *match["command"].split(),
            "--db",
            db,
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"COLUMNS": "100", "PYTHONUTF8": "1"},
        )
        lines = [line.rstrip() for line in done.stdout.splitlines()]
        return match[1] + "\n".join(lines) + "\n" + match[3]

    readme.write_text(pattern.sub(printed, text), encoding="utf-8")


def main() -> None:
    """Write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", metavar="DB", help="also take the README's output from this database")
    arguments = parser.parse_args()
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "api.md").write_text(api_page.page(), encoding="utf-8")
    (DOCS / "rubrics.md").write_text(rubric_pages.page("en"), encoding="utf-8")
    (DOCS / "rubrics.ja.md").write_text(rubric_pages.page("ja"), encoding="utf-8")
    if arguments.readme:
        for readme in READMES:
            _readme(readme, arguments.readme)


if __name__ == "__main__":
    main()
