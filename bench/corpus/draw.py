"""Draws the calls of a part: which scenario, who speaks, how the agent behaves, over which line.

content + seed ─▶ Call (script to be voiced, moves beside its lines, line condition)
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from audio_samples.script import Script, Speaker
from bench.corpus import plan, profile, timing
from bench.corpus.content import LANGUAGES, Content, Scenario
from bench.corpus.line import Condition, deal_conditions
from bench.corpus.plan import Move, Names
from bench.corpus.profile import Profile
from bench.corpus.voices import agent_voice, customer_voices

SEED = 20260901
"""Of the corpus that figures are quoted on."""
_FIRST_CALL = {"dev": datetime(2026, 9, 1, 9), "heldout": datetime(2026, 9, 15, 9)}


@dataclass(frozen=True, slots=True)
class Call:
    """One call, ready to be voiced."""

    script: Script
    """Without criteria: they follow from what was laid out."""
    moves: tuple[Move, ...]
    """One for each line of the script, in its order."""
    scenario: Scenario
    names: Names
    roster_name: str
    """Whom the desk's records name; not always who is heard."""
    profile: Profile
    condition: Condition


def draw_calls(content: Content, count: int, seed: int = SEED) -> tuple[Call, ...]:
    """`count` calls of a part, half in each language. The same seed gives the same calls."""
    calls = []
    for language in LANGUAGES:
        number = count // 2 if language == "en" else count - count // 2
        rng = random.Random(f"{seed}-{content.part}-{language}")
        profiles = profile.deal(number, rng)
        conditions = deal_conditions(number, rng)
        scenarios = list(content.of(language)) * (number // len(content.of(language)) + 1)
        agents = list(range(len(content.common[language].agents))) * (number // 6 + 1)
        scenarios, agents = scenarios[:number], agents[:number]
        rng.shuffle(scenarios)
        rng.shuffle(agents)
        for index in range(number):
            calls.append(
                _call(
                    content, scenarios[index], agents[index], profiles[index], conditions[index], index, seed
                )
            )
    return tuple(calls)


def roster(content: Content, language: str) -> Mapping[str, str]:
    """Agent id → name, as the desk keeps it."""
    return {_agent_id(language, i): name for i, name in enumerate(content.common[language].agents)}


def _agent_id(language: str, index: int) -> str:
    return f"{'a' if language == 'ja' else 'e'}{index + 1:02d}"


def _call(
    content: Content,
    scenario: Scenario,
    agent: int,
    behaviour: Profile,
    condition: Condition,
    index: int,
    seed: int,
) -> Call:
    language = scenario.language
    name = f"{content.part}-{language}-{index + 1:03d}"
    rng = random.Random(f"{seed}-{name}")
    agents = content.common[language].agents
    names = Names(agents[agent], rng.choice(scenario.companies))
    other = (agent + rng.randrange(1, len(agents))) % len(agents)
    recorded = agent if behaviour.roster == "same" else other
    steps = plan.compose(scenario, content.common[language], names, behaviour, f"{seed}-{name}")
    voice = agent_voice(content.part, language, agent)
    caller = rng.choice(customer_voices(content.part, language, voice, scenario.id))
    started = _FIRST_CALL[content.part] + timedelta(minutes=7 * index + (0 if language == "ja" else 3))
    script = Script(
        id=name,
        language=language,
        title=scenario.title,
        shows=(),
        speakers={
            "agent": _speaker("agent", voice, condition.agent_level),
            "customer": _speaker("customer", caller, condition.customer_level),
        },
        steps=timing.time_steps(steps, rng),
        call={
            "agent_id": _agent_id(language, recorded),
            "agent_name": agents[recorded],
            "queue": scenario.queue,
            "direction": "inbound",
            "started_at": started.isoformat(),
        },
        names={"agent": names.agent, "company": names.company},
        criteria={},
        formats={"stereo": condition.stereo_format, "mono": condition.mono_format},
        line=condition.quality,
    )
    moves = tuple(step for step in steps if isinstance(step, Move))
    return Call(script, moves, scenario, names, agents[recorded], behaviour, condition)


def _speaker(role: str, voice: Speaker, level: float) -> Speaker:
    return Speaker(role, voice.voice, voice.speed, voice.pitch, level)
