"""Reports for the terminal: values in, something rich prints out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qa.cli import render
from qa.report.agent import AgentReport, Work
from qa.report.gather import TeamReport
from qa.report.transcripts import clock
from qa.report.wording import Wording
from qa.store.moments import Moment

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def agent(report: AgentReport, language: str) -> RenderableType:
    """What went well, one thing to work on, and the figures."""
    from rich.console import Group

    w = Wording(language)
    parts: list[RenderableType] = [_head(w("title", name=report.name), _period(w, report)), ""]
    parts += [_title(w("good"))]
    parts += [_moment(w, moment, w("praise")) for moment in report.praise]
    parts += [_moment(w, one.moment, w.text(one.guide.title)) for one in report.good]
    if not report.praise and not report.good:
        parts.append(_text(w("good_none")))
    parts += ["", _title(w("work"))]
    parts += _work(w, report.work, report.least) if report.work else [_text(w("work_none"))]
    if report.points:
        parts += ["", _title(w("coaching"))]
        for point in report.points:
            changed = w.changed(point.change, report.least)
            parts.append(_text(f"{w.text(point.guide.title)}: {w.stage(point.stage)}. {changed}"))
    apart = report.figures.apart
    parts += ["", _title(w("context")), _text(w("apart", apart=apart) if apart else w("apart_none"))]
    parts += [_text(f"  {w(flag)}: {w('calls', count=count)}") for flag, count in report.set_apart]
    if report.others:
        parts += ["", _figures(w, report)]
    return Group(*parts)


def team(report: TeamReport, language: str, title: Callable[[str], str]) -> RenderableType:
    """Agents with their scores, then criteria with everybody's shares."""
    from rich.console import Group

    w = Wording(language)
    if not report.agents:
        return _text(w("nobody"))
    heads = [w(name) for name in ("agent", "number", "set_apart", "score", "trend")]
    agents = render.table(*heads, right=heads[1:3])
    for one in report.agents:
        agents.add_row(
            _text(report.names.get(one.agent_id, one.agent_id)),
            str(one.calls),
            str(one.apart),
            _text(w.mean(one.score.moments)),
            _text(f"{w.sign(one.score.trend)} {w.trend(one.score.trend, report.least, 1)}".strip()),
        )
    criteria = render.table(w("criterion"), w("met_in"), w("trend"))
    for name in report.criteria:
        figure = report.everybody.criteria[name]
        mark = f" ({w('advice_only')})" if name in report.advice_only else ""
        told = f"{w.sign(figure.trend)} {w.trend(figure.trend, report.least)}".strip()
        criteria.add_row(_text(title(name) + mark), _text(w.share(figure.share)), _text(told))
    return Group(_title(w("team_title")), agents, "", criteria, "", _text(w("team_how")))


def _period(w: Wording, report: AgentReport) -> str:
    stretch = report.stretch
    if stretch.first is None:
        return w("undated", calls=stretch.calls)
    return w("period", first=w.day(stretch.first), last=w.day(stretch.last), calls=stretch.calls)


def _work(w: Wording, work: Work, least: int) -> Iterator[RenderableType]:
    yield _title(w.text(work.guide.title), "bold")
    if work.chosen:
        yield _text(f"{w('own_goal')} {work.why}".strip())
    yield _text(w.text(work.guide.meaning))
    yield _text(f"{w('met_in')} {w.share(work.figure.share)}")
    yield _text(w.trend(work.figure.trend, least))
    if work.moment:
        yield ""
        yield _text(f"{w('said')}: {work.moment.call_id} {_at(work.moment)}")
        yield from (_text(f"  {w.role(role)}: {text}") for role, text in work.pairs)
    if work.could_say:
        yield ""
        yield _text(w("could_say"))
        for example in work.could_say:
            yield from (_text(f"  {w.role(role)}: {text}", "italic") for role, text in example.lines)
            yield ""


def _figures(w: Wording, report: AgentReport) -> RenderableType:
    table = render.table(w("criterion"), w("met_in"), w("trend"))
    score = report.figures.score
    table.add_row(w("score"), w.mean(score.moments), w.sign(score.trend) or "–")
    for guide, figure in report.others:
        mark = f" ({w('advice_only')})" if figure.criterion in report.advice_only else ""
        table.add_row(
            _text(w.text(guide.title) + mark), _text(w.share(figure.share)), w.sign(figure.trend) or "–"
        )
    return table


def _moment(w: Wording, moment: Moment, title: str) -> Text:
    opening, closing = ("「", "」") if moment.language == "ja" else ("“", "”")
    shown = _text(f"{title}  ", "bold")
    shown.append(f"{moment.call_id} {_at(moment)}", "not bold")
    if moment.quote:
        said = "".join(moment.parts)
        shown.append(f"\n  {opening}{said}{closing}", "not bold italic")
    return shown


def _at(moment: Moment) -> str:
    return clock(moment.span.start, hours=False)[:-4]


def _head(title: str, below: str) -> Text:
    shown = _text(title, "bold")
    shown.append(f"\n{below}", "not bold")
    return shown


def _title(text: str, style: str = "bold underline") -> Text:
    return _text(text, style)


def _text(text: str, style: str = "") -> Text:
    return render.text(text, style)
