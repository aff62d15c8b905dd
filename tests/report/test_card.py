"""`qa show --json`: the shape other programs rely on."""

import json

from qa.report import card
from tests.handmade import RECORDING, conversation, scorecard

SHOWN = card.as_json(conversation(), scorecard(), "en")


def test_it_has_every_key_of_the_design() -> None:
    assert {"call", "score", "points", "possible", "critical_failed", "flags", "criteria"} <= SHOWN.keys()
    assert {"measures", "events", "turns", "receipt"} <= SHOWN.keys()
    assert {"id", "agent_id", "recording_sha256", "duration", "channels", "language"} <= SHOWN["call"].keys()
    assert {"rubric", "models", "code", "settings"} == SHOWN["receipt"].keys()


def test_the_values() -> None:
    assert (SHOWN["score"], SHOWN["points"], SHOWN["possible"], SHOWN["flags"]) == (
        50.0,
        10,
        20,
        ["customer-anger"],
    )
    assert SHOWN["call"]["recording_sha256"] == RECORDING
    assert SHOWN["call"]["duration"] == 20.0
    assert SHOWN["coverage"] == 0.8
    assert SHOWN["needs_review"] == ["empathy"]
    assert SHOWN["criteria"][1] == {
        "id": "no-interruption",
        "section": "listening",
        "outcome": "not_met",
        "points": 0,
        "possible": 10,
        "critical": False,
        "bonus": False,
        "reason": "The customer was cut off once.",
        "evidence": [
            {"start": 7.8, "end": 9.0, "role": "customer", "quote": "困っているんですが", "confidence": 0.88}
        ],
    }
    assert (
        SHOWN["events"][0].items()
        >= {"kind": "interruption", "by": "agent", "start": 7.8, "successful": True}.items()
    )
    assert SHOWN["turns"][0].items() >= {"role": "agent", "speaker": "A", "start": 0.5, "end": 3.2}.items()
    assert SHOWN["measures"]["dead_air_seconds"] == 4.2
    assert SHOWN["measures"]["agent_talk_share"] == 0.444


def test_reasons_come_in_the_language_asked_for() -> None:
    japanese = card.as_json(conversation(), scorecard(), "ja")
    assert japanese["criteria"][0]["reason"] == "名乗りがあります。"


def test_it_is_json() -> None:
    assert json.loads(json.dumps(SHOWN)) == SHOWN
