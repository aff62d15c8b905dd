"""Tables and cards for people. Everything here takes values and returns something rich prints.

rich is imported inside: `qa --help` and the JSON paths never pay for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from qa.cli.words import OUTCOMES, UNITS, label
from qa.model import Conversation, Evidence, Finding, Measures, Outcome, Role, Scorecard
from qa.report.transcripts import ROLES, clock

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

STYLES = {
    Outcome.MET: "green",
    Outcome.NOT_MET: "red",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.NEEDS_REVIEW: "yellow",
}
QUOTES = {Outcome.MET: 1, Outcome.NOT_MET: 3, Outcome.NOT_APPLICABLE: 0, Outcome.NEEDS_REVIEW: 2}
"""Places shown for a criterion on the card; `--json` has them all."""
LONGEST_QUOTE = 70
"""Characters of a quote on the card."""
WIDTH_OF_A_FILE = 100
"""Columns when stdout is not a terminal and nobody said otherwise."""


def console(*, stderr: bool = False) -> Console:
    """A console on stdout (or stderr), as wide as the terminal or COLUMNS."""
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if terminal or os.environ.get("COLUMNS") else WIDTH_OF_A_FILE
    return Console(stderr=stderr, width=width, highlight=False, emoji=False)


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """A plain table: a rule under the headings, no box, so that it can be pasted anywhere."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def calls(scored: Iterable[tuple[Conversation, Scorecard]], language: str, width: int) -> RenderableType:
    """One line a call: score, interruptions, what needs a person, flags; more where `width` has room."""
    cells = [name for name in CELLS if width >= CELLS[name][0]]
    heads = {name: label(name, language) for name in cells}
    numbers = [heads[name] for name in cells if name not in ("call", "agent", "flags")]
    made = table(*heads.values(), right=numbers)
    for column in made.columns:
        column.no_wrap = column.header not in (heads["agent"], heads["flags"])  # an id is copied, or grepped
    for conversation, scorecard in scored:
        made.add_row(*(text(CELLS[name][1](conversation, scorecard, width)) for name in cells))
    return made


Cell = Callable[[Conversation, Scorecard, int], str]

CELLS: Mapping[str, tuple[int, Cell]] = {
    "call": (0, lambda talk, verdict, width: talk.call.id),
    "agent": (0, lambda talk, verdict, width: talk.call.agent_name or talk.call.agent_id or "–"),
    "duration": (0, lambda talk, verdict, width: minutes(talk.duration)),
    "score": (0, lambda talk, verdict, width: score(verdict.score.value)),
    "coverage": (92, lambda talk, verdict, width: share(verdict.score.coverage)),
    "interruptions_short": (0, lambda talk, verdict, width: str(talk.measures.interruptions_by_agent)),
    "dead_air": (92, lambda talk, verdict, width: seconds(talk.measures.dead_air_seconds)),
    "review": (0, lambda talk, verdict, width: str(len(verdict.needs_review) or "–")),
    "flags": (0, lambda talk, verdict, width: _flags(verdict, named=width >= 116)),
}
"""Column of the table of calls → the width from which on it is shown, and its cell."""


def _flags(scorecard: Scorecard, *, named: bool) -> str:
    """The flags, by name where there is room, else how many."""
    if named:
        return " ".join(flag.id for flag in scorecard.flags)
    return str(len(scorecard.flags) or "–")


def card(conversation: Conversation, scorecard: Scorecard, language: str) -> RenderableType:
    """The whole scorecard of one call: criteria with quotes and times, then measures."""
    from rich.console import Group

    parts: list[RenderableType] = [_heading(conversation, scorecard, language), ""]
    made = table(label("criterion", language), label("outcome", language), label("points", language))
    made.columns[2].justify = "right"
    made.add_column(label("why", language), ratio=1, overflow="fold")
    for finding in scorecard.findings:
        made.add_row(*_finding(finding, language))
    parts.append(made)
    parts += ["", _measures(conversation.measures, conversation.language, language)]
    return Group(*parts)


