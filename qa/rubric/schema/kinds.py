"""What each kind of check may be told: where to look, for what, and how much of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from qa.rubric.schema.basics import (
    Count,
    Identifier,
    OutcomeName,
    Part,
    Phrases,
    RoleName,
    Seconds,
    Share,
    SlotName,
    Text,
)


class During(Part):
    """Long turns of one party, as the time in which something is looked for."""

    by: RoleName
    min_seconds: Seconds


class Where(Part):
    """Where in the call. Everything given must hold; nothing given means the whole call."""

    opening_seconds: Seconds | None = Field(
        default=None, description="the first seconds of that party's own speech"
    )
    first_turns: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="that party's first turns"
    )
    last_turns: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="that party's last turns"
    )
    last_seconds: Seconds | None = Field(default=None, description="the last seconds of the call's talk")
    after: Identifier | None = Field(default=None, description="later than this anchor")
    before: Identifier | None = Field(default=None, description="earlier than this anchor")
    inside: Identifier | None = Field(default=None, description="while this anchor lasts")
    within_seconds: Seconds | None = Field(
        default=None, description="at most this long after the anchor `after`"
    )
    within_turns: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="in that party's first turns after the anchor `after`"
    )
    during: During | None = Field(default=None, description="during long turns of one party")


Alike = Annotated[
    bool,
    Field(
        description="a sentence that is like the lists' examples (see sentences.yaml) leaves it to a person:"
        " it may be another way to say it"
    ),
]


class Said(Part):
    """A phrase of the list is said."""

    phrases: Phrases
    by: RoleName = "agent"
    where: Where = Where()
    at_least: Annotated[int, Field(ge=1)] = 1
    alike: Alike = False


class NotSaid(Part):
    """No phrase of the list is said (or no more often than `at_most`)."""

    phrases: Phrases
    by: RoleName = "agent"
    where: Where = Where()
    at_most: Count = 0


class Utterance(Part):
    """Something one party says: a phrase, a question, or words that take up the other party's."""

    phrases: Phrases | None = None
    question: Literal[True] | None = None
    by: RoleName = "agent"
    alike: Alike = False

    @model_validator(mode="after")
    def _something(self) -> Utterance:
        if self.phrases is None and self.question is None:
            raise ValueError("say what is looked for: phrases or question")
        return self


class Order(Part):
    """The first of one thing comes before the first of another."""

    first: Utterance
    then: Utterance
    where: Where = Where()
    without_first: OutcomeName = Field(default="not_met", description="`then` is said, `first` never")
    without_then: OutcomeName = Field(default="met", description="`first` is said, `then` never")
    without_both: OutcomeName = "not_applicable"


class Companion(Part):
    """What must stand near each match of `each`."""

    any_of: Annotated[list[Utterance], Field(min_length=1)]
    turns_before: Count = Field(default=0, description="this party's turns before, besides the turn itself")
    turns_after: Count = 0
    same_turn: bool = True


class Each(Part):
    """Every time a phrase is said, something else stands near it."""

    phrases: Phrases
    by: RoleName = "agent"
    where: Where = Where()
    near: Companion
    failures: Annotated[int, Field(ge=1)] = Field(default=1, description="not met from this many without it")


class Together(Part):
    """Phrases of all these lists within a few turns of one party."""

    phrases: Annotated[list[Phrases], Field(min_length=2)]
    by: RoleName = "agent"
    where: Where = Where()
    turns: Annotated[int, Field(ge=1)] = 1
    alike: Alike = False


class Events(Part):
    """How often something happened between the parties."""

    kind: Literal[
        "interruption", "backchannel", "overlap", "terminal_overlap", "dead_air", "hold", "raised_voice"
    ]
    by: RoleName | None = None
    against: RoleName | None = None
    successful: bool | None = None
    min_seconds: float | None = Field(default=None, gt=0, description="only those that last this long")
    where: Where = Where()
    at_most: Count | None = None
    at_least: Count | None = None
    most_per_10_minutes: float | None = Field(default=None, gt=0)
    least_per_minute: float | None = Field(default=None, gt=0, description="a minute of the time looked at")

    @model_validator(mode="after")
    def _limit(self) -> Events:
        limits = (self.at_most, self.at_least, self.most_per_10_minutes, self.least_per_minute)
        if all(limit is None for limit in limits):
            raise ValueError("give a limit: at_most, at_least, most_per_10_minutes or least_per_minute")
        return self


MeasureName = Literal[
    "agent_talk_share",
    "agent_speech_rate",
    "customer_speech_rate",
    "backchannels_per_minute",
    "dead_air_count",
    "dead_air_seconds",
    "dead_air_longest",
    "hold_count",
    "hold_seconds",
    "response_latency_median",
    "response_latency_p90",
    "longest_agent_monologue",
    "overlap_seconds",
    "interruptions_by_agent",
    "interruptions_by_customer",
    "duration",
    "turns",
    "agent_pitch_range_semitones",
    "customer_pitch_range_semitones",
    "agent_level_dbfs",
    "customer_level_dbfs",
]


class Measure(Part):
    """A number of the call against a threshold."""

    name: MeasureName
    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _limit(self) -> Measure:
        if self.at_most is None and self.at_least is None:
            raise ValueError("give a threshold: at_most or at_least")
        return self


class Question(Part):
    """A party asks: any question, or one of the phrase list."""

    phrases: Phrases | None = None
    by: RoleName = "agent"
    where: Where = Where()
    at_least: Annotated[int, Field(ge=1)] = 1
    alike: Alike = False


class QuestionRun(Part):
    """No string of questions with nothing of `broken_by` between them."""

    by: RoleName = "agent"
    where: Where = Where()
    at_most: Annotated[int, Field(ge=1)]
    broken_by: Phrases


class Reflection(Part):
    """A party takes up the other party's own content words (by reading or lemma) before proposing."""

    by: RoleName = "agent"
    of: RoleName = "customer"
    before: Phrases | None = Field(default=None, description="a proposal: words taken up later do not count")
    where: Where = Where()
    min_words: Annotated[int, Field(ge=1)] = 2
    window_turns: Annotated[int, Field(ge=1)] = Field(
        default=4, description="the other party's turns looked back at"
    )


class NameMatches(Part):
    """The name said in a slot of the phrase list is the one on record for the call."""

    phrases: Phrases
    slot: SlotName = "name"
    by: RoleName = "agent"
    where: Where = Where()
    same: Share = Field(default=0.7, description="from this likeness of the readings it is the same name")
    different: Share = Field(default=0.4, description="below this likeness it is somebody else")


class Fluent(Part):
    """The phrase is said straight out: no filler, restart or long pause in it or just before it."""

    phrases: Phrases
    by: RoleName = "agent"
    where: Where = Where()
    max_pause: Seconds = 0.8
    lead_seconds: Seconds = 2.0
    fillers: Annotated[int, Field(ge=1)] = Field(default=2, description="this many are too many")


class Judge(Part):
    """A model reads the turns and answers with a quote. Without a configured model: needs_review."""

    prompt: Text
    where: Where = Where()


class Happened(Part):
    """The anchor is in this call; where it is not, nothing that hangs on it applies."""

    anchor: Identifier
