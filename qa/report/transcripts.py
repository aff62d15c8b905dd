"""A conversation as a transcript: json, txt, WebVTT, SubRip and RTTM.

WebVTT: W3C, "WebVTT: The Web Video Text Tracks Format". RTTM: NIST, "The 2009 (RT-09) Rich
Transcription Meeting Recognition Evaluation Plan", appendix A.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from qa.model import Conversation, Message, Role, Turn
from qa.report.card import call_json, turn_json

ROLES: Mapping[Role, Message] = MappingProxyType(
    {
        Role.AGENT: Message("担当者", "Agent"),
        Role.CUSTOMER: Message("お客様", "Customer"),
        Role.IVR: Message("自動音声", "IVR"),
        Role.UNKNOWN: Message("不明", "Unknown"),
    }
)


def write(conversation: Conversation, format: str, language: str = "en") -> str:
    """The transcript in `format` (a key of `FORMATS`), speakers named in `language`, ending in a newline."""
    return FORMATS[format](conversation, language)


def clock(seconds: float, *, decimal: str = ".", hours: bool = True) -> str:
    """`01:02:03.450`; without `hours`, `02:03.450` for anything under an hour.

    >>> clock(3723.45), clock(63.4, hours=False)
    ('01:02:03.450', '01:03.400')
    """
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    whole_hours, minutes = divmod(minutes, 60)
    rest = f"{minutes:02d}:{milliseconds // 1000:02d}{decimal}{milliseconds % 1000:03d}"
    return f"{whole_hours:02d}:{rest}" if hours or whole_hours else rest


def _json(conversation: Conversation, language: str) -> str:
    document = {
        "call": call_json(conversation),
        "turns": [
            turn_json(turn)
            | {
                "words": [
                    {
                        "text": word.text,
                        "start": round(word.span.start, 3),
                        "end": round(word.span.end, 3),
                        "probability": round(word.probability, 3),
                    }
                    for word in turn.words
                ]
            }
            for turn in conversation.turns
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _txt(conversation: Conversation, language: str) -> str:
    return "".join(
        f"[{clock(turn.span.start, hours=False)}] {_name(turn, language)}: {_one_line(turn.text)}\n"
        for turn in conversation.turns
    )


def _vtt(conversation: Conversation, language: str) -> str:
    cues = (
        f"{clock(turn.span.start)} --> {clock(turn.span.end)}\n"
        f"<v {_escape(_name(turn, language))}>{_escape(_one_line(turn.text))}\n"
        for turn in conversation.turns
    )
    return "\n".join(["WEBVTT\n", *cues])


def _srt(conversation: Conversation, language: str) -> str:
    cues = (
        f"{number}\n{clock(turn.span.start, decimal=',')} --> {clock(turn.span.end, decimal=',')}\n"
        f"{_name(turn, language)}: {_one_line(turn.text)}\n"
        for number, turn in enumerate(conversation.turns, start=1)
    )
    return "\n".join(cues)


def _rttm(conversation: Conversation, language: str) -> str:
    """Who speaks when, overlaps kept: from the voice activity, not from the words."""
    file = _no_spaces(conversation.call.id)
    return "".join(
        f"SPEAKER {file} {(speech.channel or 0) + 1} {speech.span.start:.3f} {speech.span.duration:.3f} "
        f"<NA> <NA> {_no_spaces(speech.speaker)} <NA> <NA>\n"
        for speech in conversation.speech
    )


def _no_spaces(text: str) -> str:
    return re.sub(r"\s+", "_", text)


def _name(turn: Turn, language: str) -> str:
    name = ROLES[turn.role].text(language)
    return f"{name} {turn.speaker}" if turn.role is Role.UNKNOWN else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMATS: Mapping[str, Callable[[Conversation, str], str]] = MappingProxyType(
    {"json": _json, "txt": _txt, "vtt": _vtt, "srt": _srt, "rttm": _rttm}
)
"""Format → writer."""
