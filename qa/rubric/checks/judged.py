"""The check that asks a judge: redact, ask, find the quote, and abstain wherever it is not there."""

from __future__ import annotations

import re
import unicodedata

from qa.errors import JudgeError
from qa.model import Evidence, Role
from qa.rubric import schema
from qa.rubric.checks.judge import Answer, Around, Line, Question
from qa.rubric.checks.look import Look
from qa.rubric.checks.redact import EMAIL, NAME, NUMBER, names_of, redact
from qa.rubric.checks.verdict import (
    Verdict,
    absence_doubt,
    clock,
    met,
    not_met,
    region_doubt,
    review,
    role_doubt,
)

LEAST_QUOTE = 4
"""Letters of a quote, spaces and marks left out: はい is found in every call."""
_MARKS = re.compile(r"[\W_]+")
_STRUCK = re.compile("|".join(map(re.escape, (NUMBER, EMAIL, NAME))))


def judged(check: schema.Judge, look: Look, around: Around) -> Verdict:
    """What the judge says, as far as its quote is in the turns."""
    if around.judge is None:
        return review("no_judge")
    doubt = role_doubt(look, Role.AGENT, Role.CUSTOMER)
    region = look.region(check.where, Role.AGENT)
    doubt = doubt or region_doubt(look, region)
    if doubt:
        return doubt
    chosen = [
        i
        for i, turn in enumerate(look.turns)
        if turn.words and any(span.overlap(turn.span) > 0 for span in region.spans)
    ]
    if len(chosen) > around.judge.most_turns:
        return review("judge_too_long", count=str(len(chosen)), limit=str(around.judge.most_turns))
    code = look.lexicon.code
    names = (*around.names, *names_of(look.annotated.conversation.call))
    lines = [Line(str(look.turns[i].role), redact(look.turns[i].text, code, names)) for i in chosen]
    prompt = check.prompt.ja if code == "ja" else check.prompt.en
    try:
        answer = around.judge.ask(Question(prompt, code, lines))
    except JudgeError as error:
        return review(error.cause, value=str(error))
    if answer.verdict == "cannot_tell":
        return review("judge_unsure", because_ja=answer.reason_ja, because_en=answer.reason_en)
    place = _place(answer.quote, lines)
    if place is None:
        return review("judge_no_quote", quote=answer.quote[:80])
    return _verdict(answer, look, region_unsure=absence_doubt(look, region), turn=chosen[place])


def _verdict(answer: Answer, look: Look, region_unsure: str | None, turn: int) -> Verdict:
    said = look.turns[turn]
    evidence = [Evidence(said.span, said.role, said.text, round(said.probability, 3))]
    values = {
        "quote": said.text,
        "at": clock(said.span.start),
        "because_ja": answer.reason_ja,
        "because_en": answer.reason_en,
    }
    if said.probability < look.thresholds.word_probability:
        return review("words_unsure", evidence)
    if answer.verdict == "met":
        return met("judged", evidence, **values)
    if region_unsure is not None:
        return review(region_unsure, evidence)
    return not_met(look, "judged", evidence, **values)


def _place(quote: str, lines: list[Line]) -> int | None:
    """The line that holds the quote, spelling, spaces and marks aside; None if none does."""
    wanted = _plain(quote)
    if len(_plain(_STRUCK.sub("", quote))) < LEAST_QUOTE:
        return None
    return next((i for i, line in enumerate(lines) if wanted in _plain(line.text)), None)


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
