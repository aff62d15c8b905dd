"""Checks on how they talk: questions, reflection, names, fluency."""

from __future__ import annotations

from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from qa.language import NAMES
from qa.model import Evidence, Role, Word
from qa.rubric import schema
from qa.rubric.checks.look import Look
from qa.rubric.checks.verdict import (
    Verdict,
    absence_doubt,
    due,
    evidence_of,
    met,
    not_applicable,
    not_met,
    review,
    where_judged,
)
from qa.rubric.checks.words import questions, quoting
from qa.rubric.phrases.annotate import Content, Match

_OF = "ノ"
"""の between company and name (青空通信の遠藤), written as if it belonged to a name that nobody has."""
_STOPS = (".", "?", "!", "。", "？", "！")


def question(check: schema.Question, look: Look) -> Verdict:
    """A question of that party: any, or one that holds a phrase of the list."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = questions(look, role, region)
    if check.phrases is not None:
        holding = look.meant(check.phrases, role, region, alike=check.alike)
        asked = {m.turn for m in found}
        found = [m for m in holding if m.turn in asked]
    sure = look.sure(found)
    if len(sure) >= check.at_least:
        return met("asked", evidence_of(sure), **quoting(sure[0]))
    if len(found) >= check.at_least:
        return review("doubtful", evidence_of(found), **quoting(found[0]))
    cause = absence_doubt(look, region)
    if cause:
        return review(cause, due(look, region))
    return not_met(look, "not_asked", due(look, region))


def question_run(check: schema.QuestionRun, look: Look) -> Verdict:
    """The longest string of that party's questions with nothing of `broken_by` in or between them."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    asked = questions(look, role, region)
    breaks = [m.span.start for m in look.matches(check.broken_by, role, region)]
    longest: list[Match] = []
    run: list[Match] = []
    for match in asked:
        since = run[-1].span.start if run else match.span.start
        if any(since <= at <= match.span.end for at in breaks):
            run = []
        run = [*run, match]
        longest = max(longest, run, key=len)
    values = {"count": str(len(longest)), "limit": str(check.at_most)}
    if len(longest) <= check.at_most:
        return met("count_fine", evidence_of(longest[:1]), **values)
    if len(look.sure(longest)) <= check.at_most or absence_doubt(look, region):
        return review("doubtful", evidence_of(longest), **values)
    return not_met(look, "too_many", evidence_of(longest), **values, **quoting(longest[0]))


def reflection(check: schema.Reflection, look: Look) -> Verdict:
    """Content words of the other party, said again by reading or lemma, before the first proposal."""
    other = Role(check.of)
    role, region, doubt = where_judged(look, check.by, check.where, other)
    if doubt:
        return doubt
    proposals = look.matches(check.before, role, region) if check.before is not None else []
    sure = look.sure(proposals)
    until = sure[0].span.start if sure else float("inf")
    shared: dict[str, Evidence] = {}
    own, theirs = look.annotated.content[role], look.annotated.content[other]
    for index in region.turns:
        if look.turns[index].span.start > until:
            break
        for word in _taken_up(check, look, index, own, theirs):
            shared.setdefault(word, look.turn_evidence(index))
    values = {"count": str(len(shared)), "limit": str(check.min_words), "quote": ", ".join(shared)}
    evidence = tuple(dict.fromkeys(shared.values()))
    if len(shared) >= check.min_words:
        return met("reflected", evidence, **values)
    cause = absence_doubt(look, region)
    if cause:
        return review(cause, evidence or due(look, region))
    if check.before is not None and not sure:
        return not_applicable("no_proposal") if not proposals else review("doubtful", evidence_of(proposals))
    return not_met(look, "not_reflected", evidence_of(sure[:1]) or due(look, region), **values)


