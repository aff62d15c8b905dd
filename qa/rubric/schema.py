"""What may stand in a rubric's files: the closed vocabulary, as pydantic models. Unknown keys are errors.

The models only hold and check; `qa.rubric.load` reads files into them, `qa.rubric.checks` runs them.
The JSON Schema for editors comes from the same models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

RoleName = Literal["agent", "customer"]
OutcomeName = Literal["met", "not_met", "not_applicable", "needs_review"]
SlotName = Literal["name", "agent", "company", "number", "time", "any"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """Anything in a rubric file: frozen, and nothing that is not named here."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Text(Part):
    """A text for people, in both languages."""

    ja: str = Field(min_length=1)
    en: str = Field(min_length=1)


Phrases = Identifier | Annotated[list[Identifier], Field(min_length=1)]


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


class Said(Part):
    """A phrase of the list is said."""

    phrases: Phrases
    by: RoleName = "agent"
    where: Where = Where()
    at_least: Annotated[int, Field(ge=1)] = 1


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


class Step(Part):
    """One step of a sequence: a place in the call, found by a phrase list, or an anchor's end."""

    name: Text
    phrases: Phrases | None = None
    anchor: Identifier | None = None
    by: RoleName = "agent"
    optional: bool = Field(default=False, description="may be absent; if there, it must be in its place")
    required_when: Check | None = Field(default=None, description="may be absent unless this is met")

    @model_validator(mode="after")
    def _one(self) -> Step:
        if (self.phrases is None) == (self.anchor is None):
            raise ValueError("a step is found by phrases or by an anchor: give one of them")
        return self


class Steps(Part):
    """Several things in this order; names the first that is out of place."""

    steps: Annotated[list[Step], Field(min_length=2)]
    where: Where = Where()


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


class Events(Part):
    """How often something happened between the parties."""

    kind: Literal["interruption", "backchannel", "overlap", "terminal_overlap", "dead_air", "hold"]
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


class HappenedCheck(Part):
    happened: Happened


class SaidCheck(Part):
    said: Said


class NotSaidCheck(Part):
    not_said: NotSaid


class OrderCheck(Part):
    order: Order


class StepsCheck(Part):
    steps: Steps


class EachCheck(Part):
    each: Each


class TogetherCheck(Part):
    together: Together


class EventsCheck(Part):
    events: Events


class MeasureCheck(Part):
    measure: Measure


class QuestionCheck(Part):
    question: Question


class QuestionRunCheck(Part):
    question_run: QuestionRun


class ReflectionCheck(Part):
    reflection: Reflection


class NameMatchesCheck(Part):
    name_matches: NameMatches


class FluentCheck(Part):
    fluent: Fluent


class JudgeCheck(Part):
    judge: Judge


class AllCheck(Part):
    all: Annotated[list[Check], Field(min_length=1)]


class AnyCheck(Part):
    any: Annotated[list[Check], Field(min_length=1)]


class NotCheck(Part):
    not_: Check = Field(alias="not")


class Case(Part):
    """Where `when` is met, the outcome is `then`."""

    when: Check
    then: OutcomeName


class CasesCheck(Part):
    """The first case that is met names the outcome; one that cannot be judged asks a person."""

    cases: Annotated[list[Case], Field(min_length=1)]
    otherwise: OutcomeName = "needs_review"


CHECKS: dict[str, type[Part]] = {
    "said": SaidCheck,
    "not_said": NotSaidCheck,
    "order": OrderCheck,
    "steps": StepsCheck,
    "each": EachCheck,
    "together": TogetherCheck,
    "events": EventsCheck,
    "measure": MeasureCheck,
    "question": QuestionCheck,
    "question_run": QuestionRunCheck,
    "reflection": ReflectionCheck,
    "name_matches": NameMatchesCheck,
    "fluent": FluentCheck,
    "judge": JudgeCheck,
    "all": AllCheck,
    "any": AnyCheck,
    "not": NotCheck,
    "cases": CasesCheck,
    "happened": HappenedCheck,
}
"""The closed set: the key under `check` is the kind."""


