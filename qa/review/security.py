"""Passwords, cookies, tokens against forged requests, and the headers of every answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from types import MappingProxyType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeSerializer

HASHER = PasswordHasher()
"""argon2id with the parameters of RFC 9106 that argon2-cffi ships."""
LEAST_PASSWORD = 10
"""Characters."""
SESSION = "qa_session"
VISITOR = "qa_visitor"
"""Cookie of somebody who has not signed in: the sign-in form is bound to it."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
            " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
)
_NOBODY = HASHER.hash(secrets.token_urlsafe(16))
"""Checked where there is no such account, so that an answer takes as long."""


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return HASHER.hash(password)


def right_password(stored: str | None, password: str) -> bool:
    """True if `password` is the one; takes as long where there is no account or no password."""
    try:
        HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """True if the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def new_token() -> str:
    """A random token for a cookie."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(secret: str, token: str) -> str:
    """The cookie that holds a token."""
    return str(URLSafeSerializer(secret, salt="qa-cookie").dumps(token))


def unsign(secret: str, cookie: str) -> str | None:
    """The token in a cookie; None if we did not sign it."""
    try:
        token = URLSafeSerializer(secret, salt="qa-cookie").loads(cookie)
    except BadSignature:
        return None
    return token if isinstance(token, str) else None


def form_token(secret: str, subject: str) -> str:
    """The token that forms carry, bound to a session (or to a visitor)."""
    return hmac.new(secret.encode(), f"form:{subject}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Equal, found out in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
