"""Checks on phrases in company: each with its companion, several close together."""

from __future__ import annotations

from collections.abc import Sequence

from qa.rubric import schema
from qa.rubric.checks.look import Look, Region
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
from qa.rubric.checks.words import quoting, utterances
from qa.rubric.phrases.annotate import CONTENT, Match

BESIDE = 10
"""Words on either side of a phrase among which its companion is likely to be."""


def each(check: schema.Each, look: Look) -> Verdict:
    """Every sure match has a companion; from `failures` without one it is not met."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    found = look.matches(check.phrases, role, region)
    if not found:
        return not_applicable("never_said")
    alone: list[Match] = []
    unsure: list[Match] = []
    for match in found:
        standing = _accompanied(match, check.near, look)
        if standing == "alone":
            (alone if match in look.sure([match]) else unsure).append(match)
        elif standing == "unsure":
            unsure.append(match)
    count = {"count": str(len(alone)), "limit": str(check.failures)}
    if len(alone) >= check.failures:
        if region.unsure:
            return review("anchor_unsure", evidence_of(alone))
        return not_met(look, "alone", evidence_of(alone), **quoting(alone[0]), **count)
    if len(alone) + len(unsure) >= check.failures:
        return review("doubtful", evidence_of([*alone, *unsure]), **quoting((alone + unsure)[0]))
    return met("accompanied", evidence_of(found), **quoting(found[0]), **count)


def _accompanied(match: Match, near: schema.Companion, look: Look) -> str:
    """`with`, `alone`, or `unsure` where the companion is doubtful or could not have been heard."""
    own: Sequence[int] = look.said[match.role]
    if match.turn not in own:
        own = sorted([*own, match.turn])
    at = own.index(match.turn)
    chosen = own[max(0, at - near.turns_before) : at + near.turns_after + 1]
    spans = tuple(look.turns[i].span for i in chosen if near.same_turn or i != match.turn)
    if not spans:
        return "alone"
    stretch = Region(match.role, (spans[0] | spans[-1],), tuple(chosen))
    found = [m for wanted in near.any_of for m in utterances(wanted, look, stretch)]
    found = [m for m in found if not (m.likened and _adds_little(match, m, look))]
    if not near.same_turn:
        found = [m for m in found if m.turn != match.turn]
    if look.sure(found):
        return "with"
    mumbled = near.same_turn and _mumbled(match, look)
    return "unsure" if found or mumbled or absence_doubt(look, stretch) else "alone"


def _adds_little(match: Match, other: Match, look: Look) -> bool:
    """True if `other` holds hardly a word of content beside the match itself: that is no company."""
    voice = look.voice(match.role)
    beside = (i for i in range(other.first, other.last + 1) if not match.first <= i <= match.last)
    return sum(voice.pos[i] in CONTENT for i in beside) < 2


def _mumbled(match: Match, look: Look) -> bool:
    """True if a word of content close by was hardly recognised: it may have been the companion."""
    voice = look.voice(match.role)
    first, last = max(0, match.first - BESIDE), min(len(voice.turn), match.last + 1 + BESIDE)
    return any(
        voice.turn[i] == match.turn
        and voice.pos[i] in CONTENT
        and voice.probability[i] < look.thresholds.word_probability
        for i in (*range(first, match.first), *range(match.last + 1, last))
    )


def together(check: schema.Together, look: Look) -> Verdict:
    """All lists have a match within `turns` consecutive turns of the role."""
    role, region, doubt = where_judged(look, check.by, check.where)
    if doubt:
        return doubt
    own = [i for i in region.turns if look.annotated.substantial[i]]
    matches = [look.meant(phrases, role, region, alike=check.alike) for phrases in check.phrases]
    best: list[Match] = []
    for at in range(len(own)):
        window = set(own[at : at + check.turns])
        firsts = []
        for found in matches:
            inside = [m for m in found if m.turn in window]
            firsts += (look.sure(inside) or inside)[:1]
        if (len(firsts), len(look.sure(firsts))) > (len(best), len(look.sure(best))):
            best = firsts
    if len(best) == len(check.phrases):
        if len(look.sure(best)) < len(best) or region.unsure:
            return review("doubtful", evidence_of(best), **quoting(best[0]))
        return met("together", evidence_of(best), **quoting(best[0]))
    cause = absence_doubt(look, region)
    if cause:
        return review(cause, due(look, region))
    return not_met(look, "not_together", evidence_of(best) or due(look, region))
