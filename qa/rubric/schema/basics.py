"""The words that every file of a rubric is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

RoleName = Literal["agent", "customer"]
LanguageName = Literal["ja", "en"]
OutcomeName = Literal["met", "not_met", "not_applicable", "needs_review"]
SlotName = Literal["name", "person", "agent", "company", "number", "time", "any"]
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