def _taken_up(
    check: schema.Reflection,
    look: Look,
    index: int,
    own: Content,
    theirs: Content,
) -> list[str]:
    """Surfaces of this turn's content words that the other party used in their last turns."""
    before = [i for i in look.said[Role(check.of)] if i < index]
    known = {
        said
        for turn in before[-check.window_turns :]
        for _, reading, lemma in theirs.get(turn, ())
        for said in (reading, lemma)
    }
    known -= look.lexicon.not_content
    return [
        surface
        for surface, reading, lemma in own.get(index, ())
        if len(reading) >= 2
        and (reading in known or lemma in known)
        and reading not in look.lexicon.not_content
        and lemma not in look.lexicon.not_content
    ]


def name_matches(check: schema.NameMatches, look: Look) -> Verdict:
    """The spoken name against the one on record, by sound.

    Somebody else's name is believed only where it is a name that people have: recognition turns the right
    name into any other word.
    """
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    expected = look.finder.filler().agent
    if not expected:
        return review("no_roster")
    voice = look.voice(role)
    heard: list[tuple[float, Match, str, bool]] = []
    for match in look.matches(check.phrases, role, region):
        for kind, first, last in match.slots:
            if kind == check.slot:
                sound = "".join(voice.reading[first : last + 1])
                said = "".join(voice.surface[first : last + 1])
                a_name = all(pos in NAMES for pos in voice.pos[first : last + 1])
                likeness = _alike(sound, expected)
                if not a_name and sound.startswith(_OF):
                    likeness = max(likeness, _alike(sound.removeprefix(_OF), expected))
                heard.append((likeness, match, said, a_name))
    if not heard:
        return review("no_name", due(look, region))
    likeness, match, said, a_name = max(heard, key=lambda item: item[0])
    values = {"quote": said, "value": look.annotated.conversation.call.agent_name or ""}
    if likeness >= check.same:
        return met("same_name", [match.evidence()], **values)
    if likeness >= check.different or not a_name or not look.sure([match]):
        return review("name_unsure", [match.evidence()], **values)
    return not_met(look, "other_name", [match.evidence()], **values)


def _alike(said: str, expected: str) -> float:
    """Likeness of two names: whole, or the spoken family name within the full one."""
    whole = Levenshtein.normalized_similarity(said, expected)
    short, long = sorted((said, expected), key=len)
    part = 1.0 if len(short) >= 3 and long.startswith(short) else 0.0
    return max(whole, part)


def fluent(check: schema.Fluent, look: Look) -> Verdict:
    """Fillers, restarts and pauses inside each match and just before it, by word times."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = look.matches(check.phrases, role, region)
    sure = look.sure(found)
    if not found:
        return not_applicable("never_said")
    halting = [m for m in sure if _halts(check, look, m)]
    if halting:
        if any(w.probability < 0.5 for w in look.turns[halting[0].turn].words):
            return review("words_unsure", evidence_of(halting), **quoting(halting[0]))
        return not_met(look, "halting", evidence_of(halting), **quoting(halting[0]))
    if not sure:
        return review("doubtful", evidence_of(found), **quoting(found[0]))
    return met("straight", evidence_of(sure), **quoting(sure[0]))


def _halts(check: schema.Fluent, look: Look, match: Match) -> bool:
    """True if fillers pile up, from `lead_seconds` before it to its sentence's end, or a pause gapes."""
    words = _sentence(check, look, match)
    told = [token.surface for token in look.rules.tokens(look.rules.join([word.text for word in words]))]
    straight = [part for part in told if not look.rules.is_filler(part)]
    restarts = sum(a.lower() == b.lower() for a, b in pairwise(straight))
    inside = pairwise(word for word in words if word.span.start < match.span.end)
    pauses = (b.span.start - a.span.end for a, b in inside if not a.text.rstrip().endswith(_STOPS))
    pause = max(pauses, default=0.0)
    return len(told) - len(straight) + restarts >= check.fillers or pause > check.max_pause


def _sentence(check: schema.Fluent, look: Look, match: Match) -> list[Word]:
    """The words around a phrase: from a little before it to where its sentence ends."""
    found: list[Word] = []
    for word in look.turns[match.turn].words:
        if word.span.end <= match.span.start - check.lead_seconds:
            continue
        if found and word.span.start >= match.span.end and found[-1].text.rstrip().endswith(_STOPS):
            break
        found.append(word)
    return found
