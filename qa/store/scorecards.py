"""Scorecards with their findings, evidence and flags: written many at a time, and read again."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from qa.model import (
    Evidence,
    Finding,
    Flag,
    Message,
    Outcome,
    Receipt,
    Role,
    Score,
    Scorecard,
    Span,
)
from qa.store.ledger import now
from qa.store.plain import from_plain, to_plain
from qa.store.records import Before, canonical

CARD_COLUMNS = (
    "rubric, score, coverage, points, possible, undecided, bonus, weighted_share, critical_failed, cap,"
    " needs_review, receipt"
)
FINDING_COLUMNS = "criterion, section, outcome, points, possible, reason_ja, reason_en, critical, bonus"
EVIDENCE_COLUMNS = 'start, "end", role, quote, confidence, note_ja, note_en'

Row = tuple[Any, ...]
OUTCOMES = {outcome.value: outcome for outcome in Outcome}


def save_scorecards(
    connection: sqlite3.Connection, run_id: str, saved: Iterable[tuple[int, Scorecard]]
) -> None:
    """Add scorecards, each under its conversation's row id, with their findings, evidence and flags.

    In one transaction, begun before: the rows' numbers are given here, so that each table is filled at once.
    """
    at = now()
    numbers = {name: _next_id(connection, name) for name in ("scorecards", "findings", "flags")}
    cards, findings, flags, evidence = list[Row](), list[Row](), list[Row](), list[Row]()
    for card_id, (conversation_id, card) in enumerate(saved, start=numbers["scorecards"]):
        cards.append((card_id, card.call_id, conversation_id, run_id, at, *_card_row(card)))
        for position, finding in enumerate(card.findings):
            finding_id = numbers["findings"] + len(findings)
            findings.append((finding_id, card_id, position, *_finding_row(finding)))
            evidence += [(finding_id, None, *_evidence_row(e)) for e in finding.evidence]
        for position, flag in enumerate(card.flags):
            flag_id = numbers["flags"] + len(flags)
            flags.append((flag_id, card_id, position, flag.id, flag.reason.ja, flag.reason.en))
            evidence += [(None, flag_id, *_evidence_row(e)) for e in flag.evidence]
    _fill(
        connection, "scorecards", f"id, call_id, conversation_id, run_id, created_at, {CARD_COLUMNS}", cards
    )
    _fill(connection, "findings", f"id, scorecard_id, position, {FINDING_COLUMNS}", findings)
    _fill(connection, "flags", "id, scorecard_id, position, flag, reason_ja, reason_en", flags)
    _fill(connection, "evidence", f"finding_id, flag_id, {EVIDENCE_COLUMNS}", evidence)


def _next_id(connection: sqlite3.Connection, table: str) -> int:
    (highest,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    return int(highest) + 1


def _fill(connection: sqlite3.Connection, table: str, columns: str, rows: Sequence[Row]) -> None:
    places = ", ".join("?" * len(columns.split(",")))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _card_row(card: Scorecard) -> Row:
    score = card.score
    return (
        card.receipt.rubric,
        score.value,
        score.coverage,
        score.points,
        score.possible,
        score.undecided,
        score.bonus,
        score.weighted_share,
        canonical(list(score.critical_failed)),
        score.cap,
        len(card.needs_review),
        canonical(to_plain(card.receipt)),
    )


def _finding_row(finding: Finding) -> Row:
    return (
        finding.criterion,
        finding.section,
        finding.outcome.value,
        finding.points,
        finding.possible,
        finding.reason.ja,
        finding.reason.en,
        finding.critical,
        finding.bonus,
    )


def _evidence_row(e: Evidence) -> Row:
    ja, en = (e.note.ja, e.note.en) if e.note else (None, None)
    return (e.span.start, e.span.end, e.role.value, e.quote, e.confidence, ja, en)


def keep(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[int, bytes | None]]) -> None:
    """Keep what scoring left beside conversations, by their row ids; None: what is there stays."""
    connection.executemany(
        f"INSERT OR REPLACE INTO {table} (conversation_id, body) VALUES (?, ?)",
        [row for row in rows if row[1] is not None],
    )


def load_scorecard(connection: sqlite3.Connection, scorecard_id: int) -> Scorecard:
    """A stored scorecard, whole."""
    call_id, points, possible, undecided, bonus, share, critical, cap, receipt = connection.execute(
        """
        SELECT call_id, points, possible, undecided, bonus, weighted_share, critical_failed, cap, receipt
        FROM scorecards WHERE id = ?
        """,
        (scorecard_id,),
    ).fetchone()
    return Scorecard(
        call_id=call_id,
        findings=_findings(connection, scorecard_id),
        score=Score(points, possible, undecided, bonus, share, tuple(json.loads(critical)), cap),
        flags=_flags(connection, scorecard_id),
        receipt=from_plain(Receipt, json.loads(receipt)),
    )


def _findings(connection: sqlite3.Connection, scorecard_id: int) -> tuple[Finding, ...]:
    proofs = _evidence(connection, "findings", "finding_id", scorecard_id)
    rows = connection.execute(
        """
        SELECT id, criterion, section, outcome, points, possible, reason_ja, reason_en, critical, bonus
        FROM findings WHERE scorecard_id = ? ORDER BY position
        """,
        (scorecard_id,),
    )
    return tuple(
        Finding(
            criterion,
            section,
            Outcome(outcome),
            points,
            possible,
            Message(ja, en),
            tuple(proofs[id]),
            bool(critical),
            bool(bonus),
        )
        for id, criterion, section, outcome, points, possible, ja, en, critical, bonus in rows
    )


def _flags(connection: sqlite3.Connection, scorecard_id: int) -> tuple[Flag, ...]:
    proofs = _evidence(connection, "flags", "flag_id", scorecard_id)
    rows = connection.execute(
        "SELECT id, flag, reason_ja, reason_en FROM flags WHERE scorecard_id = ? ORDER BY position",
        (scorecard_id,),
    )
    return tuple(Flag(flag, Message(ja, en), tuple(proofs[id])) for id, flag, ja, en in rows)


def _evidence(
    connection: sqlite3.Connection, table: str, owner: str, scorecard_id: int
) -> defaultdict[int, list[Evidence]]:
    """The evidence of a scorecard's findings or flags, by the id of its owner."""
    rows: Iterable[Sequence[Any]] = connection.execute(
        f"""
        SELECT {owner}, {EVIDENCE_COLUMNS} FROM evidence
        WHERE {owner} IN (SELECT id FROM {table} WHERE scorecard_id = ?) ORDER BY evidence.id
        """,
        (scorecard_id,),
    )
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    for owner_id, start, end, role, quote, confidence, ja, en in rows:
        note = None if ja is None else Message(ja, en)
        found[owner_id].append(Evidence(Span(start, end), Role(role), quote, confidence, note))
    return found


def load_before(connection: sqlite3.Connection, call_ids: Sequence[str]) -> dict[str, Before]:
    """What is stored of the last scoring of each of these calls."""
    asked = json.dumps(call_ids)
    outcomes: defaultdict[str, dict[str, Outcome]] = defaultdict(dict)
    for call_id, criterion, outcome in connection.execute(
        """
        SELECT cards.call_id, findings.criterion, findings.outcome
        FROM json_each(?) AS asked
        JOIN current_scorecards AS cards ON cards.call_id = asked.value
        JOIN findings ON findings.scorecard_id = cards.id
        ORDER BY cards.id, findings.position
        """,
        (asked,),
    ):
        outcomes[call_id][criterion] = OUTCOMES[outcome]
    rows = connection.execute(
        """
        SELECT cards.call_id, cards.score, judgements.body
        FROM json_each(?) AS asked
        JOIN current_scorecards AS cards ON cards.call_id = asked.value
        LEFT JOIN judgements ON judgements.conversation_id = cards.conversation_id
        """,
        (asked,),
    )
    return {call_id: Before(outcomes[call_id], score, body) for call_id, score, body in rows}
