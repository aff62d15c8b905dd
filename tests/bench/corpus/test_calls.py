"""The sixty calls of each part: mixed enough, and every reference in agreement with itself."""

from __future__ import annotations

import collections
import itertools
import random
import statistics
from typing import Any

from audio_samples.script import Line
from bench.corpus import profile
from bench.corpus.content import read_content
from bench.corpus.draw import draw_calls
from bench.corpus.label import RULES
from bench.corpus.plan import How
from bench.corpus.timing import turn_gap
from qa.model import EventDefinitions, Role, Span, merge_spans, total_overlap
from tests.bench.corpus.conftest import Laid

DEFINITIONS = EventDefinitions()
NEVER_NOT_MET = {"value-question", "shares-joy"}
ROUNDING = 0.011


def span(item: dict[str, Any]) -> Span:
    return Span(item["start"], item["end"])


def test_the_same_seed_gives_the_same_calls() -> None:
    content = read_content("dev")
    assert draw_calls(content, 8, 3) == draw_calls(content, 8, 3)
    assert draw_calls(content, 8, 3) != draw_calls(content, 8, 4)


def test_half_of_each_language_over_all_scenarios(calls: tuple[Laid, ...]) -> None:
    languages = collections.Counter(each.call.script.language for each in calls)
    assert languages == {"ja": 30, "en": 30}
    part = calls[0].call.script.id.split("-")[0]
    assert {each.call.scenario.id for each in calls} == {s.id for s in read_content(part).scenarios}


def test_every_criterion_is_missed_several_times(calls: tuple[Laid, ...]) -> None:
    missed = collections.Counter(
        name for each in calls for name, outcome in each.reference["criteria"].items() if outcome == "not_met"
    )
    assert {name: missed[name] for name in RULES if name not in NEVER_NOT_MET and missed[name] < 3} == {}
    met = collections.Counter(
        name for each in calls for name, outcome in each.reference["criteria"].items() if outcome == "met"
    )
    assert [name for name in RULES if name != "value-question" and not met[name]] == []


def test_few_are_all_good_and_none_all_bad(calls: tuple[Laid, ...]) -> None:
    outcomes = [set(each.reference["criteria"].values()) for each in calls]
    assert sum("not_met" not in found for found in outcomes) <= 4
    assert all("met" in found for found in outcomes)


def test_what_is_demanded_is_there(calls: tuple[Laid, ...]) -> None:
    conditions = [each.call.condition for each in calls]
    assert {c.quality.layout for c in conditions} == {
        "separate",
        "leaking",
        "swapped",
        "duplicated",
        "one_dead",
    }
    assert {c.codec for c in conditions} == {"ulaw", "gsm", "loss"}
    assert {c.voices for c in conditions} == {"plain", "agent-quiet", "customer-quiet", "customer-noisy"}
    assert all(15 <= snr <= 35 for c in conditions for snr in c.snr)
    assert all(-50 <= c.quality.leak <= -20 for c in conditions)
    assert 4 <= sum(each.call.roster_name != each.call.names.agent for each in calls) <= 20
    kinds = {event["kind"] for each in calls for event in each.reference["events"]}
    assert kinds == {"overlap", "backchannel", "terminal_overlap", "interruption", "dead_air", "hold"}


def test_lengths(calls: tuple[Laid, ...]) -> None:
    """Real voices are slower than the buzz: 45 to 90 s are checked where calls are built."""
    assert all(40 <= each.timeline.duration <= 90 for each in calls)


def test_cut_ins_are_interruptions_and_attempts_are_not_successful(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        ways = collections.Counter(move.how for move in each.call.moves)
        agent = [e for e in each.reference["events"] if e["kind"] == "interruption" and e["by"] == "agent"]
        assert sum(e["successful"] for e in agent) == ways[How.CUT_IN], each.call.script.id
        assert sum(not e["successful"] for e in agent) <= ways[How.ATTEMPT]
        expected = "not_met" if ways[How.CUT_IN] else "met"
        assert each.reference["criteria"]["no-interruption"] == expected


def test_times_are_inside_and_in_order(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        inside = Span(0, each.timeline.duration)
        for kind in ("turns", "events", "speech"):
            spans = [span(item) for item in each.reference[kind]]
            assert spans == sorted(spans)
            assert all(s and inside.covers(s) for s in spans)


def test_turns_of_a_speaker_never_overlap(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        for speaker in ("agent", "customer"):
            own = [span(t) for t in each.reference["turns"] if t["speaker"] == speaker]
            assert all(a.end <= b.start + ROUNDING for a, b in itertools.pairwise(own)), each.call.script.id


def test_speech_is_inside_turns_and_split_at_pauses(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        for role in ("agent", "customer"):
            turns = merge_spans((span(t) for t in each.reference["turns"] if t["role"] == role), gap=0.26)
            speech = [span(s) for s in each.reference["speech"] if s["role"] == role]
            assert all(total_overlap(s, turns) >= s.duration - 2 * ROUNDING for s in speech)
            assert all(b.start - a.end >= 0.25 - 2 * ROUNDING for a, b in itertools.pairwise(speech))


def test_backchannels_are_short_turns_of_their_own(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        turns = {(t["start"], t["end"], t["role"]) for t in each.reference["turns"]}
        for event in each.reference["events"]:
            if event["kind"] == "backchannel":
                assert (event["start"], event["end"], event["by"]) in turns
                assert span(event).duration <= DEFINITIONS.backchannel_max


def test_nobody_speaks_in_dead_air_and_no_agent_in_a_hold(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        everyone = merge_spans(span(t) for t in each.reference["speech"])
        agent = merge_spans(span(t) for t in each.reference["speech"] if t["role"] == "agent")
        for event in each.reference["events"]:
            if event["kind"] == "dead_air":
                assert total_overlap(span(event), everyone) <= ROUNDING
            if event["kind"] == "hold":
                assert total_overlap(span(event), agent) <= ROUNDING


def test_the_reference_says_what_was_written(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        heard = "".join(turn["text"] for turn in each.reference["turns"])
        said = [part.text for step in each.call.script.steps if isinstance(step, Line) for part in step.parts]
        assert [text for text in said if text not in heard] == []
        assert not any(mark in text for text in said for mark in "{}|")
        assert set(each.reference["criteria"]) <= set(RULES)


def test_an_agent_without_a_name_in_the_greeting_says_none_later(calls: tuple[Laid, ...]) -> None:
    for each in calls:
        if any(move.act == "greet-company" for move in each.call.moves):
            assert not any("agent" in m.slots for m in each.call.moves if m.role is Role.AGENT)


def test_gaps_are_those_of_people() -> None:
    rng = random.Random(1)
    gaps = [turn_gap(rng) for _ in range(4000)]
    assert 0.27 < statistics.median(gaps) < 0.33
    assert statistics.mean(gaps) > statistics.median(gaps)
    inner = statistics.quantiles(gaps, n=10)
    assert inner[0] > 0.1 and inner[-1] < 0.8


def test_decks_are_dealt_in_full() -> None:
    assert all(abs(sum(shares.values()) - 1) < 1e-9 for shares in profile.SHARES.values())
    greetings = collections.Counter(p.greeting for p in profile.deal(30, random.Random(5)))
    assert greetings == {"full": 22, "company": 8}
