"""Phrase lists whose forms have changed since a call was scored, and whether that changes what they find.

A form that came or went matters only to the calls in which somebody says something like it. In all others
the list finds exactly what it found before (no place of a changed form competes with those of the rest), and
the judgements that hang on it still hold. So the changed forms alone are looked for, which is little.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from qa.errors import RubricError
from qa.model import Call, Role
from qa.rubric import schema
from qa.rubric.loading.load import CONTEXT, examples_of, files_of, identity_of
from qa.rubric.loading.marked import parse
from qa.rubric.loading.problems import validate
from qa.rubric.phrases import match, slots
from qa.rubric.phrases.annotate import ROLES
from qa.rubric.phrases.compiled import compile_patterns
from qa.rubric.phrases.forms import FormError
from qa.rubric.phrases.lexicon import Lexicon
from qa.rubric.phrases.reading import VoicesKept
from qa.rubric.phrases.seeds import Index
from qa.rubric.rubric import Keys, Rubric
from qa.rubric.scores.kept import judged_by, make_keys

_APART = {"forms", "near_misses", "perhaps", "hits", "misses", "doubts", "meaning"}
"""Of a list: what is looked at apart, and what decides nothing."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A list of which only forms have come or gone."""

    before: str
    """The identity that it had."""
    judged_by: str
    """The same for judgements, which may hang on its examples too."""
    taught_same: bool
    """Its examples are what they were, or decide nothing."""
    index: Index
    """The forms, near-misses and doubtful forms that came or went."""


@dataclass(frozen=True)
class Since:
    """What has moved in one language's lists since an earlier revision of a rubric."""

    rubric: Rubric
    code: str
    moved: Mapping[str, Moved]

    @cached_property
    def keys(self) -> Keys:
        """The keys of judgements as they were when the lists that moved were what they had been."""
        return make_keys(self.rubric, self.code, {name: each.judged_by for name, each in self.moved.items()})

    @property
    def lexicon(self) -> Lexicon:
        """The words of now."""
        return self.rubric.lexicons[self.code]


class Unmoved:
    """One call: under which key a judgement of the earlier revision still holds, and where it may not."""

    def __init__(self, since: Since, call: Call, voices: Callable[[], VoicesKept | None]) -> None:
        """`voices`: what is kept of the call (see `qa.rubric.phrases.reading`), asked for at most once."""
        self._since = since
        self._call = call
        self._heard = cache(voices)
        self._same = cache(self._finds_the_same)
        self._passages = cache(self._said_in)

    def before(self, name: str) -> str | None:
        """The identity of a list of which only forms have changed; None: it is not such a list."""
        moved = self._since.moved.get(name)
        return moved.before if moved is not None and self._heard() is not None else None

    def passages(self, name: str, role: Role) -> frozenset[int]:
        """Where that role says something like a form of this list that came or went."""
        return self._passages(name, role)

    def criterion(self, number: int) -> str | None:
        """The earlier key of a criterion, by its place in the rubric; None if it may come out differently."""
        keys = self._since.keys
        return keys.criteria[number] if self._all_same(keys.criteria_lists[number]) else None

    def flag(self, number: int) -> str | None:
        """The same for a flag."""
        keys = self._since.keys
        return keys.flags[number] if self._all_same(keys.flags_lists[number]) else None

    def _all_same(self, names: Collection[str]) -> bool:
        moved = [name for name in names if name in self._since.moved]
        return bool(moved) and all(map(self._same, moved))

    def _finds_the_same(self, name: str) -> bool:
        """True if nobody says anything that a form that came or went would find."""
        if not self._since.moved[name].taught_same or self._heard() is None:
            return False
        return not any(self._passages(name, role) for role in ROLES)

    def _said_in(self, name: str, role: Role) -> frozenset[int]:
        heard = self._heard()
        assert heard is not None
        seeds = self._since.moved[name].index.look(heard.sounds[role])
        if not seeds.due:
            return frozenset()
        voice = heard.voice(role)
        search = match.Search(voice, self._since.code, self._filler, seeds)
        hits = (hit for patterns in seeds.due.values() for hit in search.find(patterns))
        return frozenset(voice.passage[hit.first] for hit in hits)

    @cached_property
    def _filler(self) -> slots.Filler:
        return slots.filler_of(self._call, self._since.code, self._since.lexicon.not_names)


def since(files: Mapping[str, str], rubric: Rubric, code: str) -> Since:
    """What moved in the lists of `rubric` since the rubric that `files` (name → text) were."""
    lexicon = rubric.lexicons.get(code)
    if lexicon is None:
        return Since(rubric, code, {})
    now = {name: path.read_text(encoding="utf-8") for name, path in files_of(rubric.folder).items()}
    around = f"phrases/{code}/{CONTEXT}.yaml"
    context = files.get(around)
    if context != now.get(around):  # what negates and quotes is another: no list finds what it found
        return Since(rubric, code, {})
    taught = lexicon.resemblance is not None
    moved: dict[str, Moved] = {}
    for name in lexicon.lists:
        file = f"phrases/{code}/{name}.yaml"
        if file in files and files[file] != now.get(file):
            found = _moved(files[file], file, context, rubric.phrases[code][name], code, taught)
            if found is not None:
                moved[name] = found
    return Since(rubric, code, moved)


def _moved(
    text: str, file: str, context: str | None, now: schema.PhraseList, code: str, taught: bool
) -> Moved | None:
    """What moved in one list; None if more than forms did, or their order, or it cannot be read any more."""
    try:
        document = parse(text, file)
        before = validate(schema.PhraseList, document)
        around = parse(context, CONTEXT).data if context is not None else None
    except RubricError:
        return None
    changed = [
        _changed(getattr(before, key), getattr(now, key)) for key in ("forms", "near_misses", "perhaps")
    ]
    if before.model_dump(exclude=_APART) != now.model_dump(exclude=_APART) or None in changed:
        return None
    try:
        patterns = compile_patterns([f for forms in changed for f in forms or ()], code, exact=now.exact)
    except FormError:
        return None
    identity = identity_of(before, code, around)
    examples = examples_of(before) if taught else None
    same = not taught or examples == examples_of(now)
    return Moved(identity, judged_by(identity, examples), same, Index({"moved": patterns}))


def _changed(before: Sequence[str], now: Sequence[str]) -> list[str] | None:
    """The forms that came or went; None if the others stand in another order: it decides between equals."""
    both = set(before) & set(now)
    if [f for f in before if f in both] != [f for f in now if f in both]:
        return None
    return [f for f in (*before, *now) if f not in both]
