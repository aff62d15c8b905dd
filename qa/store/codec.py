"""A `Conversation` as compressed JSON and back, exactly and fast.

What comes in the thousands (words, turns, voice activity, prosody) is kept in columns: ten thousand
conversations are read again in one rescoring. All else goes through `qa.store.plain`. The words lie apart and
are unpacked when somebody asks for one, as events and voice activity are made then:

    2 | length of the document, 4 bytes | the document, compressed | the columns of the words, compressed

Earlier conversations are one compressed document with the words in it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

import numpy as np
from pydantic_core import from_json

from qa.model import Conversation, Prosody, Role, Span, SpeakerSpan, Turn
from qa.store.later import Later
from qa.store.plain import coder, from_plain, to_plain
from qa.store.words import stored_words, word_columns

FORMAT = 2
_LENGTH = 4
COLUMNS = ("turns", "speech", "prosody", "unheard")
OTHERS = {name: coder(hint) for name, hint in get_type_hints(Conversation).items() if name not in COLUMNS}
_AT_ONCE = {name: codec for name, codec in OTHERS.items() if name != "events"}
ROLES = {role.value: role for role in Role}


def pack(conversation: Conversation) -> bytes:
    """The bytes that `unpack` reads."""
    document = _packed(_document(conversation))
    words = _packed(word_columns(conversation.turns))
    return bytes([FORMAT]) + len(document).to_bytes(_LENGTH, "big") + document + words


def _packed(values: Any) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"), level=6)


def unpack(body: bytes) -> Conversation:
    """The conversation that `pack` wrote, now or in an earlier format."""
    if body[0] != FORMAT:  # zlib's own first byte
        document = from_json(zlib.decompress(body))
        return _conversation(document, lambda: document["turns"])
    start = 1 + _LENGTH
    end = start + int.from_bytes(body[1:start], "big")
    document = from_json(zlib.decompress(body[start:end]))
    return _conversation(document, lambda: from_json(zlib.decompress(body[end:])))


def _document(conversation: Conversation) -> dict[str, Any]:
    """The conversation without its words as JSON values."""
    document = {name: codec.encode(getattr(conversation, name)) for name, codec in OTHERS.items()}
    return {
        "format": FORMAT,
        **document,
        "turns": _turn_columns(conversation.turns),
        "speech": _speech_columns(conversation.speech),
        "unheard": _speech_columns(conversation.unheard),
        "prosody": [_pack_prosody(voice) for voice in conversation.prosody],
    }


def _conversation(
    document: Mapping[str, Any], words: Callable[[], Mapping[str, Sequence[Any]]]
) -> Conversation:
    values = {name: codec.decode(document[name]) for name, codec in _AT_ONCE.items() if name in document}
    events = document["events"]
    return Conversation(
        **values,
        events=Later(len(events), lambda: OTHERS["events"].decode(events)),
        turns=_turns(document["turns"], words),
        speech=_speech(document["speech"]),
        unheard=_speech(document["unheard"]),
        prosody=tuple(map(_unpack_prosody, document["prosody"])),
    )


def _turn_columns(turns: Sequence[Turn]) -> dict[str, list[Any]]:
    return {
        "speaker": [turn.speaker for turn in turns],
        "role": [turn.role.value for turn in turns],
        "start": [turn.span.start for turn in turns],
        "end": [turn.span.end for turn in turns],
        "text": [turn.text for turn in turns],
        "count": [len(turn.words) for turn in turns],
    }


def _turns(
    columns: Mapping[str, Sequence[Any]], words: Callable[[], Mapping[str, Sequence[Any]]]
) -> tuple[Turn, ...]:
    return tuple(
        Turn(speaker, ROLES[role], Span(start, end), said, text)
        for speaker, role, start, end, text, said in zip(
            *(columns[name] for name in ("speaker", "role", "start", "end", "text")),
            stored_words(columns["count"], words),
            strict=True,
        )
    )


def _speech_columns(speech: Sequence[SpeakerSpan]) -> dict[str, list[Any]]:
    return {
        "speaker": [part.speaker for part in speech],
        "start": [part.span.start for part in speech],
        "end": [part.span.end for part in speech],
        "confidence": [part.confidence for part in speech],
        "channel": [part.channel for part in speech],
    }


def _speech(columns: Mapping[str, Sequence[Any]]) -> Sequence[SpeakerSpan]:
    return Later(len(columns["start"]), lambda: _spans(columns))


def _spans(columns: Mapping[str, Sequence[Any]]) -> tuple[SpeakerSpan, ...]:
    spans = map(Span, columns["start"], columns["end"])
    return tuple(map(SpeakerSpan, columns["speaker"], spans, columns["confidence"], columns["channel"]))


def _pack_prosody(voice: Prosody) -> dict[str, Any]:
    return {
        **to_plain(Prosody(voice.channel, voice.step, (), ())),
        "level": _pack_numbers(voice.level),
        "pitch": _pack_numbers(voice.pitch),
    }


def _unpack_prosody(plain: Mapping[str, Any]) -> Prosody:
    numbers = {name: _unpack_numbers(plain[name]) for name in ("level", "pitch")}
    return from_plain(Prosody, {**plain, **numbers})


def _pack_numbers(values: Sequence[float]) -> list[str]:
    """Tenths in two bytes where that is exact, else 32 or 64 bits a number: [how, base64]."""
    numbers = np.asarray(values, dtype="<f8")
    with np.errstate(all="ignore"):
        tenths = np.round(np.nan_to_num(np.clip(numbers * 10, -32768, 32767))).astype("<i2")
    if np.array_equal(tenths / 10, numbers):
        return ["tenths", base64.b64encode(tenths.tobytes()).decode()]
    with np.errstate(all="ignore"):
        single = numbers.astype("<f4")
    kind = "<f4" if np.array_equal(single, numbers, equal_nan=True) else "<f8"
    return [kind, base64.b64encode(numbers.astype(kind).tobytes()).decode()]


def _unpack_numbers(packed: Sequence[str]) -> list[float]:
    kind, text = packed
    data = base64.b64decode(text)
    numbers: list[float]
    if kind == "tenths":
        numbers = (np.frombuffer(data, "<i2") / 10).tolist()
    else:
        numbers = np.frombuffer(data, kind).tolist()
    return numbers
