"""A check in words that a lead reads, in Japanese or English: one small sentence a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qa.rubric import schema

_NAMES: Mapping[str, tuple[str, str]] = {
    "agent": ("担当者", "the agent"),
    "customer": ("お客様", "the caller"),
    "met": ("達成", "met"),
    "not_met": ("未達成", "not met"),
    "not_applicable": ("該当なし", "not applicable"),
    "needs_review": ("要確認", "needs review"),
    "interruption": ("遮り", "interruptions"),
    "backchannel": ("あいづち", "backchannels"),
    "overlap": ("重なり", "overlaps"),
    "terminal_overlap": ("終わり際の重なり", "overlaps at the end of a turn"),
    "dead_air": ("沈黙", "silences"),
    "hold": ("保留", "holds"),
    "raised_voice": ("声の高ぶり", "raised voices"),
}


class Words:
    """Says checks in one language."""

    def __init__(self, language: str) -> None:
        self._ja = language == "ja"

    def check(self, check: schema.Part) -> str:
        """The whole check."""
        kind = next(key for key, model in schema.CHECKS.items() if type(check) is model)
        told = check if kind == "cases" else getattr(check, "not_" if kind == "not" else kind)
        return _SAY[kind](self, told)

    def outcome(self, name: str) -> str:
        """`met`, as people say it."""
        return self._name(name)

    def _say(self, ja: str, en: str) -> str:
        return ja if self._ja else en

    def _name(self, key: str) -> str:
        return self._say(*_NAMES[key])

    def _lists(self, phrases: schema.Phrases) -> str:
        names = [phrases] if isinstance(phrases, str) else phrases
        return self._say("「", "“") + self._say("」か「", "” or “").join(names) + self._say("」", "”")

    def _where(self, where: schema.Where) -> str:
        places = [*self._counted(where), *self._anchored(where)]
        if not places:
            return ""
        return self._say(f"({'、'.join(places)})", " " + ", ".join(places))

    def _counted(self, where: schema.Where) -> Iterator[str]:
        if where.opening_seconds is not None:
            n = f"{where.opening_seconds:g}"
            yield self._say(f"最初の{n}秒の発話で", f"in the first {n} s of their speech")
        if where.first_turns is not None:
            yield self._say(f"最初の{where.first_turns}発話で", f"in their first {where.first_turns} turns")
        if where.last_turns is not None:
            yield self._say(f"最後の{where.last_turns}発話で", f"in their last {where.last_turns} turns")
        if where.last_seconds is not None:
            yield self._say(f"最後の{where.last_seconds:g}秒で", f"in the last {where.last_seconds:g} s")
        if where.during is not None:
            who, n = self._name(where.during.by), f"{where.during.min_seconds:g}"
            yield self._say(f"{who}の{n}秒以上の発話の間", f"during turns of {who} of {n} s or more")

    def _anchored(self, where: schema.Where) -> Iterator[str]:
        if where.after is not None:
            yield self._say(f"「{where.after}」のあと", f"after “{where.after}”")
        if where.before is not None:
            yield self._say(f"「{where.before}」の前", f"before “{where.before}”")
        if where.inside is not None:
            yield self._say(f"「{where.inside}」の間", f"during “{where.inside}”")
        if where.within_seconds is not None:
            yield self._say(f"{where.within_seconds:g}秒以内", f"within {where.within_seconds:g} s")
        if where.within_turns is not None:
            yield self._say(f"{where.within_turns}発話以内", f"within {where.within_turns} turns")

    def _said(self, told: schema.Said) -> str:
        who, what, where = self._name(told.by), self._lists(told.phrases), self._where(told.where)
        times = (
            ""
            if told.at_least == 1
            else self._say(f"{told.at_least}回以上", f" {told.at_least} times or more")
        )
        return self._say(f"{who}が{what}を{times}言う{where}", f"{who} says {what}{times}{where}")

    def _not_said(self, told: schema.NotSaid) -> str:
        who, what, where = self._name(told.by), self._lists(told.phrases), self._where(told.where)
        if told.at_most:
            n = told.at_most
            return self._say(
                f"{who}が{what}を言うのは{n}回まで{where}", f"{who} says {what} {n} times at most{where}"
            )
        return self._say(f"{who}が{what}を言わない{where}", f"{who} does not say {what}{where}")

    def _utterance(self, told: schema.Utterance) -> str:
        if told.phrases is not None:
            return self._lists(told.phrases)
        return self._say("質問", "a question")

    def _order(self, told: schema.Order) -> str:
        first, then, where = self._utterance(told.first), self._utterance(told.then), self._where(told.where)
        return self._say(f"{first}が{then}より先に来る{where}", f"{first} comes before {then}{where}")

    def _steps(self, told: schema.Steps) -> str:
        names = " → ".join(self._say(step.name.ja, step.name.en) for step in told.steps)
        return self._say(f"次の順に進む: {names}", f"in this order: {names}") + self._where(told.where)

    def _each(self, told: schema.Each) -> str:
        what, where = self._lists(told.phrases), self._where(told.where)
        near = self._say("か", " or ").join(self._utterance(u) for u in told.near.any_of)
        return self._say(
            f"{what}のたびに、そばに{near}がある{where}", f"each {what} has {near} beside it{where}"
        )

    def _together(self, told: schema.Together) -> str:
        parts = self._say("と", " and ").join(self._lists(p) for p in told.phrases)
        n, where = told.turns, self._where(told.where)
        return self._say(f"{n}発話のうちに{parts}がそろう{where}", f"{parts} within {n} turn(s){where}")

    def _events(self, told: schema.Events) -> str:
        kind, where = self._name(told.kind), self._where(told.where)
        who = self._name(told.by) if told.by else ""
        limits = self._say("、", ", ").join(self._limits(told))
        ja = f"{who + 'の' if who else ''}{kind}が{limits}{where}"
        return self._say(ja, f"{kind}{' by ' + who if who else ''}: {limits}{where}")

    def _limits(self, told: schema.Events) -> Iterator[str]:
        if told.at_most is not None:
            yield self._say(f"{told.at_most}回まで", f"at most {told.at_most}")
        if told.at_least is not None:
            yield self._say(f"{told.at_least}回以上", f"at least {told.at_least}")
        if told.most_per_10_minutes is not None:
            n = f"{told.most_per_10_minutes:g}"
            yield self._say(f"10分あたり{n}回まで", f"at most {n} in 10 minutes")
        if told.least_per_minute is not None:
            n = f"{told.least_per_minute:g}"
            yield self._say(f"1分あたり{n}回以上", f"at least {n} a minute")

    def _measure(self, told: schema.Measure) -> str:
        limits = []
        if told.at_most is not None:
            limits.append(self._say(f"{told.at_most:g}以下", f"at most {told.at_most:g}"))
        if told.at_least is not None:
            limits.append(self._say(f"{told.at_least:g}以上", f"at least {told.at_least:g}"))
        return f"{told.name}: {self._say('、', ', ').join(limits)}"

    def _question(self, told: schema.Question) -> str:
        who, where = self._name(told.by), self._where(told.where)
        what = self._lists(told.phrases) if told.phrases is not None else ""
        return self._say(f"{who}が{what}質問する{where}", f"{who} asks {what or 'a question'}{where}")

    def _question_run(self, told: schema.QuestionRun) -> str:
        n, broken = told.at_most, self._lists(told.broken_by)
        ja = f"間に{broken}のない質問が続くのは{n}回まで"
        return self._say(ja, f"at most {n} questions in a row with no {broken} between them")

    def _reflection(self, told: schema.Reflection) -> str:
        who, whose, n = self._name(told.by), self._name(told.of), told.min_words
        before = self._lists(told.before) if told.before is not None else ""
        ja = f"{before + 'の前に、' if before else ''}{who}が{whose}の言葉を{n}語以上受けて返す"
        en = f"{who} takes up {n} words or more of {whose}{' before ' + before if before else ''}"
        return self._say(ja, en) + self._where(told.where)

    def _name_matches(self, told: schema.NameMatches) -> str:
        what, where = self._lists(told.phrases), self._where(told.where)
        return self._say(
            f"{what}の名前が記録と一致する{where}", f"the name in {what} is the one on record{where}"
        )

    def _fluent(self, told: schema.Fluent) -> str:
        what, where = self._lists(told.phrases), self._where(told.where)
        return self._say(
            f"{what}をよどみなく言う{where}", f"{what} is said without fillers or long pauses{where}"
        )

    def _judge(self, told: schema.Judge) -> str:
        asked = self._say(told.prompt.ja, told.prompt.en)
        return self._say(f"判定モデルに尋ねる: {asked}", f"a model is asked: {asked}") + self._where(
            told.where
        )

    def _happened(self, told: schema.Happened) -> str:
        return self._say(f"「{told.anchor}」がある", f"“{told.anchor}” happens")

    def _all(self, told: list[schema.Part]) -> str:
        return self._say("、かつ", "; and ").join(map(self._part, told))

    def _any(self, told: list[schema.Part]) -> str:
        return self._say("、または", "; or ").join(map(self._part, told))

    def _part(self, check: schema.Part) -> str:
        """A check within another: in brackets if it has parts itself."""
        composed = isinstance(check, schema.AllCheck | schema.AnyCheck | schema.CasesCheck)
        return f"({self.check(check)})" if composed else self.check(check)

    def _not(self, told: schema.Part) -> str:
        return self._say(f"「{self.check(told)}」ではない", f"not: {self.check(told)}")

    def _cases(self, told: schema.CasesCheck) -> str:
        cases = [f"{self.check(case.when)} → {self._name(case.then)}" for case in told.cases]
        rest = self._say("それ以外", "otherwise")
        return self._say("。", ". ").join([*cases, f"{rest} → {self._name(told.otherwise)}"])


_SAY: Mapping[str, Callable[[Words, Any], str]] = {kind: getattr(Words, f"_{kind}") for kind in schema.CHECKS}
