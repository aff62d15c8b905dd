"""A hand-made call for tests of rooms that only look at results: no audio, no models."""

from __future__ import annotations

from datetime import UTC, datetime

from qa.model import (
    Call,
    Conversation,
    Event,
    EventKind,
    Evidence,
    Finding,
    Flag,
    Measures,
    Message,
    Outcome,
    Quality,
    Receipt,
    Role,
    Score,
    Scorecard,
    Separation,
    Span,
    SpeakerRole,
    SpeakerSpan,
    StereoKind,
    Turn,
    Word,
)

RECORDING = "ab" * 32


def turn(role: Role, start: float, end: float, text: str) -> Turn:
    """A turn of one word, on channel 0 for the agent and 1 for anybody else."""
    channel = 0 if role is Role.AGENT else 1
    word = Word(text, Span(start, end), 0.9, channel)
    return Turn("A" if channel == 0 else "B", role, Span(start, end), (word,), text)


def conversation(call_id: str = "call-1", *, recording_id: str = RECORDING) -> Conversation:
    """A Japanese stereo call of 20 s: greeting, trouble, interruption, apology."""
    turns = (
        turn(Role.AGENT, 0.5, 3.2, "青空サポートの佐藤でございます。"),
        turn(Role.CUSTOMER, 3.6, 9.0, "昨日届いた箱が、壊れていて困っているんですが"),
        turn(Role.AGENT, 7.8, 11.0, "申し訳ございません。"),
        turn(Role.CUSTOMER, 12.0, 14.0, "<B> & =1+1"),
    )
    return Conversation(
        call=Call(
            call_id,
            agent_id="a17",
            agent_name="佐藤",
            queue="support",
            started_at=datetime(2026, 1, 3, 10, 22, tzinfo=UTC),
            attributes={"note": "=HYPERLINK(1)"},
        ),
        recording_id=recording_id,
        language="ja",
        separation=Separation.CHANNEL,
        quality=Quality(
            20.0, 8000, 2, "pcm_mulaw", StereoKind.SEPARATE, "narrow", (-20, -22), (30, 28), (0, 0), 0.3
        ),
        turns=turns,
        roles=(SpeakerRole("A", Role.AGENT, 0.95), SpeakerRole("B", Role.CUSTOMER, 0.95)),
        speech=tuple(SpeakerSpan(t.speaker, t.span, 1.0, 0 if t.role is Role.AGENT else 1) for t in turns),
        sounds=(),
        events=(
            Event(
                EventKind.INTERRUPTION,
                Span(7.8, 9.0),
                Role.AGENT,
                Role.CUSTOMER,
                "困っているんですが",
                True,
                ("activity", "words"),
            ),
        ),
        measures=Measures(
            duration=20.0,
            turns=4,
            agent_talk_seconds=5.9,
            customer_talk_seconds=7.4,
            interruptions_by_agent=1,
            dead_air_seconds=4.2,
            dead_air_count=1,
            agent_speech_units=40,
        ),
    )


def scorecard(call_id: str = "call-1", *, recording_id: str = RECORDING) -> Scorecard:
    """Met, not met, needs review and not applicable, one each; 10 of 20 points."""
    quote = Evidence(Span(0.5, 3.2), Role.AGENT, "青空サポートの佐藤でございます。", 0.9)
    cut = Evidence(Span(7.8, 9.0), Role.CUSTOMER, "困っているんですが", 0.88)
    findings = (
        Finding(
            "self-identification",
            "opening",
            Outcome.MET,
            10,
            10,
            Message("名乗りがあります。", "They gave their name."),
            (quote,),
        ),
        Finding(
            "no-interruption",
            "listening",
            Outcome.NOT_MET,
            0,
            10,
            Message("お客様の話を1回遮っています。", "The customer was cut off once."),
            (cut,),
        ),
        Finding(
            "empathy",
            "feelings",
            Outcome.NEEDS_REVIEW,
            0,
            5,
            Message("聞き取りが不確かです。", "The words are unsure."),
        ),
        Finding(
            "outcome", "solving", Outcome.NOT_APPLICABLE, 0, 5, Message("該当しません。", "Does not apply.")
        ),
    )
    return Scorecard(
        call_id,
        findings,
        Score(10, 20, undecided=5, weighted_share=0.5),
        (Flag("customer-anger", Message("声が大きくなっています。", "Their voice was raised."), (cut,)),),
        Receipt(recording_id, "support-ja@3f2a", {"asr": "whisper-base@905e"}, {"beam_size": "1"}, "0.1.0"),
    )
