"""Who looks at the desk: found from the session cookie, or from a trusted proxy's header."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request

from qa.review import security
from qa.review.desk import Desk
from qa.review.languages import LANGUAGES, preferred
from qa.store import Sight, Store, User

THEMES = ("light", "dark")


class Who(StrEnum):
    """Kinds of viewers, as the table of `qa.review.access` names them."""

    ANYBODY = "anybody"
    """Not signed in."""
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and how they like it."""

    user: User | None
    token: str
    """What their forms must carry."""
    language: str
    theme: str
    """`light`, `dark`, or empty: the system's."""
    address: str
    session: str = ""
    """Fingerprint of the session; empty: none, or signed on by the proxy."""

    @property
    def who(self) -> Who:
        """Which kind of viewer."""
        return Who(self.user.post) if self.user else Who.ANYBODY

    @property
    def name(self) -> str:
        """The account's name; empty for anybody."""
        return self.user.name if self.user else ""

    @property
    def leads(self) -> bool:
        """True for leads and admins."""
        return self.who in (Who.LEAD, Who.ADMIN)

    @property
    def sight(self) -> Sight:
        """Whose calls they may see: the one place where that is decided."""
        if self.user is None:
            raise PermissionError("nobody is signed in")
        return Sight(self.user.agent_id)


def recognise(request: Request, desk: Desk, store: Store) -> Viewer:
    """The viewer of a request."""
    address = request.client.host if request.client else ""
    user, subject, session = _by_proxy(request, desk, store, address) or _by_cookie(request, desk, store)
    if user is None:
        subject = f"visitor:{request.cookies.get(security.VISITOR, '')}"
    language = (user.language if user else "") or request.cookies.get("qa_language", "")
    theme = (user.theme if user else "") or request.cookies.get("qa_theme", "")
    return Viewer(
        user,
        security.form_token(desk.secret, subject),
        language if language in LANGUAGES else preferred(request.headers.get("accept-language", "")),
        theme if theme in THEMES else "",
        address,
        session,
    )


def _by_cookie(request: Request, desk: Desk, store: Store) -> tuple[User | None, str, str]:
    token = security.unsign(desk.secret, request.cookies.get(security.SESSION, ""))
    if token is None:
        return None, "", ""
    session = security.fingerprint(token)
    return store.people.session(session), f"session:{token}", session


def _by_proxy(request: Request, desk: Desk, store: Store, address: str) -> tuple[User, str, str] | None:
    """Off unless a header is named; believed only from the addresses that are configured."""
    header = desk.settings.proxy_header
    if not header or address not in desk.settings.proxy_from:
        return None
    user = store.people.find(request.headers.get(header, ""))
    if user is None or user.disabled_at is not None:
        return None
    return user, f"proxy:{user.name}", ""
