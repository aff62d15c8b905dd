"""What a check came to, with its evidence, and the rules by which every check abstains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.model import Evidence, Outcome, Role, Separation, Span, StereoKind
from qa.rubric import schema
from qa.rubric.checks.look import Look, Region
from qa.rubric.phrases.annotate import Match

VOICE_LOST = 10.0
"""Seconds of talk after somebody's last word that make it unlikely to have been their last."""


SHORTEST_PHRASE = 0.8
"""Seconds: in fewer no phrase is said."""
SHORTEST_LOST = 0.5
"""Seconds: the end of a sentence, as short as it may be (ありがとうございます: 0.7)."""
SOON = 1.0
"""Seconds within which somebody goes on with a sentence."""
_COMMAS = ("、", ",")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check. `cause` is a key of `qa.rubric.checks.reasons`; `values` fill its sentence."""

    outcome: Outcome
    cause: str
    evidence: tuple[Evidence, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outcome is Outcome.NOT_MET and not self.evidence:
            raise ValueError(f"not_met ({self.cause}) needs evidence")


def met(cause: str, evidence: Sequence[Evidence] = (), /, **values: str) -> Verdict:
    """The behaviour is there."""
    return Verdict(Outcome.MET, cause, tuple(evidence), values)


def review(cause: str, evidence: Sequence[Evidence] = (), /, **values: str) -> Verdict:
    """A person must judge."""
    return Verdict(Outcome.NEEDS_REVIEW, cause, tuple(evidence), values)


def not_applicable(cause: str, evidence: Sequence[Evidence] = ()) -> Verdict:
    """There is nothing to judge."""
    return Verdict(Outcome.NOT_APPLICABLE, cause, tuple(evidence))


def not_met(look: Look, cause: str, evidence: Sequence[Evidence], /, **values: str) -> Verdict:
    """The behaviour is missing, or a wrong one is there. Without any place to show, a person must judge."""
    if not evidence:
        return review("nowhere", **values)
    return Verdict(Outcome.NOT_MET, cause, tuple(evidence), values)


def as_outcome(
    look: Look, outcome: str, cause: str, evidence: Sequence[Evidence], /, **values: str
) -> Verdict:
    """A verdict whose outcome the rubric names."""
    if outcome == "not_met":
        return not_met(look, cause, evidence, **values)
    return Verdict(Outcome(outcome), cause, tuple(evidence), values)


def role_doubt(look: Look, *roles: Role) -> Verdict | None:
    """Abstain where it is not known well enough who is who."""
    conversation = look.annotated.conversation
    for role in roles:
        confidence = conversation.role_confidence(role)
        if confidence < look.thresholds.role_confidence:
            cause = "role_unsure" if confidence else f"no_{role}"
            return review(cause, limit=f"{look.thresholds.role_confidence:.0%}", value=f"{confidence:.0%}")
    return None


def region_doubt(look: Look, region: Region) -> Verdict | None:
    """Nothing to judge without the anchor; whether it is there hangs on knowing who would have said it."""
    if not region.missing:
        return None
    whole = (Span(0.0, look.annotated.conversation.duration),)
    if any(_unheard(look, role, whole) for role in region.hangs_on):
        return review("unheard")
    return role_doubt(look, *region.hangs_on) or not_applicable("no_anchor")


def where_judged(
    look: Look, by: schema.RoleName, where: schema.Where, *others: Role
) -> tuple[Role, Region, Verdict | None]:
    """Whose words are looked at and where, and why neither may be judged (`others` matter too)."""
    role = Role(by)
    region = look.region(where, role)
    return role, region, role_doubt(look, role, *others) or region_doubt(look, region)


def absence_doubt(look: Look, region: Region, until: float | None = None) -> str | None:
    """Why the absence of something in this region proves nothing; None if it does prove it."""
    spans = region.spans if until is None else tuple(s for s in _before(region.spans, until))
    if region.unsure:
        return "anchor_unsure"
    if _unheard(look, region.role, spans):
        return "unheard"
    if _strangers(look, spans) >= look.thresholds.unheard_seconds:
        return "stranger"
    if _voice_lost(look, region.role):
        return "voice_lost"
    probability = _probability(look, region, spans)
    if probability is not None and probability < look.thresholds.word_probability:
        return "words_unsure"
    if poor_audio(look):
        return "poor_audio"
    quality = look.annotated.conversation.quality
    reaches_end = any(s.end >= look.turns[-1].span.end for s in spans) if look.turns else True
    return "truncated" if quality.truncated and reaches_end else None


def _voice_lost(look: Look, role: Role) -> bool:
    """True if a diarized call goes on for long without this role: its voice was taken for the other's."""
    if look.annotated.conversation.separation is not Separation.DIARIZED:
        return False
    last = max((t.span.end for t in look.turns if t.role is role and t.words), default=0.0)
    after = sum(t.span.duration for t in look.turns if t.words and t.span.start >= last)
    return after >= VOICE_LOST


