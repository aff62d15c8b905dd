"""Reports as HTML: one self-contained file, or a part of a page of the desk. No request leaves the file."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import MissingExtra
from qa.model import Span
from qa.report import charts
from qa.report.agent import AgentReport
from qa.report.gather import TeamReport
from qa.report.transcripts import clock
from qa.report.wording import DIRECTIONS, Wording
from qa.store.moments import Moment

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
LEAD_IN = 1.0
"""Seconds of a clip before and after the moment."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A few seconds of audio that every browser plays."""

    media_type: str
    data: bytes


Clips = Callable[[str, Span], Clip | None]
"""Call id and stretch → its sound; None where there is none any more."""


@dataclass(frozen=True, slots=True)
class Listen:
    """How a moment is heard: sound within the file, or a link to the place on the desk."""

    audio: str = ""
    """A `data:` address."""
    href: str = ""


Listening = Callable[[Moment], Listen]


def embedded(clips: Clips) -> Listening:
    """Moments as sound within the file."""

    def listen(moment: Moment) -> Listen:
        start, end = max(0.0, moment.span.start - LEAD_IN), moment.span.end + LEAD_IN
        clip = clips(moment.call_id, Span(start, min(end, start + 20.0)))
        if clip is None:
            return Listen()
        return Listen(f"data:{clip.media_type};base64,{base64.b64encode(clip.data).decode()}")

    return listen


def silent(moment: Moment) -> Listen:
    """A moment that can only be read."""
    return Listen()


def agent_file(report: AgentReport, language: str, listening: Listening = silent) -> str:
    """The report about one agent as an HTML file; the same report gives the same file."""
    return _render("agent_file.html", language, report=report, listening=listening)


def agent_body(report: AgentReport, language: str, listening: Listening) -> str:
    """The same report as a part of a page, escaped and ready."""
    return _render("agent_body.html", language, report=report, listening=listening)


def team_file(report: TeamReport, language: str, titles: Callable[[str], str]) -> str:
    """The team's report as an HTML file. `titles`: criterion → what people call it."""
    return _render("team_file.html", language, report=report, titles=titles)


def style() -> str:
    """The style sheet of both, for the desk."""
    return (TEMPLATES / "parts.css").read_text(encoding="utf-8")


def _render(template: str, language: str, **values: object) -> str:
    wording = Wording(language)
    return _environment().get_template(template).render(w=wording, **values)


@functools.cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingExtra("reports as HTML need Jinja2: pip install 'qa-calls[desk]'") from None
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"charts": charts, "signs": DIRECTIONS}
    made.filters |= {"clock": lambda seconds: clock(seconds, hours=False)[:-4]}
    return made
