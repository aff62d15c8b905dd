"""Checks on how they talk: events, measures, questions, reflection, names, fluency."""

from __future__ import annotations

from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from qa.model import Event, EventKind, Evidence, Measures, Role, Separation, Span
from qa.rubric import schema
from qa.rubric.annotate import Content, Match
from qa.rubric.checks_words import questions, quoting
from qa.rubric.look import Look, Region
from qa.rubric.verdict import (
    Verdict,
    absence_doubt,
    clock,
    due,
    evidence_of,
    met,
    not_applicable,
    not_met,
    region_doubt,
    review,
    role_doubt,
    separation_doubt,
    where_judged,
)


def active_events(check: schema.Events, look: Look) -> Verdict:
    """Counts against limits: with the confirmed events alone, and with those that one signal saw."""
    roles = [Role(name) for name in (check.by, check.against) if name]
    region = look.region(check.where, roles[0] if roles else Role.AGENT)
    doubt = role_doubt(look, *roles) or region_doubt(look, region)
    if doubt:
        return doubt
    alone = separation_doubt(look)
    if alone and check.kind not in ("dead_air", "raised_voice"):
        return review(alone)
    found = [e for e in look.annotated.conversation.events if _chosen(e, check, region)]
    sure = [e for e in found if _sure(e, check)]
    if not region.spans:
        return not_applicable("nothing_applies")
    return _judge_count(check, look, region, sure, found)


def _chosen(event: Event, check: schema.Events, region: Region) -> bool:
    return (
        event.kind is EventKind(check.kind)
        and (check.by is None or event.by is Role(check.by))
        and (check.against is None or event.against is Role(check.against))
        and (check.successful is None or event.successful in (check.successful, None))
        and (check.min_seconds is None or event.span.duration >= check.min_seconds)
        and any(span.overlap(event.span) > 0 or event.span.start in span for span in region.spans)
    )


def _sure(event: Event, check: schema.Events) -> bool:
    """Interruptions need two independent signals; the other events are measured, not guessed."""
    if event.kind is not EventKind.INTERRUPTION:
        return True
    return event.confirmed and (check.successful is None or event.successful is not None)


def _judge_count(
    check: schema.Events, look: Look, region: Region, sure: list[Event], found: list[Event]
) -> Verdict:
    values = {"count": str(len(sure)), "limit": str(check.at_most if check.at_most is not None else "")}
    places = [_place(e, look) for e in sure]
    if sure:
        values |= {"quote": places[0].quote, "at": clock(sure[0].span.start)}
    if _too_many(check, look, len(sure)):
        if region.unsure:
            return review("anchor_unsure", places, **values)
        return not_met(look, "too_many", places, **values)
    if _too_many(check, look, len(found)):
        return review("unconfirmed", [_place(e, look) for e in found], **values)
    if _too_few(check, region, len(sure)):
        cause = "mono" if look.annotated.conversation.separation is not Separation.CHANNEL else None
        cause = cause or absence_doubt(look, region)
        evidence = _stretches(look, region)
        return review(cause, evidence) if cause else not_met(look, "too_few", evidence, **values)
    return met("count_fine", places, **values)


def _too_many(check: schema.Events, look: Look, count: int) -> bool:
    tens = max(look.annotated.conversation.duration / 600, 1e-9)
    over = check.at_most is not None and count > check.at_most
    return over or (check.most_per_10_minutes is not None and count / tens > check.most_per_10_minutes)


def _too_few(check: schema.Events, region: Region, count: int) -> bool:
    minutes = sum(span.duration for span in region.spans) / 60
    few = check.at_least is not None and count < check.at_least
    return few or (check.least_per_minute is not None and count < check.least_per_minute * minutes)


def _place(event: Event, look: Look) -> Evidence:
    """An event as evidence: what the interrupted party was saying, or what was said under it."""
    role = (event.against if event.words else event.by) or Role.UNKNOWN
    quote = event.words or " / ".join(t.text for t in look.turns if t.span.overlap(event.span))[:80]
    return Evidence(event.span, role, quote, 1.0 if event.confirmed else 0.5)


def _stretches(look: Look, region: Region) -> list[Evidence]:
    """The turns during which something was missing."""
    return [
        look.turn_evidence(i)
        for i, t in enumerate(look.turns)
        if any(span.overlap(t.span) > 0 for span in region.spans) and look.annotated.substantial[i]
    ][:3]


def measure(check: schema.Measure, look: Look) -> Verdict:
    """A number of the call against a threshold; evidence is the whole call or the longest stretch."""
    measures = look.annotated.conversation.measures
    value = getattr(measures, check.name)
    if value is None:
        return not_applicable("not_measured")
    shown = {"value": f"{value:.1f}", "name": check.name}
    low = check.at_least is not None and value < check.at_least
    high = check.at_most is not None and value > check.at_most
    shown["limit"] = f"{check.at_most if high else check.at_least if low else ''}"
    if not (low or high):
        return met("measure_fine", **shown)
    return not_met(
        look, "measure_high" if high else "measure_low", _measured(check.name, look, measures), **shown
    )


def _measured(name: str, look: Look, measures: Measures) -> list[Evidence]:
    kinds = {"dead_air": EventKind.DEAD_AIR, "hold": EventKind.HOLD, "interruptions": EventKind.INTERRUPTION}
    kind = next((k for prefix, k in kinds.items() if name.startswith(prefix)), None)
    events = [e for e in look.annotated.conversation.events if e.kind is kind]
    if events:
        longest = sorted(events, key=lambda e: -e.span.duration)[:3]
        return [_place(e, look) for e in sorted(longest, key=lambda e: e.span.start)]
    whole = Span(0.0, max(measures.duration, 0.0))
    return [Evidence(whole, Role.UNKNOWN, "", 1.0)]


def question(check: schema.Question, look: Look) -> Verdict:
    """A question of that party: any, or one that holds a phrase of the list."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = questions(look, role, region)
    if check.phrases is not None:
        holding = look.matches(check.phrases, role, region)
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
                a_name = all(pos == "name" for pos in voice.pos[first : last + 1])
                heard.append((_alike(sound, expected), match, said, a_name))
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
    """True if fillers pile up or a pause gapes from `lead_seconds` before the phrase to its end."""
    words = [
        w
        for w in look.turns[match.turn].words
        if w.span.end > match.span.start - check.lead_seconds and w.span.start < match.span.end
    ]
    fillers = sum(look.rules.is_filler(w.text) for w in words)
    restarts = sum(a.text.strip() == b.text.strip() for a, b in pairwise(words))
    pause = max((b.span.start - a.span.end for a, b in pairwise(words)), default=0.0)
    return fillers + restarts >= check.fillers or pause > check.max_pause