def _strangers(look: Look, spans: Sequence[Span]) -> float:
    """Seconds said here by voices whose role is not known: it may have been said by one of them."""
    unknown = [look.turns[i].span for i in look.said[Role.UNKNOWN]]
    return sum(turn.overlap(span) for turn in unknown for span in spans)


def _probability(look: Look, region: Region, spans: Sequence[Span]) -> float | None:
    """The mean of the region's words that begin in these spans; None if too few to hide a phrase.

    Listening ("mm", はい) is left out: no phrase hides in it.
    """
    count, total, seconds = 0, 0.0, 0.0
    for index in filter(look.annotated.substantial.__getitem__, region.turns):
        turn = look.turns[index]
        start, end = turn.span.start, turn.span.end
        near = [s for s in spans if s.start <= end and start < s.end]
        if any(s.start <= start and end < s.end for s in near):
            count += len(turn.words)
            total += len(turn.words) * look.annotated.probability[index]
            seconds += end - start
        elif near:
            inside = [w for w in turn.words if any(s.start <= w.span.start < s.end for s in near)]
            count += len(inside)
            total += sum(w.probability for w in inside)
            seconds += sum(w.span.duration for w in inside)
    return total / count if seconds >= SHORTEST_PHRASE else None


def _before(spans: Sequence[Span], until: float) -> list[Span]:
    return [Span(s.start, min(s.end, until)) for s in spans if s.start < until]


def _unheard(look: Look, role: Role, spans: Sequence[Span]) -> bool:
    """True if that role spoke here without words being recognised: for a while, or where words broke off."""
    conversation = look.annotated.conversation
    roles = {r.speaker: r.role for r in conversation.roles}
    lost = [
        piece.span
        for piece in conversation.unheard
        if roles.get(piece.speaker, role) in (role, Role.UNKNOWN)
        and any(piece.span.overlap(span) > 0 for span in spans)
    ]
    if any(span.duration >= SHORTEST_LOST and _completes(look, role, span) for span in lost):
        return True
    unheard = sum(piece.overlap(span) for piece in lost for span in spans)
    if unheard < look.thresholds.unheard_seconds:
        return False
    heard = sum(look.turns[i].span.overlap(span) for i in look.own[role] for span in spans)
    return unheard >= look.thresholds.unheard_share * (unheard + heard)


def _completes(look: Look, role: Role, lost: Span) -> bool:
    """True if what was not heard goes on from words of the same role that stop in mid-clause."""
    before = [i for i in look.said[role] if look.turns[i].span.start < lost.start]
    words = [w for w in look.turns[before[-1]].words if w.span.start < lost.start] if before else []
    if not words or lost.start - words[-1].span.end > SOON:
        return False
    text = look.rules.join([word.text for word in words])
    return text.endswith(_COMMAS) or look.rules.breaks_off(text)


def poor_audio(look: Look) -> bool:
    """True if a channel that speech was recognised on is too noisy to prove an absence."""
    ratios = look.annotated.conversation.quality.snr_db
    noisy = [channel for channel, snr in enumerate(ratios) if snr < look.thresholds.snr_db]
    if not noisy or len(ratios) == 1:
        return bool(noisy)
    return any(t.words[0].channel in noisy for t in look.turns if t.words)


def separation_doubt(look: Look) -> str | None:
    """Why overlapping talk cannot be judged in this recording; None if it can."""
    conversation = look.annotated.conversation
    if conversation.quality.stereo is StereoKind.ONE_DEAD or conversation.separation is Separation.SINGLE:
        return "one_voice"
    return None


def due(look: Look, region: Region) -> tuple[Evidence, ...]:
    """Where something that is absent was due: the anchor and the answer to it, or the turns looked at."""
    turns = [i for i in region.turns if look.annotated.substantial[i]] or list(region.turns)
    if region.anchor is not None:
        return (region.anchor.evidence, *(look.turn_evidence(i) for i in turns[:1]))
    whole_call = len(turns) == len(look.own[region.role])
    chosen = turns[-2:] if whole_call else turns[:3]
    return tuple(look.turn_evidence(i) for i in chosen)


def evidence_of(matches: Sequence[Match]) -> tuple[Evidence, ...]:
    """The places of these matches."""
    return tuple(m.evidence() for m in matches)


def clock(seconds: float) -> str:
    """A time as people say it: m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
