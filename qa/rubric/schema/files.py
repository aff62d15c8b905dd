"""The files of a rubric: rubric.yaml, a phrase list, context.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from qa.rubric.schema.basics import (
    Count,
    Identifier,
    LanguageName,
    OutcomeName,
    Part,
    Phrases,
    RoleName,
    Seconds,
    Share,
    Text,
)
from qa.rubric.schema.checks import Check
from qa.rubric.schema.kinds import Where


class Anchor(Part):
    """A place in the call that checks refer to: where a phrase is first said, or a party's account."""

    said: Phrases | None = Field(
        default=None, description="the first (or last) time a phrase of these lists is said"
    )
    by: RoleName = "customer"
    answered_by: Phrases | None = Field(
        default=None,
        description="also where the other party answers a long turn with these, whatever it said",
    )
    which: Literal["first", "last"] = "first"
    alike: bool = Field(
        default=False,
        description="what is like the examples counts too; what is like none of them is not certain",
    )
    where: Where = Where()
    account: bool = Field(
        default=False, description="the party's first substantial turn, until they pause or end a sentence"
    )
    min_units: Annotated[int, Field(ge=1)] = Field(
        default=12, description="morae or words that make a turn substantial"
    )
    until_pause: Seconds = 1.5

    @model_validator(mode="after")
    def _one(self) -> Anchor:
        if (self.said is None) != self.account:
            raise ValueError(
                "an anchor is a phrase (`said`) or the first account (`account: true`): one of them"
            )
        return self


class Reasons(Part):
    """One sentence for each outcome. Words in braces are filled in (see `qa.rubric.checks.reasons`)."""

    met: Text | None = None
    not_met: Text | None = None
    not_applicable: Text | None = None


class Example(Part):
    """A short dialogue that is a test: `A:` agent, `C:` customer, one turn a line."""

    dialogue: Annotated[list[str], Field(min_length=1)]
    expect: OutcomeName
    quote: str | None = Field(default=None, description="words that the evidence must hold")
    note: str | None = None
    held_out: bool = Field(default=False, description="not looked at when the phrases were written")
    language: LanguageName | None = Field(
        default=None, description="of the dialogue, where its letters do not tell (a rubric of several)"
    )
    agent_name: str | None = Field(default=None, description="the name on record for this call")


class Criterion(Part):
    """One behaviour that is scored."""

    id: Identifier
    section: Identifier
    title: Text
    meaning: Text
    traps: list[Text] = Field(default=[])
    points: float = Field(gt=0)
    critical: bool = False
    bonus: bool = False
    enabled: bool = True
    applies_when: Check | None = None
    check: Check
    not_met_as: Literal["not_met", "needs_review"] = Field(
        default="not_met", description="needs_review where words alone cannot decide that it is not met"
    )
    reasons: Reasons = Reasons()
    examples: list[Example] = Field(default=[])


class Section(Part):
    """A group of criteria; its share of points counts with this weight."""

    id: Identifier
    title: Text
    weight: float = Field(default=1.0, gt=0)


class FlagRule(Part):
    """Why a person should hear the call. Never points."""

    id: Identifier
    title: Text
    when: Check
    examples: list[Example] = Field(default=[])


class Thresholds(Part):
    """When the evidence is too weak to judge, and when a call is flagged."""

    role_confidence: Share = 0.6
    sure: Share = Field(default=0.6, description="a phrase matched with this confidence counts")
    doubtful: Share = Field(
        default=0.4, description="between this and `sure` a person is asked; below, it is nothing"
    )
    unheard_share: Share = Field(
        default=0.25, description="speech without words, of the place where words were due"
    )
    unheard_seconds: Seconds = Field(
        default=1.5, description="less speech without words than this is no doubt"
    )
    word_probability: Share = Field(
        default=0.35, description="mean below this: the words are too unsure for absence"
    )
    alike: float = Field(
        default=0.45,
        gt=0,
        lt=1,
        description="likeness to a list's examples (0 none, 1 full) from which a sentence may mean the same",
    )
    alike_sure: float = Field(
        default=0.6, gt=0, le=1, description="likeness from which it does, without asking a person"
    )
    unlike: float = Field(
        default=0.15, ge=0, lt=1, description="likeness below which a doubtful form means nothing"
    )
    snr_db: float = Field(default=5.0, description="below this the recording is called poor")
    low_score: float = Field(default=60.0, ge=0, le=100)
    low_coverage: Share = 0.7
    critical_cap: float = Field(default=50.0, ge=0, le=100)
    good_score: float = Field(default=85.0, ge=0, le=100, description="from this on a call is a good one")
    good_share: Share = Field(
        default=0.05, description="share of each agent's good calls that is flagged to be listened to"
    )
    good_seed: int = Field(default=1, description="another number draws other good calls")
    busy_calls: Count = Field(
        default=0, description="from this many calls in the hour before, it is a busy hour; 0: never"
    )


