"""Two revisions of a rubric, and what changed, in words a lead understands, in Japanese or English."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.rubric import schema
from qa.rubric.authoring.wording import Words
from qa.rubric.loading.load import load
from qa.rubric.rubric import Rubric

_WORDS: Mapping[str, tuple[str, str]] = {
    "criterion": ("項目", "criterion"),
    "section": ("区分", "section"),
    "flag": ("注意", "flag"),
    "threshold": ("しきい値", "threshold"),
    "event definition": ("イベントの定義", "event definition"),
    "anchor": ("場面", "anchor"),
    "phrase list": ("言い回し", "phrase list"),
    "gone": ("{what}がなくなりました", "{what} is gone"),
    "new": ("{what}が加わりました", "{what} is new"),
    "new points": ("{what}が加わりました(配点{points})", "{what} is new ({points} points)"),
    "points": ("配点が{a}から{b}になりました", "worth {b} points instead of {a}"),
    "on": ("{name}が有効になりました", "{name} is now on"),
    "off": ("{name}が無効になりました", "{name} is now off"),
    "moved": ("区分が{a}から{b}に移りました", "moved from section {a} to {b}"),
    "rule": ("{name}が「{a}」から「{b}」に変わりました", "{name} was “{a}”, is “{b}”"),
    "miss": ("満たさない場合は{b}になりました", "a miss now counts as {b}"),
    "text": ("{name}の文言が変わりました", "the words of its {name} changed"),
    "value": ("{name}が{a}から{b}になりました", "{name} is {b} instead of {a}"),
    "added": ("{kind}「{form}」が加わりました", "{kind} “{form}” added"),
    "removed": ("{kind}「{form}」がなくなりました", "{kind} “{form}” removed"),
    "form": ("言い方", "form"),
    "near-miss": ("数えない言い方", "near-miss"),
    "perhaps": ("人に任せる言い方", "doubtful form"),
    "setting": ("{name}が{b}になりました", "{name} is now {b}"),
    "languages": ("言語が{a}から{b}になりました", "languages are {b} instead of {a}"),
    "renamed": ("名前が{a}から{b}になりました", "the rubric is called {b} instead of {a}"),
    "context": (
        "否定・引用などの共通語({code})が変わりました",
        "words of negation or quotation ({code}) changed",
    ),
    "critical": ("重大項目の扱い", "critical"),
    "bonus": ("加点のみの扱い", "bonus"),
    "enabled": ("項目", "enabled"),
    "check": ("判定", "check"),
    "applies_when": ("対象", "applies_when"),
    "title": ("題名", "title"),
    "meaning": ("意味", "meaning"),
    "reasons": ("理由の文", "reasons"),
    "traps": ("注意書き", "traps"),
    "weight": ("重み", "weight"),
    "when": ("条件", "when"),
    "always": ("常に", "always"),
}


def diff(old: Rubric | Path | str, new: Rubric | Path | str, language: str = "en") -> tuple[str, ...]:
    """One sentence a change, from `old` to `new`; empty if both mean the same."""
    before = old if isinstance(old, Rubric) else load(old)
    after = new if isinstance(new, Rubric) else load(new)
    if before.revision == after.revision and before.name == after.name:
        return ()
    return tuple(_Diff(language).all(before, after))


class _Diff:
    """Tells changes in one language."""

    def __init__(self, language: str) -> None:
        self._index = 0 if language == "ja" else 1
        self._words = Words(language)

    def all(self, old: Rubric, new: Rubric) -> Iterator[str]:
        """Every change."""
        if old.name != new.name:
            yield self._t("renamed", a=old.name, b=new.name)
        if set(old.languages) != set(new.languages):
            yield self._t("languages", a=", ".join(old.languages), b=", ".join(new.languages))
        yield from self._named("criterion", old.file.criteria, new.file.criteria, self._criterion)
        yield from self._named("section", old.file.sections, new.file.sections, self._fields)
        yield from self._named("flag", old.file.flags, new.file.flags, self._fields)
        yield from self._prefixed("threshold", self._fields(old.file.thresholds, new.file.thresholds))
        yield from self._prefixed(
            "event definition", self._fields(old.file.definitions, new.file.definitions)
        )
        yield from self._anchors(old.file.anchors, new.file.anchors)
        yield from self._phrases(old, new)

    def _t(self, key: str, **values: Any) -> str:
        text = _WORDS[key][self._index] if key in _WORDS else key
        return text.format(**values) if values else text

    def _prefixed(self, kind: str, changes: Iterator[str]) -> Iterator[str]:
        yield from (f"{self._t(kind)} {change}" for change in changes)

    def _named(
        self, kind: str, old: Sequence[Any], new: Sequence[Any], compare: Callable[[Any, Any], Iterator[str]]
    ) -> Iterator[str]:
        before, after = {part.id: part for part in old}, {part.id: part for part in new}
        for name in sorted(before.keys() - after.keys()):
            yield self._t("gone", what=f"{self._t(kind)} {name}")
        for name in sorted(after.keys() - before.keys()):
            what, points = f"{self._t(kind)} {name}", getattr(after[name], "points", None)
            new_one = self._t("new", what=what)
            yield new_one if points is None else self._t("new points", what=what, points=f"{points:g}")
        for name in before:
            if name in after and before[name] != after[name]:
                for change in compare(before[name], after[name]):
                    yield f"{self._t(kind)} {name}: {change}"

    def _criterion(self, old: schema.Criterion, new: schema.Criterion) -> Iterator[str]:
        if old.points != new.points:
            yield self._t("points", a=f"{old.points:g}", b=f"{new.points:g}")
        for name in ("critical", "bonus", "enabled"):
            if getattr(old, name) != getattr(new, name):
                yield self._t("on" if getattr(new, name) else "off", name=self._t(name))
        if old.section != new.section:
            yield self._t("moved", a=old.section, b=new.section)
        for name in ("check", "applies_when"):
            a, b = getattr(old, name), getattr(new, name)
            if a != b:
                yield self._t("rule", name=self._t(name), a=self._rule(a), b=self._rule(b))
        if old.not_met_as != new.not_met_as:
            yield self._t("miss", b=self._words.outcome(new.not_met_as))
        for name in ("title", "meaning", "reasons", "traps"):
            if getattr(old, name) != getattr(new, name):
                yield self._t("text", name=self._t(name))

    def _rule(self, check: schema.Part | None) -> str:
        return self._t("always") if check is None else self._words.check(check)

    def _fields(self, old: schema.Part, new: schema.Part) -> Iterator[str]:
        for name in type(old).model_fields:
            a, b = getattr(old, name), getattr(new, name)
            if a != b and name != "examples":
                yield self._t("value", name=self._t(name), a=self._shown(a), b=self._shown(b))

    def _shown(self, value: Any) -> str:
        if isinstance(value, schema.Text):
            return f"「{value.ja}」" if self._index == 0 else f"“{value.en}”"
        if type(value) in schema.CHECKS.values():
            text = self._words.check(value)
            return f"「{text}」" if self._index == 0 else f"“{text}”"
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _anchors(self, old: Mapping[str, schema.Anchor], new: Mapping[str, schema.Anchor]) -> Iterator[str]:
        for name in sorted({*old, *new}):
            what = f"{self._t('anchor')} {name}"
            if name not in new:
                yield self._t("gone", what=what)
            elif name not in old:
                yield self._t("new", what=what)
            elif old[name] != new[name]:
                yield from (f"{what}: {change}" for change in self._fields(old[name], new[name]))

    def _phrases(self, old: Rubric, new: Rubric) -> Iterator[str]:
        for code in sorted({*old.phrases, *new.phrases}):
            before, after = old.phrases.get(code, {}), new.phrases.get(code, {})
            for name in sorted({*before, *after}):
                what = f"{self._t('phrase list')} {name} ({code})"
                if name not in after:
                    yield self._t("gone", what=what)
                elif name not in before:
                    yield self._t("new", what=what)
                else:
                    yield from (f"{what}: {change}" for change in self._forms(before[name], after[name]))
            if code in old.lexicons and code in new.lexicons and _context(old, code) != _context(new, code):
                yield self._t("context", code=code)

    def _forms(self, old: schema.PhraseList, new: schema.PhraseList) -> Iterator[str]:
        for key, noun in (("forms", "form"), ("near_misses", "near-miss"), ("perhaps", "perhaps")):
            before, after = getattr(old, key), getattr(new, key)
            kind = self._t(noun)
            yield from (self._t("added", kind=kind, form=form) for form in after if form not in before)
            yield from (self._t("removed", kind=kind, form=form) for form in before if form not in after)
        for key in ("exact", "negated", "quoted"):
            if getattr(old, key) != getattr(new, key):
                yield self._t("setting", name=key, b=getattr(new, key))


def _context(rubric: Rubric, code: str) -> tuple[Any, ...]:
    """What negates, quotes and is never a name, in one language of a rubric."""
    words = rubric.lexicons[code]
    kinds = ("negation_before", "negation_after", "quotation_before", "quotation_after")
    return (
        *(_texts(getattr(words, kind)) for kind in kinds),
        words.reach,
        words.not_names,
        words.not_content,
    )


def _texts(patterns: Sequence[Any]) -> list[str]:
    return [repr(pattern) for pattern in patterns]
