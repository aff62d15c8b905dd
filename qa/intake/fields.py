"""What a source says about a call, field by field, whichever source it is.

Metadata rows, sidecars and file names all give texts by name; here they become the fields of a `Call`.
A value that cannot be read costs its field, not the call: it is kept as an attribute and reported.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType

from qa.model import Message, Role

TEXT_FIELDS = ("call_id", "agent_id", "agent_name", "queue")
READ_FIELDS = ("direction", "started_at", "language", "channel_roles", "agent_channel")
PATH_FIELDS = ("path", "file")
NAMES = (*TEXT_FIELDS, *READ_FIELDS, *PATH_FIELDS)
"""Every name we know; any other is an attribute of the call."""

_DIRECTIONS = {
    **dict.fromkeys(("inbound", "in", "incoming", "着信", "受信", "入電", "インバウンド"), "inbound"),
    **dict.fromkeys(("outbound", "out", "outgoing", "発信", "架電", "アウトバウンド"), "outbound"),
}
_LANGUAGES = {
    **dict.fromkeys(("ja", "jp", "jpn", "japanese", "日本語"), "ja"),
    **dict.fromkeys(("en", "eng", "english", "英語"), "en"),
}
_CHANNELS = {
    **dict.fromkeys(("0", "left", "l", "左"), 0),
    **dict.fromkeys(("1", "right", "r", "右"), 1),
}
_DATE_FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H時%M分%S秒",
    "%Y年%m月%d日 %H:%M",
)
_SAID: Mapping[str, str] = MappingProxyType(
    {
        "direction": "inbound or outbound",
        "started_at": "a time such as 2025-06-03T09:05:00",
        "language": "ja or en",
        "channel_roles": "roles such as agent,customer",
        "agent_channel": "0, 1, left or right",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """What one source says; None and empty where it says nothing."""

    call_id: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    queue: str | None = None
    direction: str | None = None
    started_at: datetime | None = None
    language: str | None = None
    channel_roles: tuple[Role, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Message, ...] = ()

    def over(self, other: Known) -> Known:
        """This, and `other` where this says nothing."""
        merged = {
            f.name: getattr(self, f.name) or getattr(other, f.name)
            for f in fields(self)
            if f.name not in ("attributes", "problems")
        }
        attributes = {**other.attributes, **self.attributes}
        return Known(**merged, attributes=attributes, problems=self.problems + other.problems)


def read_fields(values: Mapping[str, str], where: str) -> Known:
    """Texts by our names, read. `where` names the source in the problems reported."""
    said: dict[str, object] = {}
    attributes: dict[str, str] = {}
    problems: list[Message] = []
    for name, raw in values.items():
        text = raw.strip()
        if not text or name in PATH_FIELDS:
            continue
        if name in TEXT_FIELDS:
            said[name] = text
        elif name in READ_FIELDS:
            value = _read(name, text)
            if value is None:
                attributes[name] = text
                problems.append(_unreadable(where, name, text))
            else:
                said["channel_roles" if name == "agent_channel" else name] = value
        else:
            attributes[name] = text
    return Known(**said, attributes=attributes, problems=tuple(problems))  # type: ignore[arg-type]


def nearest_name(name: str) -> str | None:
    """The known name that `name` was probably meant to be, if it is not that already."""
    if name in NAMES:
        return None
    close = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.8)
    return close[0] if close else None


def read_time(text: str) -> datetime | None:
    """ISO 8601, or one of the ways Japanese systems write it; None if it is neither."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for style in _DATE_FORMATS:
        try:
            return datetime.strptime(text, style)
        except ValueError:
            continue
    return None


def _read(name: str, text: str) -> object | None:
    match name:
        case "direction":
            return _DIRECTIONS.get(text.lower())
        case "started_at":
            return read_time(text)
        case "language":
            return _LANGUAGES.get(text.lower().split("-")[0].split("_")[0])
        case "agent_channel":
            return _roles_by_agent(text)
        case _:
            return _roles(text)


def _roles_by_agent(text: str) -> tuple[Role, ...] | None:
    channel = _CHANNELS.get(text.lower())
    if channel is None:
        return None
    return (Role.AGENT, Role.CUSTOMER) if channel == 0 else (Role.CUSTOMER, Role.AGENT)


def _roles(text: str) -> tuple[Role, ...] | None:
    parts = text.strip("[]").replace("|", ",").replace("/", ",").split(",")
    try:
        return tuple(Role(part.strip().strip("\"'").lower()) for part in parts)
    except ValueError:
        return None


def _unreadable(where: str, name: str, text: str) -> Message:
    return Message(
        f"{where}: {name} の値 {text!r} は読めません（{_SAID[name]}）。属性として残します。",
        f"{where}: {name} {text!r} is not {_SAID[name]}; kept as an attribute",
    )
