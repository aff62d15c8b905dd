"""Every command and option explains itself, and can be set in the environment."""

from collections.abc import Iterator

import click
import pytest

from docs.refresh import every_command
from qa.cli.main import COMMANDS

EVERY = dict(every_command())


def options() -> Iterator[tuple[str, click.Option]]:
    for path, command in EVERY.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield f"{path} {parameter.opts[-1]}", parameter


OPTIONS = {
    name: option
    for name, option in options()
    if not name.endswith("--version")  # prints and leaves
}


def test_the_commands_of_the_design_are_there() -> None:
    assert {
        "run",
        "status",
        "show",
        "transcript",
        "rescore",
        "rubric",
        "export",
        "doctor",
        "models",
        "init",
    } <= set(COMMANDS)
    assert {f"qa rubric {name}" for name in ("lint", "test", "schema", "diff", "explain")} <= set(EVERY)
    assert {f"qa models {name}" for name in ("list", "fetch", "verify")} <= set(EVERY)


@pytest.mark.parametrize("path", EVERY)
def test_every_command_has_help(path: str) -> None:
    assert EVERY[path].help
    assert EVERY[path].get_short_help_str(limit=200).endswith((".", "?"))


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_has_help_and_a_variable(name: str) -> None:
    option = OPTIONS[name]
    assert option.help, "what it does"
    assert isinstance(option.envvar, str), "its QA_ variable"
    assert option.envvar.startswith("QA_")
    assert option.show_envvar


def test_a_variable_means_one_thing_everywhere() -> None:
    meanings: dict[str, set[str]] = {}
    for option in OPTIONS.values():
        meanings.setdefault(str(option.envvar), set()).add(repr((option.type.to_info_dict(), option.is_flag)))
    assert {name: kinds for name, kinds in meanings.items() if len(kinds) > 1} == {}


def test_run_takes_the_options_of_the_design() -> None:
    names = {option for parameter in EVERY["qa run"].params for option in parameter.opts}
    assert names >= {"--rubric", "--db", "--metadata", "--device", "--model"}
    assert names >= {"--language", "--jobs", "--until", "--executor", "--json"}