class Definitions(Part):
    """The event definitions, in seconds unless said, where this rubric differs from docs/events.md."""

    overlap_min: Seconds | None = None
    backchannel_max: Seconds | None = None
    terminal_overlap_max: Seconds | None = None
    interruption_min_floor: Seconds | None = None
    interruption_min_overlap: Seconds | None = None
    interruption_breakoff: Seconds | None = None
    interruption_continues: Seconds | None = None
    dead_air_min: Seconds | None = None
    turn_gap: Seconds | None = None
    raised_voice_min: Seconds | None = None
    raised_voice_db: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="decibels above the person's own usual level"
    )
    raised_voice_semitones: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="and this much above their usual pitch"
    )


class RubricFile(Part):
    """rubric.yaml."""

    name: Identifier
    title: Text
    languages: Annotated[list[LanguageName], Field(min_length=1)]
    phrases_from: dict[LanguageName, str] = Field(
        default={},
        description="another rubric (a folder beside this one, or a shipped one) whose phrase lists stand in"
        " for those that phrases/ does not hold",
    )
    thresholds: Thresholds = Thresholds()
    definitions: Definitions = Definitions()
    sections: Annotated[list[Section], Field(min_length=1)]
    anchors: dict[Identifier, Anchor] = Field(default={})
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    flags: list[FlagRule] = Field(default=[])

    @field_validator("languages")
    @classmethod
    def _once(cls, languages: list[LanguageName]) -> list[LanguageName]:
        if len(set(languages)) < len(languages):
            raise ValueError("each language once")
        return languages


class PhraseExample(Part):
    """A line that must hit, or must not."""

    text: str = Field(min_length=1)
    before: str | None = Field(default=None, description="what the other party said just before")
    held_out: bool = False


class PhraseList(Part):
    """A file in phrases/: the forms of one thing that people say."""

    id: Identifier
    meaning: Text
    forms: Annotated[list[str], Field(min_length=1)]
    near_misses: list[str] = Field(default=[], description="forms that look alike and do not count")
    perhaps: list[str] = Field(
        default=[],
        description="forms that may mean it: not enough by themselves, but then its absence is not claimed",
    )
    exact: bool = Field(default=False, description="no tolerance: for short words that resemble others")
    on_record: bool = Field(
        default=False,
        description="the agent's name on record for the call counts too, in whatever words they say it",
    )
    negated: Literal["drop", "keep"] = Field(default="drop", description="what a negation around it does")
    quoted: Literal["drop", "keep"] = Field(
        default="drop", description="what repeating the other party's words does"
    )
    hits: Annotated[list[str | PhraseExample], Field(min_length=1)]
    misses: Annotated[list[str | PhraseExample], Field(min_length=1)]
    doubts: list[str | PhraseExample] = Field(
        default=[], description="lines that must leave it to a person: neither found nor surely absent"
    )


class SentenceGroup(Part):
    """What people say in other words than any form has them: it teaches what is alike."""

    of: list[Identifier] = Field(
        description="phrase lists that the sentences are examples of; none: they are examples of nothing"
    )
    leave: list[Identifier] = Field(
        default=[], description="lists of which they are neither examples nor the contrary"
    )
    hits: Annotated[list[str], Field(min_length=1)]
    misses: list[str] = Field(default=[], description="sentences that sound near and mean something else")


class SentencesFile(Part):
    """sentences.yaml: many ways to say things; a sentence like a list's examples is left to a person."""

    sentences: Annotated[list[SentenceGroup], Field(min_length=1)]


class Context(Part):
    """context.yaml: words that turn a phrase into something else, for all lists."""

    negation_before: list[str] = Field(default=[])
    negation_after: list[str] = Field(default=[])
    quotation_after: list[str] = Field(default=[])
    quotation_before: list[str] = Field(default=[])
    not_names: list[str] = Field(
        default=[], description="words that are never a person's name (desk, support)"
    )
    not_content: list[str] = Field(default=[], description="words too common to be anybody's own")
    reach: Annotated[int, Field(ge=1)] = Field(
        default=3, description="tokens between the phrase and those words"
    )
