"""When each move begins: from a plan's moves to the steps of a script.

Gaps between two parties are log-normal with a median of 0.3 s; about one turn in eight begins before the
other has quite ended. Stivers et al., "Universals and cultural variation in turn-taking in conversation"
(PNAS 106, 2009): answers to questions come after a mean of 0.21 s, median 0.1 s (Japanese 0.01 s, English
0.24 s on the mean); Heldner and Edlund, "Pauses, gaps and overlaps in conversations" (Journal of Phonetics
38, 2010): between-speaker intervals are right-skewed, most of them between -0.5 and 1 s. Telephone talk
with an agent who reads a screen is slower than either, hence the longer median.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from audio_samples.script import PAUSE, Line, Part, Step, parts_of
from bench.corpus.plan import How, Move
from bench.corpus.plan import Step as Planned

_MEDIAN, _SPREAD = 0.30, 0.65
_SHORTEST, _LONGEST = 0.04, 1.8
_EARLY = 0.13
"""Share of turns that begin in the other party's last half second."""


def time_steps(steps: Sequence[Planned], rng: random.Random) -> tuple[Step, ...]:
    """Every move as a line with its gap; sounds as they are. The same `rng` gives the same steps."""
    timed: list[Step] = []
    before: Move | None = None
    for step in steps:
        if isinstance(step, Move):
            timed.append(_line(step, before, rng))
            if step.how not in (How.LISTEN, How.ATTEMPT):
                before = step
        else:
            timed.append(step)
            before = None
    return tuple(timed)


def turn_gap(rng: random.Random) -> float:
    """Seconds from the end of one party's turn to the other's: never early."""
    return min(_LONGEST, max(_SHORTEST, rng.lognormvariate(0.0, _SPREAD) * _MEDIAN))


def _line(move: Move, before: Move | None, rng: random.Random) -> Line:
    parts = parts_of(move.text, move.text)
    if len(parts) > 1:
        parts = tuple(_breathe(part, rng) for part in parts)
    line = Line(str(move.role), parts, cut=move.cut, listen=move.how is How.LISTEN)
    if move.how is How.LISTEN:
        return replace(line, after=move.part, gap=round(rng.uniform(-0.05, 0.2), 3), level=-3.0)
    if move.how is How.ATTEMPT:
        return replace(line, after=move.part, gap=round(rng.uniform(0.7, 1.1), 3))
    return replace(line, gap=round(_gap(move, before, rng), 3))


def _gap(move: Move, before: Move | None, rng: random.Random) -> float:
    if move.how is How.CUT_IN:
        return -rng.uniform(0.6, 0.95)
    if move.how is How.TALK_OVER:
        return -rng.uniform(0.9, 1.3)
    if move.how is How.AFTER_SILENCE:
        return rng.uniform(3.4, 5.5)
    if before is not None and _may_be_early(move, before) and rng.random() < _EARLY:
        return -rng.uniform(0.08, 0.4)
    if before is not None and before.role is move.role:
        return min(0.85, 0.12 + turn_gap(rng))
    return turn_gap(rng)


def _may_be_early(move: Move, before: Move) -> bool:
    return before.role is not move.role and not before.cut and len(before.text) > 14 and len(move.text) > 6


def _breathe(part: Part, rng: random.Random) -> Part:
    """A breath where the text has one: short, at times long enough that a diarizer hears it."""
    if part.pause != PAUSE:
        return part
    return replace(part, pause=round(min(0.9, max(PAUSE, rng.lognormvariate(0.0, 0.5) * 0.3)), 3))