def _heading(conversation: Conversation, scorecard: Scorecard, language: str) -> RenderableType:
    from rich.text import Text

    call, verdict = conversation.call, scorecard.score
    about = [call.id, call.agent_name or "", call.agent_id or "", minutes(conversation.duration)]
    if call.started_at:
        about.insert(1, call.started_at.strftime("%Y-%m-%d %H:%M"))
    shown = Text(" · ".join(part for part in about if part), style="bold")
    shown.append(f"\n{label('score', language)} ", style="bold")
    shown.append(_plain_score(verdict.value, language), style="bold")
    shown.append(
        f"  ({_number(verdict.points)}/{_number(verdict.possible)} {label('points', language).lower()}, "
        f"{label('coverage', language).lower()} {share(verdict.coverage)}, {scorecard.receipt.rubric[:40]})",
        style="not bold",
    )
    if verdict.critical_failed:
        shown.append(f"\n{label('critical', language)}: {', '.join(verdict.critical_failed)}", style="red")
    for flag in scorecard.flags:
        shown.append(f"\n! {flag.id}: {flag.reason.text(language)}", style="yellow")
    return shown


def _finding(finding: Finding, language: str) -> tuple[RenderableType, ...]:
    from rich.text import Text

    style = STYLES[finding.outcome]
    why = Text(finding.reason.text(language))
    for evidence in finding.evidence[: QUOTES[finding.outcome]]:
        why.append(f"\n{_quote(evidence, language)}", style="italic")
    points = f"{_number(finding.points)}/{_number(finding.possible)}" if finding.decided else "–"
    if finding.bonus:
        points = f"+{_number(finding.points)}" if finding.points else "–"
    return (
        Text(finding.criterion),
        Text(OUTCOMES[finding.outcome].text(language), style=style),
        Text(points, style=style),
        why,
    )


def _quote(evidence: Evidence, language: str) -> str:
    opening, closing = ("「", "」") if language == "ja" else ("“", "”")
    where = f"{clock(evidence.span.start, hours=False)[:-2]}–{clock(evidence.span.end, hours=False)[:-2]}"
    note = f" {evidence.note.text(language)}" if evidence.note else ""
    words = evidence.quote
    if len(words) > LONGEST_QUOTE:
        words = words[: LONGEST_QUOTE - 1].rstrip() + "…"
    quote = f" {opening}{words}{closing}" if words else ""
    return f"{where} {ROLES[evidence.role].text(language)}{quote}{note}"


def _measures(measures: Measures, spoken: str, language: str) -> RenderableType:
    def rate(value: float | None) -> str:
        return "–" if value is None else f"{value:.0f} {UNITS[spoken].text(language)}"

    latency = measures.response_latency_median
    shown = (
        ("talk", share(measures.agent_talk_share)),
        (
            "interruptions",
            f"{ROLES[Role.AGENT].text(language)} {measures.interruptions_by_agent}, "
            f"{ROLES[Role.CUSTOMER].text(language)} {measures.interruptions_by_customer}",
        ),
        ("backchannels", str(measures.backchannels_by_agent)),
        ("dead_air", f"{measures.dead_air_count} ({seconds(measures.dead_air_seconds)})"),
        ("hold", f"{measures.hold_count} ({seconds(measures.hold_seconds)})"),
        ("latency", "–" if latency is None else seconds(latency)),
        ("speech_rate", rate(measures.agent_speech_rate)),
    )
    made = table(label("measures", language), "")
    for name, value in shown:
        made.add_row(label(name, language), value)
    return made


def minutes(value: float) -> str:
    """`1:05` for 65 seconds."""
    whole = round(value)
    return f"{whole // 60}:{whole % 60:02d}"


def seconds(value: float) -> str:
    """`4.2 s`, or `–` for nothing."""
    return f"{value:.1f} s" if value else "–"


def share(value: float | None) -> str:
    """`85 %`, or `–`."""
    return "–" if value is None else f"{100 * value:.0f} %"


def score(value: float | None) -> str:
    """`82.5`, or `–` where nothing could be decided."""
    return "–" if value is None else f"{value:.1f}"


def _plain_score(value: float | None, language: str) -> str:
    return label("not_decided", language) if value is None else f"{value:.1f}"


def _number(value: float) -> str:
    return f"{value:g}"


def text(value: str, style: str = "") -> Text:
    """Text as it is: square brackets in a call id are not rich markup."""
    from rich.text import Text

    return Text(value, style)
