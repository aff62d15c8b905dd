"""Acts → outcomes, as a table: what each criterion should come to, or that nobody could say."""

from __future__ import annotations

import pytest

from bench.corpus.content import AGENT_ACTS
from bench.corpus.label import RULES, Facts, LongTurn, label
from bench.corpus.plan import How, Move
from qa.model import Role

MET, NOT, NA, OUT = "met", "not_met", "not_applicable", None


def moves(acts: str) -> list[Move]:
    """`trouble! cut-in^ empathy* cut-in~`: `!` broken off, `^` cutting in, `~` given up, `*` own words."""
    found = []
    for word in acts.split():
        act = word.rstrip("!^~*")
        how = {"^": How.CUT_IN, "~": How.ATTEMPT}.get(word[-1], How.TURN)
        role = Role.AGENT if act in AGENT_ACTS else Role.CUSTOMER
        found.append(Move(act, role, "x", how, cut=word.endswith(("!", "~")), own=word.endswith("*")))
    return found


GOOD = (
    "greet-full trouble reflect empathy apology-specific question-circumstances answer-circumstances "
    "own solution"
)


@pytest.mark.parametrize(
    ("criterion", "acts", "expected"),
    [
        ("self-identification", "greet-full trouble", MET),
        ("self-identification", "greet-company trouble", NOT),
        ("identity-on-record", "greet-full trouble", MET),
        ("identity-on-record", "greet-company trouble", OUT),
        ("ownership", "greet-full trouble own", MET),
        ("ownership", "greet-full trouble department", NOT),
        ("ownership", "greet-full trouble own department", OUT),
        ("ownership", "greet-full trouble", OUT),
        ("escalation-handled", "greet-full trouble", NA),
        ("escalation-handled", "trouble demand-superior superior-owned", MET),
        ("escalation-handled", "trouble demand-superior superior-refused", NOT),
        ("let-them-finish", "greet-full trouble empathy", MET),
        ("let-them-finish", "greet-full trouble! cut-in^ protest", NOT),
        ("let-them-finish", "greet-full trouble reflect cut-line! cut-in^", MET),
        ("let-them-finish", "greet-full trouble cut-line! cut-in^ protest", None),
        ("reflects-back", "trouble reflect solution", MET),
        ("reflects-back", "trouble empathy solution", NOT),
        ("reflects-back", "trouble solution reflect", NOT),
        ("reflects-back", "trouble empathy* solution", OUT),
        ("reflects-back", "trouble apology-specific solution", OUT),
        ("reflects-back", "trouble reflect", OUT),
        ("asks-circumstances", "trouble question-circumstances answer-circumstances", MET),
        ("asks-circumstances", "trouble question-manual answer-manual", NOT),
        ("asks-circumstances", "trouble " + "question-manual answer-manual question-circumstances " * 3, NOT),
        ("asks-circumstances", "trouble " + "question-manual question-circumstances empathy " * 3, MET),
        ("empathy", "trouble empathy", MET),
        ("empathy", "trouble apology-bare", NOT),
        ("empathy-before-apology", "trouble empathy apology-bare", MET),
        ("empathy-before-apology", "trouble apology-specific empathy", NOT),
        ("empathy-before-apology", "trouble apology-specific", NOT),
        ("empathy-before-apology", "trouble empathy", OUT),
        ("empathy-before-apology", "trouble request-repeat back", NA),
        ("specific-apology", "trouble apology-specific", MET),
        ("specific-apology", "trouble apology-bare", NOT),
        ("specific-apology", "trouble reflect apology-bare", OUT),
        ("specific-apology", "trouble reflect ack apology-bare", OUT),
        ("specific-apology", "trouble reflect ack solution ack apology-bare", NOT),
        ("specific-apology", "trouble empathy", NA),
        ("apology-not-the-answer", "trouble apology-bare question-manual", MET),
        ("apology-not-the-answer", "trouble apology-bare protest apology-bare anger apology-bare", NOT),
        ("apology-not-the-answer", "trouble apology-bare ack thanks-formula", OUT),
        ("apology-not-the-answer", "trouble", NA),
        ("apology-fluent", "trouble apology-specific", MET),
        ("apology-fluent", "trouble apology-disfluent", NOT),
        ("no-arguing", "trouble argue", NOT),
        ("no-arguing", "trouble empathy", MET),
        ("no-arguing", "trouble! cut-in^", OUT),
        ("no-arguing", "trouble detail cut-in~", MET),
        ("feelings-before-solution", "trouble empathy solution", MET),
        ("feelings-before-solution", "trouble solution empathy", NOT),
        ("feelings-before-solution", "trouble apology-bare solution", NOT),
        ("feelings-before-solution", "trouble! cut-in^ empathy solution", OUT),
        ("feelings-before-solution", "trouble empathy", OUT),
        ("de-escalation-order", GOOD, MET),
        ("de-escalation-order", "greet-full trouble! cut-in^ empathy apology-specific solution", NOT),
        ("de-escalation-order", "greet-full trouble apology-specific empathy solution", NOT),
        ("de-escalation-order", "greet-full trouble apology-bare solution", NOT),
        ("de-escalation-order", "greet-company trouble empathy apology-specific solution", OUT),
        ("de-escalation-order", "greet-full trouble empathy apology-bare solution", OUT),
        ("concrete-next-step", "trouble solution next-concrete", MET),
        ("concrete-next-step", "trouble solution next-vague", NOT),
        ("concrete-next-step", "trouble solution", OUT),
        ("clear-limits", "trouble solution", NA),
        ("clear-limits", "trouble refusal-alternative ack solution", MET),
        ("clear-limits", "trouble refusal-bare ack next-vague", NOT),
        ("clear-limits", "trouble refusal-bare solution", OUT),
        ("no-bare-wait", "trouble wait-good ack back", MET),
        ("no-bare-wait", "trouble wait-bare ack back", NOT),
        ("no-bare-wait", "trouble", NA),
        ("outcome", "trouble solution accept further", MET),
        ("outcome", "trouble solution grudging", NOT),
        ("outcome", "trouble solution accept", OUT),
        ("thanks-for-time", "trouble thanks-effort goodbye", MET),
        ("thanks-for-time", "trouble thanks-formula goodbye", NOT),
        ("closing-summary", "trouble summary name-again", MET),
        ("closing-summary", "trouble summary", OUT),
        ("closing-summary", "trouble goodbye", NOT),
        ("shares-joy", "trouble accept joy", MET),
        ("shares-joy", "trouble accept", OUT),
        ("value-question", "trouble", NA),
    ],
)
def test_outcomes(criterion: str, acts: str, expected: str | None) -> None:
    assert label(moves(acts), Facts(), language="ja", complaint=True).get(criterion) == expected


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([LongTurn(6.0, 0)], NA),
        ([LongTurn(9.4, 0)], OUT),
        ([LongTurn(14.0, 2)], MET),
        ([LongTurn(14.0, 0)], NOT),
        ([LongTurn(14.0, 1), LongTurn(12.0, 0)], OUT),
        ([LongTurn(10.2, 0)], OUT),
    ],
)
def test_active_listening(turns: list[LongTurn], expected: str | None) -> None:
    facts = Facts(customer_turns=tuple(turns))
    assert label(moves("trouble"), facts, language="ja", complaint=True).get("active-listening") == expected


def test_what_the_laid_out_call_says() -> None:
    outcomes = label(
        moves("greet-full trouble"), Facts(taken_by_agent=1, on_record=False), language="en", complaint=True
    )
    assert (outcomes["no-interruption"], outcomes["identity-on-record"]) == (NOT, NOT)


def test_a_request_has_no_feelings_to_settle() -> None:
    outcomes = label(moves("greet-full request solution"), Facts(), language="en", complaint=False)
    for name in ("empathy", "empathy-before-apology", "feelings-before-solution", "de-escalation-order"):
        assert outcomes[name] == NA


@pytest.mark.parametrize(
    ("language", "text"),
    [("ja", "私が今すぐ手配いたします"), ("en", "I'll have it sent tomorrow")],
)
def test_words_only_ever_leave_a_criterion_out(language: str, text: str) -> None:
    told = moves("greet-full trouble department next-vague")
    solution = Move("solution", Role.AGENT, text)
    for name in ("ownership", "concrete-next-step"):
        assert label(told, Facts(), language=language, complaint=True)[name] == NOT
        assert name not in label([*told, solution], Facts(), language=language, complaint=True)


def test_every_rule_is_tabled() -> None:
    assert len(RULES) == 25
