"""`qa serve`: the review desk."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli import options
from qa.errors import MissingExtra, SettingsError

if TYPE_CHECKING:
    from qa.settings import Settings


@click.command()
@options.from_settings("db", "host", "port")
@click.option(
    "--demo",
    is_flag=True,
    envvar="QA_DEMO",
    show_envvar=True,
    help="Make a lead's and an agent's account with a random password, and print it.",
)
@options.config
def serve(demo: bool, config: Path | None, **flags: Any) -> None:
    """Serve the review desk: queue, calls, reviews, calibration.

    Make an account first: `qa user add NAME --role lead`. The desk listens on this machine only, unless it
    has a certificate ([desk] tls_cert, tls_key) or stands behind a proxy that speaks https (behind_tls).
    """
    settings = options.load(config, flags)
    check_host(settings)
    try:
        import uvicorn

        from qa.cli.sound import sound
        from qa.review.app import create
    except ImportError as error:
        raise MissingExtra(f"the desk needs {error.name}: pip install 'qa-calls[desk]'") from None
    db = Path(settings.db)
    app = create(db, settings, sound(settings, db))
    if demo:
        _demo(db)
    scheme = "https" if settings.tls_cert else "http"
    click.echo(f"qa: the desk is at {scheme}://{settings.host}:{settings.port} (Ctrl-C stops it)", err=True)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
        proxy_headers=False,
        server_header=False,
    )


def check_host(settings: Settings) -> None:
    """Raises `SettingsError` where passwords would cross a network in the clear."""
    if settings.tls_cert or settings.behind_tls or _is_loopback(settings.host):
        return
    raise SettingsError(
        f"host: {settings.host} can be reached from other machines. Set [desk] tls_cert and tls_key to serve"
        " https, or behind_tls = true where a proxy speaks https in front of the desk; or leave 127.0.0.1"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _demo(db: Path) -> None:
    """Accounts to look around with, under a password that nobody knows before."""
    import secrets

    from qa.review.security import hash_password
    from qa.store import Post, Store

    password = secrets.token_urlsafe(12)
    with Store.open(db, create=False) as store:
        agent = store.listing.busiest_agent()
        for name, post, agent_id in (("demo-lead", Post.LEAD, None), ("demo-agent", Post.AGENT, agent)):
            if post is Post.AGENT and agent is None:
                continue
            user = store.people.find(name) or store.people.add(name, post, agent_id, "")
            store.people.set_password(user, hash_password(password))
            click.echo(f"{name}  {password}" + (f"  (agent {agent_id})" if agent_id else ""))
