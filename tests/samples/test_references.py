"""Every reference: its shape, its agreement with itself, with its script and with the sound."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from audio_samples.script import Line
from audio_samples.timeline import SHORTEST_PAUSE
from qa.model import EventDefinitions, EventKind, Role, Span, merge_spans, total_overlap
from tests.samples.conftest import Sample

CRITERIA = {
    "self-identification",
    "identity-on-record",
    "ownership",
    "escalation-handled",
    "no-interruption",
    "let-them-finish",
    "active-listening",
    "reflects-back",
    "asks-circumstances",
    "empathy",
    "empathy-before-apology",
    "specific-apology",
    "apology-not-the-answer",
    "apology-fluent",
    "no-arguing",
    "feelings-before-solution",
    "de-escalation-order",
    "concrete-next-step",
    "clear-limits",
    "no-bare-wait",
    "outcome",
    "value-question",
    "thanks-for-time",
    "closing-summary",
    "shares-joy",
}
DEFINITIONS = EventDefinitions()
ROUNDING = 0.011
"""Times are written in hundredths of a second."""


def span(item: dict[str, Any]) -> Span:
    return Span(item["start"], item["end"])


def of_kind(sample: Sample, kind: EventKind) -> list[dict[str, Any]]:
    return [event for event in sample.reference["events"] if event["kind"] == kind]


def talk(sample: Sample, role: Role | None = None) -> tuple[Span, ...]:
    return merge_spans(span(t) for t in sample.reference["turns"] if role is None or t["role"] == role)


def test_shape(sample: Sample) -> None:
    reference = sample.reference
    assert set(reference) == {"call_id", "language", "turns", "events", "criteria", "names", "speech"}
    assert reference["call_id"] == sample.path.stem
    assert reference["language"] == sample.path.stem[:2]
    assert set(reference["names"]) == {"agent", "company"}
    assert {turn["role"] for turn in reference["turns"]} <= {"agent", "customer", "ivr"}
    assert {event["kind"] for event in reference["events"]} <= set(EventKind)
    assert all(turn["text"] for turn in reference["turns"])


def test_a_voice_is_heard_within_its_turns_and_pauses_in_between(sample: Sample) -> None:
    pieces: list[dict[str, Any]] = sample.reference["speech"]
    assert pieces == sorted(pieces, key=lambda piece: (piece["start"], piece["speaker"]))
    for speaker in {piece["speaker"] for piece in pieces}:
        own = [span(piece) for piece in pieces if piece["speaker"] == speaker]
        assert all(b.start - a.end >= SHORTEST_PAUSE - 2 * ROUNDING for a, b in itertools.pairwise(own))
        turns = merge_spans(
            span(t).pad(ROUNDING) for t in sample.reference["turns"] if t["speaker"] == speaker
        )
        assert all(any(piece.start >= t.start and piece.end <= t.end for t in turns) for piece in own)


def test_length_and_times(sample: Sample) -> None:
    assert 30 <= sample.duration <= 90
    turns, events = sample.reference["turns"], sample.reference["events"]
    assert [span(turn) for turn in turns] == sorted(span(turn) for turn in turns)
    assert [span(event) for event in events] == sorted(span(event) for event in events)
    inside = Span(0, sample.duration)
    assert all(span(item) and inside.covers(span(item)) for item in [*turns, *events])


def test_turns_of_a_speaker_never_overlap(sample: Sample) -> None:
    for speaker in {turn["speaker"] for turn in sample.reference["turns"]}:
        own = [span(turn) for turn in sample.reference["turns"] if turn["speaker"] == speaker]
        assert all(first.end <= second.start for first, second in itertools.pairwise(own))


def test_criteria_are_known_and_the_first_ones_decided(sample: Sample) -> None:
    criteria = sample.reference["criteria"]
    assert set(criteria) <= CRITERIA
    assert set(criteria.values()) <= {"met", "not_met", "not_applicable"}
    assert {"self-identification", "no-interruption", "let-them-finish", "empathy", "thanks-for-time"} <= set(
        criteria
    )


def test_interruption_criterion_is_what_the_events_say(sample: Sample) -> None:
    taken = [e for e in of_kind(sample, EventKind.INTERRUPTION) if e["successful"] and e["by"] == "agent"]
    assert sample.reference["criteria"]["no-interruption"] == ("not_met" if taken else "met")


def test_active_listening_needs_a_long_customer_turn(sample: Sample) -> None:
    longest = max(s.duration for s in (span(t) for t in sample.reference["turns"] if t["role"] == "customer"))
    outcome = sample.reference["criteria"].get("active-listening")
    assert outcome in (("met", "not_met", None) if longest >= 10 else ("not_applicable", None))


def test_interruptions_and_terminal_overlaps_lie_under_both_parties(sample: Sample) -> None:
    for kind in (EventKind.INTERRUPTION, EventKind.TERMINAL_OVERLAP):
        for event in of_kind(sample, kind):
            both = span(event)
            assert total_overlap(both, talk(sample, Role.AGENT)) >= both.duration - ROUNDING
            assert total_overlap(both, talk(sample, Role.CUSTOMER)) >= both.duration - ROUNDING
            if kind is EventKind.TERMINAL_OVERLAP:
                assert both.duration <= DEFINITIONS.terminal_overlap_max + ROUNDING
            else:
                assert both.duration >= DEFINITIONS.interruption_min_overlap - ROUNDING


def test_overlaps_are_long_enough_and_have_a_second_party(sample: Sample) -> None:
    for event in of_kind(sample, EventKind.OVERLAP):
        assert span(event).duration >= DEFINITIONS.overlap_min - ROUNDING
        assert event["by"] in ("agent", "customer")


def test_backchannels_are_turns_of_their_own(sample: Sample) -> None:
    turns = {(t["start"], t["end"], t["role"]) for t in sample.reference["turns"]}
    for event in of_kind(sample, EventKind.BACKCHANNEL):
        assert (event["start"], event["end"], event["by"]) in turns
        assert span(event).duration <= DEFINITIONS.backchannel_max


def test_nobody_speaks_in_dead_air_and_no_agent_in_a_hold(sample: Sample) -> None:
    for event in of_kind(sample, EventKind.DEAD_AIR):
        assert span(event).duration >= DEFINITIONS.dead_air_min - ROUNDING
        assert total_overlap(span(event), talk(sample)) <= ROUNDING
    for event in of_kind(sample, EventKind.HOLD):
        assert span(event).duration >= DEFINITIONS.dead_air_min
        assert total_overlap(span(event), talk(sample, Role.AGENT)) <= ROUNDING


def test_silences_between_turns_are_named(sample: Sample) -> None:
    named = [span(e) for e in sample.reference["events"] if e["kind"] in (EventKind.DEAD_AIR, EventKind.HOLD)]
    spoken = merge_spans([*talk(sample), *named], gap=DEFINITIONS.dead_air_min)
    assert len(spoken) == 1


def test_the_reference_says_what_the_script_says(sample: Sample) -> None:
    said = [part.text for step in sample.script.steps if isinstance(step, Line) for part in step.parts]
    heard = "".join(turn["text"] for turn in sample.reference["turns"])
    assert [text for text in said if text not in heard] == []
    assert sample.reference["criteria"] == dict(sample.script.criteria)


def test_energy_is_where_the_reference_says(sample: Sample) -> None:
    """Stereo with a side a channel: a side sounds in its turns and, but for exchange sounds, only there."""
    if len(sample.channels) == 1 or sample.script.line.layout not in ("separate", "swapped"):
        assert loud_share(sample.channels.sum(axis=0), talk(sample)) > 0.5
        return
    agent, customer = sample.channels if sample.script.line.layout == "separate" else sample.channels[::-1]
    side = merge_spans([*talk(sample, Role.AGENT), *talk(sample, Role.IVR)])
    assert loud_share(agent, side) > 0.5
    assert loud_share(customer, talk(sample, Role.CUSTOMER)) > 0.5
    rest = [gap.pad(-0.2) for gap in gaps(talk(sample, Role.CUSTOMER), sample.duration) if gap.duration > 0.5]
    assert loud_share(customer, rest) < (0.01 if sample.script.line.crackle == 0 else 0.2)


def test_edges_of_turns_are_exact(sample: Sample) -> None:
    """Where a side is alone on its channel, sound begins and ends within a tenth of a second."""
    if len(sample.channels) == 1 or sample.script.line.layout != "separate" or sample.script.line.noise > -60:
        return
    for turn in sample.reference["turns"]:
        channel = sample.channels[1 if turn["role"] == "customer" else 0]
        heard = Span(max(0.0, turn["start"] - 0.2), min(sample.duration, turn["end"] + 0.2))
        level = frame_levels(channel, heard)
        loud = np.flatnonzero(level > level.max() - 35)
        assert abs(heard.start + loud[0] * 0.01 - turn["start"]) < 0.105, turn
        assert abs(heard.start + (loud[-1] + 1) * 0.01 - turn["end"]) < 0.105, turn


def gaps(spans: tuple[Span, ...], duration: float) -> list[Span]:
    edges = [0.0, *(edge for s in spans for edge in (s.start, s.end)), duration]
    return [Span(start, max(start, end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def loud_share(channel: np.ndarray, spans: Any) -> float:
    """Share of 10 ms frames under `spans` above -40 dBFS (speech lies at -21, line noise below -50)."""
    levels = np.concatenate([frame_levels(channel, s) for s in spans])
    return float(np.mean(levels > -40))


def frame_levels(channel: np.ndarray, s: Span) -> np.ndarray:
    piece = channel[round(s.start * 8000) : round(s.end * 8000)]
    frames = piece[: len(piece) // 80 * 80].reshape(-1, 80).astype(np.float64)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
