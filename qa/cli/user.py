"""`qa user`: who may sign in at the desk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from qa.cli import options
from qa.errors import MissingExtra, PersonError

LONGEST_NAME = 100


@click.group()
def user() -> None:
    """Accounts of the review desk."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(("lead", "agent", "admin")),
    required=True,
    envvar="QA_USER_ROLE",
    show_envvar=True,
    help="lead: every call; agent: their own calls only; admin: a lead who also sees the audit log.",
)
@click.option(
    "--agent",
    metavar="ID",
    envvar="QA_USER_AGENT",
    show_envvar=True,
    help="The agent id whose calls an agent account may see.",
)
@click.option(
    "--proxy-only",
    is_flag=True,
    envvar="QA_USER_PROXY_ONLY",
    show_envvar=True,
    help="Without a password: signs on through the trusted proxy only.",
)
@options.from_settings("db")
@options.config
def add(name: str, role: str, agent: str | None, proxy_only: bool, config: Path | None, **flags: Any) -> None:
    """Make an account called NAME.

    The password is asked for, or read from the first line of standard input, or from QA_PASSWORD.
    """
    if (role == "agent") != bool(agent):
        raise PersonError("an agent account needs --agent ID, and no other account takes it")
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise PersonError(f"{name!r}: a name is 1 to {LONGEST_NAME} printable characters")
    from qa.store import Post, Store

    with Store.open(options.load(config, flags).db) as store:
        if store.people.find(name):
            raise PersonError(f"{name}: this name is taken; `qa user list` shows the accounts")
        made = store.people.add(name.strip(), Post(role), agent, "" if proxy_only else _hash(_password()))
        store.people.note("qa user add", "made an account", detail=f"{made.name}: {role}")
    click.echo(f"{made.name}: {role}" + (f" of agent {agent}" if agent else ""))


@user.command("password")
@click.argument("name")
@options.from_settings("db")
@options.config
def password(name: str, config: Path | None, **flags: Any) -> None:
    """Give NAME a new password; their sessions end. It is asked for as by `qa user add`."""
    from qa.store import Store

    with Store.open(options.load(config, flags).db, create=False) as store:
        known = store.people.named(name)
        store.people.set_password(known, _hash(_password()))
        store.people.note("qa user password", "changed a password", detail=known.name)
    click.echo(f"{known.name}: new password")


@user.command("list")
@options.from_settings("db")
@options.config
@options.as_json
def list_(config: Path | None, as_json: bool, **flags: Any) -> None:
    """List the accounts."""
    import json

    from qa.store import Store

    with Store.open(options.load(config, flags).db, read_only=True) as store:
        users = store.people.all()
    for each in users:
        if as_json:
            shown = {
                "name": each.name,
                "role": each.post,
                "agent_id": each.agent_id,
                "created_at": each.created_at.isoformat(),
                "disabled_at": each.disabled_at.isoformat() if each.disabled_at else None,
            }
            click.echo(json.dumps(shown, ensure_ascii=False))
        else:
            closed = f"  disabled {each.disabled_at:%Y-%m-%d}" if each.disabled_at else ""
            click.echo(
                f"{each.name}  {each.post}{f'  agent {each.agent_id}' if each.agent_id else ''}{closed}"
            )


@user.command("disable")
@click.argument("name")
@options.from_settings("db")
@options.config
def disable(name: str, config: Path | None, **flags: Any) -> None:
    """Close the account NAME and end its sessions; what it did stays."""
    from qa.store import Store

    with Store.open(options.load(config, flags).db, create=False) as store:
        closed = store.people.disable(name)
        store.people.note("qa user disable", "closed an account", detail=closed.name)
    click.echo(f"{closed.name}: disabled")


def _password() -> str:
    """From QA_PASSWORD, a terminal (twice), or the first line of standard input."""
    given = os.environ.get("QA_PASSWORD")
    if given is None and sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if given is None:
        given = sys.stdin.readline().rstrip("\r\n")
    return str(given)


def _hash(password: str) -> str:
    try:
        from qa.review.security import LEAST_PASSWORD, hash_password
    except ImportError as error:
        raise MissingExtra(f"accounts need {error.name}: pip install 'qa-calls[desk]'") from None
    if len(password) < LEAST_PASSWORD:
        raise PersonError(f"a password has at least {LEAST_PASSWORD} characters")
    return hash_password(password)
