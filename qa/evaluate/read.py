"""References from files: qa's own JSON, and the field's RTTM, STM and CTM.

RTTM (who spoke when) and STM (who said what, by segment) are read by pyannote.database's conventions; CTM
(word, time) is the NIST format: `file channel start duration word [confidence]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.evaluate.reference import BadReference, Reference, ReferenceSpeech, ReferenceTurn
from qa.model import Event, EventKind, Outcome, Role, Span

CTM_PAUSE = 1.0
"""Seconds between two words of a channel from which a new turn begins."""
COMMENT = ";;"


def load_references(paths: Sequence[Path]) -> tuple[Reference, ...]:
    """Every reference in `paths` (files, or folders searched for them), by call id.

    Files that tell different parts of one call (an .rttm and a .stm) are joined. A JSON file that is
    none of ours is passed over in a folder. Raises `BadReference` naming the file for one that is named
    or looks like ours and is broken, for two that tell the same part, and when there is none at all.
    """
    found: dict[str, Reference] = {}
    for path in paths:
        named = path.is_file()
        for file in [path] if named else _files(path):
            for reference in _read(file, named=named):
                known = found.get(reference.call_id)
                try:
                    found[reference.call_id] = reference if known is None else known.joined(reference)
                except BadReference as error:
                    raise BadReference(f"{file}: {error}") from error
    if not found:
        listed = ", ".join(str(path) for path in paths)
        raise BadReference(
            f"{listed}: no scoring references (JSON with turns or criteria, .rttm, .stm, .ctm) here"
        )
    return tuple(found[call_id] for call_id in sorted(found))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.is_file())


def _read(file: Path, *, named: bool) -> Iterable[Reference]:
    reader = READERS.get(file.suffix.lower(), _json)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReference(f"{file}: {error}") from error
    try:
        return reader(text, file, named)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadReference(f"{file}: not a scoring reference: {error!r}") from error


# ---- JSON ----


def _json(text: str, file: Path, named: bool) -> Iterable[Reference]:
    document = json.loads(text)
    ours = isinstance(document, dict) and "call_id" in document and {"turns", "criteria"} & document.keys()
    if not ours and not named:
        return ()
    turns, spoken = document.get("turns"), document.get("speech")
    events, criteria = document.get("events"), document.get("criteria")
    return (
        Reference(
            call_id=document["call_id"],
            language=document["language"],
            turns=None if turns is None else tuple(map(_turn, turns)),
            spoken=None if spoken is None else tuple(map(_spoken, spoken)),
            events=None if events is None else tuple(map(_event, events)),
            criteria=None if criteria is None else {name: Outcome(v) for name, v in criteria.items()},
            names=document.get("names", {}),
        ),
    )


def _turn(turn: Mapping[str, Any]) -> ReferenceTurn:
    role = Role(turn["role"])
    span = Span(turn["start"], turn["end"])
    return ReferenceTurn(role, span, turn["text"], turn.get("speaker") or role.value)


def _spoken(piece: Mapping[str, Any]) -> ReferenceSpeech:
    role = Role(piece["role"])
    span = Span(piece["start"], piece["end"])
    return ReferenceSpeech(piece.get("speaker") or role.value, role, span)


def _event(event: Mapping[str, Any]) -> Event:
    by = event.get("by")
    return Event(
        EventKind(event["kind"]),
        Span(event["start"], event["end"]),
        by=Role(by) if by else None,
        successful=event.get("successful"),
    )


# ---- RTTM, STM, CTM ----


def _rttm(text: str, file: Path, named: bool) -> Iterable[Reference]:
    spoken: dict[str, list[ReferenceSpeech]] = {}
    for fields in _lines(text):
        if fields[0] != "SPEAKER":
            continue
        start, speaker = float(fields[3]), fields[7]
        span = Span(start, start + float(fields[4]))
        spoken.setdefault(fields[1], []).append(ReferenceSpeech(speaker, _role(speaker), span))
    names = _call_ids(spoken, file)
    return [
        Reference(names[id], spoken=tuple(sorted(p, key=lambda piece: piece.span)))
        for id, p in spoken.items()
    ]


def _stm(text: str, file: Path, named: bool) -> Iterable[Reference]:
    turns: dict[str, list[ReferenceTurn]] = {}
    for fields in _lines(text):
        words = fields[5:]
        if words and words[0].startswith("<") and words[0].endswith(">"):
            words = words[1:]  # the optional label: <o,f0,male>
        span = Span(float(fields[3]), float(fields[4]))
        if words and words[0] != "IGNORE_TIME_SEGMENT_IN_SCORING":
            turns.setdefault(fields[0], []).append(
                ReferenceTurn(_role(fields[2]), span, " ".join(words), fields[2])
            )
    return _of_turns(turns, file)


def _ctm(text: str, file: Path, named: bool) -> Iterable[Reference]:
    words: dict[str, dict[str, list[tuple[Span, str]]]] = {}
    for fields in _lines(text):
        start = float(fields[2])
        span = Span(start, start + float(fields[3]))
        words.setdefault(fields[0], {}).setdefault(fields[1], []).append((span, fields[4]))
    turns = {}
    for id, channels in words.items():
        apart = len(channels) > 1  # one channel: nobody told the speakers apart
        turns[id] = [
            turn for name, said in channels.items() for turn in _talk(sorted(said), name if apart else "")
        ]
    return _of_turns(turns, file)


def _talk(said: Sequence[tuple[Span, str]], speaker: str) -> Iterable[ReferenceTurn]:
    group: list[tuple[Span, str]] = []
    for span, word in said:
        if group and span.start - group[-1][0].end > CTM_PAUSE:
            yield _joined(group, speaker)
            group = []
        group.append((span, word))
    yield _joined(group, speaker)


def _joined(group: Sequence[tuple[Span, str]], speaker: str) -> ReferenceTurn:
    text = " ".join(word for _, word in group)
    return ReferenceTurn(_role(speaker), Span(group[0][0].start, group[-1][0].end), text, speaker)


def _of_turns(turns: Mapping[str, Sequence[ReferenceTurn]], file: Path) -> Iterable[Reference]:
    names = _call_ids(turns, file)
    return [
        Reference(names[id], turns=tuple(sorted(t, key=lambda turn: turn.span))) for id, t in turns.items()
    ]


def _call_ids(found: Mapping[str, object], file: Path) -> Mapping[str, str]:
    """The call each file id means: a file that tells of one recording is that recording's namesake."""
    return {id: id if len(found) > 1 else file.stem for id in found}


def _lines(text: str) -> Iterable[list[str]]:
    return (line.split() for line in text.splitlines() if line.strip() and not line.startswith(COMMENT))


def _role(label: str) -> Role:
    try:
        return Role(label.lower())
    except ValueError:
        return Role.UNKNOWN


READERS = {".json": _json, ".rttm": _rttm, ".stm": _stm, ".ctm": _ctm}
"""File ending → reader of its text."""
