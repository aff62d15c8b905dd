"""A call as its author wrote it: who says what, and how the lines meet in time.

A script is YAML, one file a call. A step of `timeline` is one of

    - agent: お電話ありがとうございます。|みなとネットの佐藤でございます。
      gap: 0.3        # seconds after whatever ended last; negative: starts before that ends
      after: 2        # instead: measured from the end of part 2 of the other side's last line
      say: ...        # the same line as the voice must read it (as many parts)
      cut: true       # the speaker is cut off: the line stops here, in the middle of a clause
      level: -3       # dB
      speed: 1.1      # times the speaker's own
    - ring: jp        # ring-back before anyone answers (jp or us); `seconds: 4`
    - hold: 12        # seconds of hold music from the agent's side; `music: false` for silence
    - silence: 4      # seconds in which nobody does anything

`|` splits a line into parts with a short pause between them, `|0.6|` with one of 0.6 s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PAUSE = 0.18
"""Seconds between the parts of a line, where the script does not say."""

LAYOUTS = ("separate", "swapped", "leaking", "duplicated", "one_dead")
ROLES = ("agent", "customer", "ivr")
_MARK = re.compile(r"\|(?:(\d+(?:\.\d+)?)\|)?")


class BadScript(ValueError):
    """A script cannot be read; the message names the file and the step."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice with a part in the call."""

    role: str
    voice: str
    """A Kokoro voice, or a blend: `jm_kumo:0.6+am_michael:0.4`."""
    speed: float = 1.0
    pitch: float = 1.0
    level: float = 0.0
    """dB."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line between two pauses."""

    text: str
    say: str
    pause: float
    """Seconds of silence before the next part."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something one speaker says in one breath."""

    speaker: str
    parts: tuple[Part, ...]
    gap: float = 0.35
    after: int | None = None
    cut: bool = False
    level: float = 0.0
    speed: float = 1.0
    listen: bool = False
    """Written as a backchannel, though its words may be in no list."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring-back before anyone answers."""

    country: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """The agent is away."""

    seconds: float
    music: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody does anything."""

    seconds: float


Step = Line | Ring | Hold | Silence


@dataclass(frozen=True, slots=True)
class LineQuality:
    """How the recorder and the telephone line treat the voices."""

    layout: str = "separate"
    noise: float = -62.0
    """Level of the line noise, dB relative to full scale."""
    leak: float = -22.0
    """Level of the other side in a channel, dB relative to its own, when `layout` is leaking."""
    crackle: float = 0.0
    """Clicks a second."""


@dataclass(frozen=True, slots=True)
class Script:
    """One call, ready to be voiced."""

    id: str
    language: str
    title: str
    shows: tuple[str, ...]
    speakers: Mapping[str, Speaker]
    steps: tuple[Step, ...]
    call: Mapping[str, str]
    """What the desk's own records say of the call: agent_id, agent_name, queue, started_at …"""
    names: Mapping[str, str]
    criteria: Mapping[str, str]
    formats: Mapping[str, str]
    """`stereo` and `mono` → a format of `encode.FORMATS`."""
    line: LineQuality = field(default_factory=LineQuality)


def read_scripts(folder: Path) -> tuple[Script, ...]:
    """Every script in `folder`, by id."""
    return tuple(read_script(path) for path in sorted(folder.glob("*.yaml")))


def read_script(path: Path) -> Script:
    """The script in `path`. Raises `BadScript` naming the file for anything unknown or missing."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        speakers = {name: Speaker(**values) for name, values in document.pop("speakers").items()}
        timeline = document.pop("timeline")
        line = LineQuality(**document.pop("line", {}))
        script = Script(
            id=path.stem,
            shows=tuple(document.pop("shows")),
            speakers=speakers,
            steps=tuple(_step(step, speakers, path) for step in timeline),
            line=line,
            **document,
        )
    except (KeyError, TypeError) as error:
        raise BadScript(f"{path}: {error!r}") from error
    _check(script, path)
    return script


def _check(script: Script, path: Path) -> None:
    if script.line.layout not in LAYOUTS:
        raise BadScript(f"{path}: layout {script.line.layout!r} is none of {', '.join(LAYOUTS)}")
    for name, speaker in script.speakers.items():
        if speaker.role not in ROLES:
            raise BadScript(f"{path}: {name} has role {speaker.role!r}, not one of {', '.join(ROLES)}")


def _step(raw: Mapping[str, Any], speakers: Mapping[str, Speaker], path: Path) -> Step:
    step = dict(raw)
    if "ring" in step:
        return Ring(step["ring"], float(step["seconds"]))
    if "hold" in step:
        return Hold(float(step["hold"]), bool(step.get("music", True)))
    if "silence" in step:
        return Silence(float(step["silence"]))
    named = [name for name in speakers if name in step]
    if len(named) != 1:
        raise BadScript(f"{path}: a step needs exactly one speaker or sound: {raw}")
    text = step.pop(named[0])
    parts = parts_of(text, step.pop("say", text))
    if not parts:
        raise BadScript(f"{path}: text and `say` need as many parts as each other: {raw}")
    return Line(named[0], parts, **step)


def parts_of(text: str, say: str) -> tuple[Part, ...]:
    """The parts of a line; empty if the spoken form has another number of them."""
    texts, pauses = _split(text)
    says, _ = _split(say)
    if len(texts) != len(says):
        return ()
    return tuple(Part(*part) for part in zip(texts, says, [*pauses, 0.0], strict=True))


def _split(text: str) -> tuple[list[str], list[float]]:
    """`a|b|0.6|c` → ([a, b, c], [PAUSE, 0.6])."""
    texts, pauses, position = [], [], 0
    for mark in _MARK.finditer(text):
        texts.append(text[position : mark.start()].strip())
        pauses.append(float(mark[1]) if mark[1] else PAUSE)
        position = mark.end()
    return [*texts, text[position:].strip()], pauses
