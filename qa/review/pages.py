"""Pages: a template and one frozen context value each, in the viewer's language."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from babel.dates import format_date, format_datetime
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from qa.model import Message
from qa.report import page as report
from qa.review.languages import LANGUAGES, catalogue
from qa.review.transcript import pieces
from qa.review.viewer import Viewer

STATIC = Path(__file__).parent / "static"


class Page(Protocol):
    """A frozen dataclass; `template` names its file in templates/."""

    @property
    def template(self) -> str: ...


class Pages:
    """The templates, once a language."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._paths: dict[str, str] = {}
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def _environment(self, language: str) -> Environment:
        made = Environment(
            loader=ChoiceLoader(
                [PackageLoader("qa.review"), PrefixLoader({"report": FileSystemLoader(report.TEMPLATES)})]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
        made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        made.globals |= {"link": self._link, "asset": asset, "language": language}
        made.filters |= {
            "clock": clock,
            "number": number,
            "excerpt": excerpt,
            "marking": marking,
            "pieces": pieces,
            "day": functools.partial(day, language),
            "when": functools.partial(when, language),
            "stamp": functools.partial(stamp, language),
            "text": functools.partial(_text, language),
        }
        return made

    def _link(self, name: str, /, **parameters: Any) -> str:
        """The path of a route: `link('call', call_id=…)`."""
        if name not in self._paths:
            self._paths[name] = str(self._app.url_path_for(name, **{key: f"{{{key}}}" for key in parameters}))
        quoted = {key: quote(str(value), safe="") for key, value in parameters.items()}
        return self._paths[name].format(**quoted)

    def show(self, request: Request, page: Page, status: int = 200) -> HTMLResponse:
        """The page for whoever asks."""
        viewer: Viewer = request.state.viewer
        raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
        here = raw.decode("ascii", "ignore") + (f"?{request.url.query}" if request.url.query else "")
        template = self._environments[viewer.language].get_template(page.template)
        return HTMLResponse(
            template.render(page=page, viewer=viewer, here=here, path=request.url.path), status
        )


def show(request: Request, page: Page, status: int = 200) -> HTMLResponse:
    """The page for whoever asks."""
    pages: Pages = request.app.state.pages
    return pages.show(request, page, status)


@functools.cache
def asset(name: str) -> str:
    """The address of a file in static/, with a mark of its content: it may be cached for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?{digest}"


def clock(seconds: float) -> str:
    """`1:05` for 65 seconds, `1:00:05` for an hour and five."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def number(value: float | None, digits: int = 1) -> str:
    """`82.5`, `80`, or `–` for nothing."""
    return "–" if value is None else f"{value:.{digits}f}".removesuffix(".0")


def excerpt(text: str, around: str, width: int = 60) -> str:
    """The part of a long text around some words in it.

    >>> excerpt("もしもし、" * 10 + "解約したい" + "です。" * 20, "解約", width=12)
    '…し、解約したいです。です…'
    """
    at = max(0, text.lower().find(around.lower()))
    begin = max(0, min(at - (width - len(around)) // 4, len(text) - width))
    part = text[begin : begin + width]
    return ("…" if begin else "") + part + ("…" if begin + width < len(text) else "")


def marking(text: str, words: str) -> Markup:
    """A text with the first place of some words in it marked.

    >>> marking("<b>解約したい", "解約")
    Markup('&lt;b&gt;<mark>解約</mark>したい')
    """
    at = text.lower().find(words.lower())
    end = at + len(words)
    if at < 0:
        return Markup("{}").format(text)
    return Markup("{}<mark>{}</mark>{}").format(text[:at], text[at:end], text[end:])


def day(language: str, at: datetime | None) -> str:
    """A date as it is written in this language."""
    return (
        "–"
        if at is None
        else format_date(at, "M月d日(E)" if language == "ja" else "EEE d MMM", locale=language)
    )


def when(language: str, at: datetime | None) -> str:
    """A date and time as they are written in this language."""
    form = "y年M月d日(E) H:mm" if language == "ja" else "EEE d MMM y, HH:mm"
    return "–" if at is None else format_datetime(at, form, locale=language)


def stamp(language: str, at: datetime) -> str:
    """When something was written down: stored in UTC, shown in the time of this machine."""
    return when(language, at.astimezone())


def _text(language: str, message: Any) -> str:
    """What a `Message`, or a rubric's text, says in this language."""
    if isinstance(message, Message):
        return message.text(language)
    return str(getattr(message, language, None) or message.en)


def titles(texts: Mapping[str, Any], language: str) -> dict[str, str]:
    """Each text in this language."""
    return {name: _text(language, text) for name, text in texts.items()}
