"""The closed set of checks, by the one key that names each, and how they compose."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from qa.rubric.schema.basics import Identifier, OutcomeName, Part, Phrases, RoleName, Text
from qa.rubric.schema.kinds import (
    Alike,
    Each,
    Events,
    Fluent,
    Happened,
    Judge,
    Measure,
    NameMatches,
    NotSaid,
    Order,
    Question,
    QuestionRun,
    Reflection,
    Said,
    Together,
    Where,
)


class Step(Part):
    """One step of a sequence: a place in the call, found by a phrase list, or an anchor's end."""

    name: Text
    phrases: Phrases | None = None
    anchor: Identifier | None = None
    by: RoleName = "agent"
    alike: Alike = False
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

for _model in (Step, Steps, StepsCheck, AllCheck, AnyCheck, NotCheck, Case, CasesCheck):
    _model.model_rebuild()
