"""Accounts, sessions, tries to sign in, and the log of who saw and changed what."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from qa.errors import PersonError
from qa.store.door import Door, instant, moment, utc_now

_USER = "id, name, role, agent_id, language, theme, password_hash, created_at, disabled_at"


class Post(StrEnum):
    """What an account may do."""

    AGENT = "agent"
    """Sees their own calls only."""
    LEAD = "lead"
    ADMIN = "admin"
    """A lead who also sees the audit log."""


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    post: Post
    agent_id: str | None
    """Whose calls an agent account may see; None for everybody else."""
    language: str
    """`ja`, `en`, or empty: the browser's."""
    theme: str
    """`light`, `dark`, or empty: the system's."""
    password_hash: str
    """argon2id; empty: signs on through the proxy only."""
    created_at: datetime
    disabled_at: datetime | None

    def __post_init__(self) -> None:
        if (self.post is Post.AGENT) != (self.agent_id is not None):
            raise ValueError("an agent account, and no other, is bound to an agent id")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit log."""

    id: int
    at: datetime
    who: str
    action: str
    call_id: str | None
    detail: str
    address: str


class People(Door):
    """Who may use the desk."""

    def add(
        self, name: str, post: Post, agent_id: str | None, password_hash: str, language: str = ""
    ) -> User:
        """A new account. Raises `PersonError` where the name is taken."""
        with self.writing() as connection:
            if connection.execute("SELECT 1 FROM users WHERE name = ?", (name,)).fetchone():
                raise PersonError(f"{name}: this name is taken; `qa user list` shows the accounts")
            connection.execute(
                "INSERT INTO users (name, role, agent_id, language, password_hash, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (name, post, agent_id, language, password_hash, utc_now().isoformat()),
            )
        return self.named(name)

    def named(self, name: str) -> User:
        """The account called `name`, whatever its case. Raises `PersonError`."""
        found = self.find(name)
        if found is None:
            raise PersonError(f"{name}: no such account; `qa user list` shows them")
        return found

    def find(self, name: str) -> User | None:
        """The account called `name`, whatever its case; None if there is none."""
        with self.reading() as connection:
            row = connection.execute(f"SELECT {_USER} FROM users WHERE name = ?", (name,)).fetchone()
        return None if row is None else _user(row)

    def all(self) -> tuple[User, ...]:
        """Every account, by name."""
        with self.reading() as connection:
            return tuple(map(_user, connection.execute(f"SELECT {_USER} FROM users ORDER BY name")))

    def disable(self, name: str) -> User:
        """Close an account and end its sessions; what it did stays. Raises `PersonError`."""
        user = self.named(name)
        with self.writing() as connection:
            at = utc_now().isoformat()
            connection.execute("UPDATE users SET disabled_at = ? WHERE id = ?", (at, user.id))
            _revoke(connection, user.id, at)
        return self.named(name)

    def set_password(self, user: User, password_hash: str) -> None:
        """A new password; every session of the account ends."""
        with self.writing() as connection:
            at = utc_now().isoformat()
            connection.execute(
                "UPDATE users SET password_hash = ? WHERE id = ?",
                (password_hash, user.id),
            )
            _revoke(connection, user.id, at)

    def rehash(self, user: User, password_hash: str) -> None:
        """The same password under newer parameters."""
        with self.writing() as connection:
            connection.execute("UPDATE users SET password_hash = ? WHERE id = ?", (password_hash, user.id))

    def set_looks(self, user: User, language: str, theme: str) -> None:
        """The language and theme an account likes."""
        with self.writing() as connection:
            connection.execute(
                "UPDATE users SET language = ?, theme = ? WHERE id = ?", (language, theme, user.id)
            )

    def begin_session(self, user: User, token_hash: str, lasts: timedelta) -> None:
        """Somebody signed in; the cookie holds what `token_hash` is the hash of."""
        begun = utc_now()
        with self.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE expires_at < ?", (begun.isoformat(),))
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, NULL)",
                (token_hash, user.id, begun.isoformat(), (begun + lasts).isoformat()),
            )

    def session(self, token_hash: str) -> User | None:
        """Who a session belongs to; None if it is unknown, over, revoked, or the account is closed."""
        with self.reading() as connection:
            columns = ", ".join(f"users.{name}" for name in _USER.split(", "))
            row = connection.execute(
                f"""
                SELECT {columns} FROM sessions JOIN users ON users.id = sessions.user_id
                WHERE token_hash = ? AND expires_at > ? AND revoked_at IS NULL AND disabled_at IS NULL
                """,
                (token_hash, utc_now().isoformat()),
            ).fetchone()
        return None if row is None else _user(row)

    def end_session(self, token_hash: str) -> None:
        """Sign out."""
        with self.writing() as connection:
            connection.execute(
                "UPDATE sessions SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL",
                (utc_now().isoformat(), token_hash),
            )

    def tried(self, name: str, address: str, *, succeeded: bool) -> None:
        """Note a try to sign in."""
        with self.writing() as connection:
            at = utc_now()
            connection.execute("DELETE FROM sign_ins WHERE at < ?", ((at - timedelta(days=30)).isoformat(),))
            connection.execute(
                "INSERT INTO sign_ins (at, name, address, succeeded) VALUES (?, ?, ?, ?)",
                (at.isoformat(), name, address, succeeded),
            )

    def failures(self, name: str, address: str, within: timedelta) -> tuple[int, int]:
        """Failed tries of late: for this name since it last got in, and from this address."""
        since = (utc_now() - within).isoformat()
        with self.reading() as connection:
            row = connection.execute(
                """
                SELECT
                    count(*) FILTER (WHERE name = :name COLLATE NOCASE AND NOT succeeded AND id > (
                        SELECT coalesce(max(id), 0) FROM sign_ins
                        WHERE name = :name COLLATE NOCASE AND succeeded)),
                    count(*) FILTER (WHERE address = :address AND NOT succeeded)
                FROM sign_ins WHERE at >= :since
                """,
                {"name": name, "address": address, "since": since},
            ).fetchone()
        return int(row[0]), int(row[1])

    def secret(self, name: str) -> str:
        """A random secret of this database, made when it is first asked for."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()
        if row is None:
            with self.writing() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, secrets.token_urlsafe(32))
                )
            return self.secret(name)
        return str(row[0])

    def note(
        self, who: str, action: str, call_id: str | None = None, detail: str = "", address: str = ""
    ) -> None:
        """A line for the audit log."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO audit (at, who, action, call_id, detail, address) VALUES (?, ?, ?, ?, ?, ?)",
                (utc_now().isoformat(), who, action, call_id, detail, address),
            )

    def log(
        self,
        limit: int = 200,
        *,
        who: str | None = None,
        call_id: str | None = None,
        before: int | None = None,
    ) -> tuple[Line, ...]:
        """The last lines of the audit log, newest first: of a person, of a call, before a line's id."""
        asked = {"who": who, "call_id": call_id, "before": before}
        where = {"who": "who = :who", "call_id": "call_id = :call_id", "before": "id < :before"}
        given = " AND ".join(where[name] for name, value in asked.items() if value is not None) or "true"
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT id, at, who, action, call_id, detail, address FROM audit"
                f" WHERE {given} ORDER BY id DESC LIMIT :limit",
                asked | {"limit": limit},
            )
            return tuple(Line(id, instant(at), *rest) for id, at, *rest in rows)


def _revoke(connection: sqlite3.Connection, user_id: int, at: str) -> None:
    connection.execute(
        "UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL", (at, user_id)
    )


def _user(row: tuple[Any, ...]) -> User:
    id, name, post, agent_id, language, theme, password_hash, created_at, disabled_at = row
    return User(
        id,
        name,
        Post(post),
        agent_id,
        language,
        theme,
        password_hash,
        instant(created_at),
        moment(disabled_at),
    )
