"""`qa`: finds the command, runs it, turns errors into one line and an exit code.

Each command lives in a module of its own that imports nothing heavy at its top, so that `qa --help`
stays quick and a stereo-only night never loads torch.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import click

import qa
from qa.cli import exits
from qa.errors import QaError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "qa.cli.run:run",
        "status": "qa.cli.status:status",
        "show": "qa.cli.show:show",
        "transcript": "qa.cli.transcript:transcript",
        "rescore": "qa.cli.rescore:rescore",
        "report": "qa.cli.report:report",
        "export": "qa.cli.export:export",
        "rubric": "qa.cli.rubric:rubric",
        "evaluate": "qa.cli.evaluate:evaluate",
        "serve": "qa.cli.serve:serve",
        "user": "qa.cli.user:user",
        "purge": "qa.cli.purge:purge",
        "models": "qa.cli.models:models",
        "doctor": "qa.cli.doctor:doctor",
        "init": "qa.cli.init:init",
    }
)
"""Command → module:attribute, in the order of the help page."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, as the help page lists them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(qa.__version__, "-V", "--version", prog_name="qa")
@click.option(
    "--debug", is_flag=True, envvar="QA_DEBUG", show_envvar=True, help="Show where an error comes from."
)
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Listen to every recorded call, score it against a rubric, show the evidence.

    Start with `qa init`, `qa models fetch` and `qa doctor`; then `qa run FOLDER` every night.

    Exit codes: 0 all done; 1 a defect of ours; 2 wrong usage or bad configuration; 3 finished, but some
    calls failed; 75 another run holds the lock; 130 or 143 stopped by Ctrl-C or SIGTERM.
    """
    context.obj = debug


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: never returns, always exits with a code of `qa.cli.exits`."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    try:
        code = cli.main(args=list(arguments), prog_name="qa", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else exits.Exit.DONE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("qa: stopped", err=True)
        return exits.SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        _close_quietly()
        return exits.Exit.DONE
    except QaError as error:
        _say(error, arguments)
        return exits.of(error)
    except Exception as error:
        _say(error, arguments)
        return exits.Exit.DEFECT


def _say(error: Exception, arguments: Sequence[str]) -> None:
    """One line on stderr; under `--debug` the traceback first."""
    if "--debug" in arguments or os.environ.get("QA_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    ours = not isinstance(error, QaError)
    hint = " (a defect of qa: please report it with the output of `qa --debug …`)" if ours else ""
    for line in exits.lines(error):
        click.echo(f"qa: {line}{hint}", err=True)


def _close_quietly() -> None:
    """The reader of our output went away (`qa show … | head`): leave without a complaint at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