def _kind(value: Any) -> str | None:
    """The kind of a check: its only key. None (an error) where that is not one of `CHECKS`."""
    if isinstance(value, dict) and (len(value) == 1 or "cases" in value):
        key = "cases" if "cases" in value else str(next(iter(value)))
        return key if key in CHECKS else None
    if isinstance(value, Part):
        return next((key for key, model in CHECKS.items() if type(value) is model), None)
    return None


Check = Annotated[
    Annotated[SaidCheck, Tag("said")]
    | Annotated[NotSaidCheck, Tag("not_said")]
    | Annotated[OrderCheck, Tag("order")]
    | Annotated[StepsCheck, Tag("steps")]
    | Annotated[EachCheck, Tag("each")]
    | Annotated[TogetherCheck, Tag("together")]
    | Annotated[EventsCheck, Tag("events")]
    | Annotated[MeasureCheck, Tag("measure")]
    | Annotated[QuestionCheck, Tag("question")]
    | Annotated[QuestionRunCheck, Tag("question_run")]
    | Annotated[ReflectionCheck, Tag("reflection")]
    | Annotated[NameMatchesCheck, Tag("name_matches")]
    | Annotated[FluentCheck, Tag("fluent")]
    | Annotated[JudgeCheck, Tag("judge")]
    | Annotated[AllCheck, Tag("all")]
    | Annotated[AnyCheck, Tag("any")]
    | Annotated[NotCheck, Tag("not")]
    | Annotated[CasesCheck, Tag("cases")]
    | Annotated[HappenedCheck, Tag("happened")],
    Discriminator(_kind),
]


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
    """One sentence for each outcome. Words in braces are filled in (see `qa.rubric.reasons`)."""

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
    agent_name: str | None = Field(default=None, description="the name on record for this call")


class Criterion(Part):
    """One behaviour that is scored."""

    id: Identifier
    section: Identifier
    title: Text
    meaning: Text
    traps: list[Text] = []
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
    examples: list[Example] = []


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
    examples: list[Example] = []


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
    snr_db: float = Field(default=5.0, description="below this the recording is called poor")
    low_score: float = Field(default=60.0, ge=0, le=100)
    low_coverage: Share = 0.7
    critical_cap: float = Field(default=50.0, ge=0, le=100)


class Definitions(Part):
    """The event definitions, in seconds, where this rubric differs from docs/events.md."""

    overlap_min: Seconds | None = None
    backchannel_max: Seconds | None = None
    terminal_overlap_max: Seconds | None = None
    interruption_min_floor: Seconds | None = None
    interruption_min_overlap: Seconds | None = None
    interruption_breakoff: Seconds | None = None
    interruption_continues: Seconds | None = None
    dead_air_min: Seconds | None = None
    turn_gap: Seconds | None = None


class RubricFile(Part):
    """rubric.yaml."""

    name: Identifier
    title: Text
    languages: Annotated[list[Literal["ja", "en"]], Field(min_length=1, max_length=1)]
    thresholds: Thresholds = Thresholds()
    definitions: Definitions = Definitions()
    sections: Annotated[list[Section], Field(min_length=1)]
    anchors: dict[Identifier, Anchor] = {}
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    flags: list[FlagRule] = []


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
    exact: bool = Field(default=False, description="no tolerance: for short words that resemble others")
    negated: Literal["drop", "keep"] = Field(default="drop", description="what a negation around it does")
    quoted: Literal["drop", "keep"] = Field(
        default="drop", description="what repeating the other party's words does"
    )
    hits: Annotated[list[str | PhraseExample], Field(min_length=1)]
    misses: Annotated[list[str | PhraseExample], Field(min_length=1)]


class Context(Part):
    """context.yaml: words that turn a phrase into something else, for all lists."""

    negation_before: list[str] = []
    negation_after: list[str] = []
    quotation_after: list[str] = []
    quotation_before: list[str] = []
    not_names: list[str] = Field(
        default=[], description="words that are never a person's name (desk, support)"
    )
    not_content: list[str] = Field(default=[], description="words too common to be anybody's own")
    reach: Annotated[int, Field(ge=1)] = Field(
        default=3, description="tokens between the phrase and those words"
    )


for _model in (
    Step,
    AllCheck,
    AnyCheck,
    NotCheck,
    Case,
    CasesCheck,
    Criterion,
    FlagRule,
    Steps,
    StepsCheck,
    RubricFile,
):
    _model.model_rebuild()
