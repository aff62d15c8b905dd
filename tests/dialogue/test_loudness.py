"""A raised voice is louder and higher than the same person's own."""

import dataclasses

import pytest

from qa import dialogue
from qa.model import Call, EventKind, Prosody, Role
from tests.dialogue.draw import STEP, draw

SAID = tuple(
    words + "~" * 12
    for words in (
        "まだ届かないんですけど",
        "先週も電話したんですよ",
        "注文したのは先月なんです",
        "いつ届くんですかと聞いて",
    )
)
LINES = {
    "A": "[お電話ありがとうございますサポートの佐藤です]" + "." * 70 + "[かしこまりました]",
    "B": "." * 30 + ".....".join(f"[{piece}]" for piece in SAID),
}
CALL = Call("c", channel_roles=(Role.AGENT, Role.CUSTOMER))


def raised(louder: float, semitones: float) -> list[tuple[Role | None, str]]:
    """What is raised in the drawing when the caller's last stretch changes by this much."""
    drawn = draw(LINES)
    frames = round(drawn.quality.duration / STEP)
    last = LINES["B"].rindex("[")
    changed = [at >= last for at in range(frames)]
    prosody = (
        Prosody(0, STEP, (-20.0,) * frames, (120.0,) * frames),
        Prosody(
            1,
            STEP,
            tuple(-24.0 + louder * more for more in changed),
            tuple(200.0 * 2 ** (semitones * more / 12) for more in changed),
        ),
    )
    heard = dataclasses.replace(drawn.heard, prosody=prosody)
    found = dialogue.build(CALL, heard, drawn.quality, "0" * 64)
    return [(e.by, e.words) for e in found.events if e.kind is EventKind.RAISED_VOICE]


@pytest.mark.parametrize(
    ("louder", "semitones", "expected"),
    [
        (8, 3, [(Role.CUSTOMER, "いつ届くんですかと聞いて")]),
        (8, 0, []),  # nearer to the microphone
        (0, 3, []),  # a question
        (3, 1, []),
        (-8, 3, []),
    ],
)
def test_louder_and_higher_together(
    louder: float, semitones: float, expected: list[tuple[Role | None, str]]
) -> None:
    assert raised(louder, semitones) == expected


def test_a_short_call_has_no_usual_voice() -> None:
    drawn = draw({"A": "[はい]......[はい~~~~~~~~]", "B": "...[もしもし]"})
    frames = round(drawn.quality.duration / STEP)
    prosody = tuple(Prosody(c, STEP, tuple(range(frames)), (150.0,) * frames) for c in (0, 1))
    heard = dataclasses.replace(drawn.heard, prosody=prosody)
    found = dialogue.build(CALL, heard, drawn.quality, "0" * 64)
    assert not [e for e in found.events if e.kind is EventKind.RAISED_VOICE]
