"""How fast the review desk is over 100,000 calls, as a browser on the same machine sees it.

Two hundred made-up conversations (see `bench.conversations`) are really built and scored; the database holds
copies of them under other ids, agents, queues and days, with every turn, finding and piece of evidence, and
two thousand reviews. Writes bench/DESK.md.

    .venv/bin/python -m bench.desk [CALLS] [DATABASE]

On a machine that others use too, `chrt -r 5` before it gives it both cores; the report says so.
"""

from __future__ import annotations

import itertools
import os
import platform
import random
import re
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import uvicorn

from bench.conversations import write
from qa.batch.rubrics import read_files
from qa.review.app import create
from qa.review.security import hash_password
from qa.review.sound import Silence
from qa.rubric import load
from qa.settings import Settings
from qa.store import EVERYTHING, Filter, Post, Store

REPORT = Path(__file__).with_name("DESK.md")
TEMPLATES = 200
AGENTS = 40
QUEUES = ("billing", "delivery", "technical", "contracts")
FIRST_DAY = date(2026, 1, 5)
CALLS_A_DAY = 400
REVIEWS = 2_000
ROUNDS = 60
"""Requests of each kind."""
THINKING = 0.05
"""Seconds between them: nobody turns a page sooner."""
LIMIT_MS = 150
PASSWORD = "for the bench only"


def build(path: Path, calls: int) -> None:
    """The database: `TEMPLATES` real ones, the rest copies of them."""
    write(min(TEMPLATES, calls), path, distinct=TEMPLATES)
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;")
    connection.execute("DELETE FROM readings")
    connection.execute("DELETE FROM judgements")
    for round_ in range(1, -(-calls // TEMPLATES)):
        _copy(connection, round_, min(TEMPLATES, calls - round_ * TEMPLATES))
    connection.execute(
        f"""
        UPDATE calls SET agent_id = printf('agent-%02d', (rowid * 7919) % {AGENTS}),
            agent_name = printf('Agent %02d', (rowid * 7919) % {AGENTS}),
            queue = CASE rowid % 4 {" ".join(f"WHEN {i} THEN '{name}'" for i, name in enumerate(QUEUES))} END,
            started_at = datetime('{FIRST_DAY} 08:00', printf('+%d days', rowid / {CALLS_A_DAY}),
                printf('+%d minutes', (rowid * 13) % 600))
        """
    )
    connection.commit()
    _review(connection)
    connection.close()
    with Store.open(path) as store:
        for code in ("ja", "en"):
            rubric = load(f"support-{code}")
            store.remember_rubric(rubric.identity, rubric.identity, read_files(f"support-{code}"))
        store.people.add("lead", Post.LEAD, None, hash_password(PASSWORD))


def _copy(connection: sqlite3.Connection, round_: int, count: int) -> None:
    """Copies of the first `count` templates; every id is shifted by the round."""
    values = {"count": count, "shift": round_ * TEMPLATES}
    for table in ("conversations", "scorecards", "findings", "flags"):
        values[table] = _widest(connection, table) * round_
    call = "printf('bench-%06d', substr({}, 7) + :shift)"
    recording = "printf('%064x', substr(calls.id, 7) + :shift + 1000000)"
    for statement in (
        f"INSERT INTO recordings SELECT {recording}, 1, '2026-01-01' FROM calls WHERE rowid <= :count",
        f"""INSERT INTO calls SELECT {call.format("id")}, {recording}, agent_id, agent_name, queue,
            direction, started_at, language, channel_roles, attributes FROM calls WHERE rowid <= :count""",
        f"""INSERT INTO conversations SELECT id + :conversations, {call.format("call_id")}, run_id,
            created_at, hearing, definitions, language, separation, duration, channels, measures, body
            FROM conversations WHERE id <= :count""",
        """INSERT INTO turns (conversation_id, position, speaker, role, start, "end", text)
            SELECT conversation_id + :conversations, position, speaker, role, start, "end", text
            FROM turns WHERE conversation_id <= :count""",
        """INSERT INTO talk_search (rowid, agent, customer, other) SELECT conversation_id + :conversations,
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'agent') || char(10), ''),
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'customer') || char(10), ''), ''
            FROM turns WHERE conversation_id <= :count GROUP BY conversation_id""",
        f"""INSERT INTO scorecards SELECT id + :scorecards, {call.format("call_id")},
            conversation_id + :conversations, run_id, created_at, rubric, score, coverage, points, possible,
            undecided, bonus, weighted_share, critical_failed, cap, needs_review, receipt
            FROM scorecards WHERE id <= :count""",
        """INSERT INTO findings SELECT id + :findings, scorecard_id + :scorecards, position, criterion,
            section, outcome, points, possible, reason_ja, reason_en, critical, bonus
            FROM findings WHERE scorecard_id <= :count""",
        """INSERT INTO flags SELECT id + :flags, scorecard_id + :scorecards, position, flag, reason_ja,
            reason_en FROM flags WHERE scorecard_id <= :count""",
        """INSERT INTO evidence (finding_id, flag_id, start, "end", role, quote, confidence, note_ja, note_en)
            SELECT e.finding_id + :findings, e.flag_id + :flags, e.start, e."end", e.role, e.quote,
                e.confidence, e.note_ja, e.note_en
            FROM evidence AS e WHERE e.id <= (SELECT last FROM widths WHERE name = 'evidence')""",
    ):
        connection.execute(statement, values)
    connection.commit()


def _widest(connection: sqlite3.Connection, table: str) -> int:
    """The highest id among the templates, remembered before the first copy."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS widths (name TEXT PRIMARY KEY, last INTEGER)")
    for name in (table, "evidence"):
        connection.execute(f"INSERT OR IGNORE INTO widths SELECT '{name}', coalesce(max(id), 0) FROM {name}")
    (last,) = connection.execute("SELECT last FROM widths WHERE name = ?", (table,)).fetchone()
    return int(last)


def _review(connection: sqlite3.Connection) -> None:
    """Two thousand words of people: three in four agree with the machine."""
    connection.execute(
        """
        INSERT INTO reviews (call_id, criterion, version, outcome, machine, scorecard_id, who, why, at)
        SELECT card.call_id, f.criterion, 1,
            CASE WHEN f.id % 4 THEN f.outcome WHEN f.outcome = 'met' THEN 'not_applicable' ELSE 'met' END,
            f.outcome, card.id, 'lead', 'heard it', '2026-06-01T10:00:00+00:00'
        FROM findings AS f JOIN scorecards AS card ON card.id = f.scorecard_id
        WHERE f.outcome IN ('met', 'not_met') AND f.id % (SELECT max(1, count(*) / :wanted) FROM findings) = 0
        LIMIT :wanted
        """,
        {"wanted": REVIEWS},
    )
    connection.commit()


@contextmanager
def served(path: Path) -> Iterator[httpx.Client]:
    """A browser that has signed in at a desk over this database, over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create(path, Settings(), Silence())
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=600) as browser:
        found = re.search('name="token" value="([0-9a-f]+)"', browser.get("/sign-in").text)
        assert found
        browser.post("/sign-in", data={"token": found.group(1), "name": "lead", "password": PASSWORD})
        yield browser
    server.should_exit = True
    thread.join()


@dataclass(frozen=True)
class Measured:
    """One kind of page."""

    name: str
    milliseconds: tuple[float, ...]
    weight: int
    """Bytes of the heaviest page with its styles and scripts, not compressed."""

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.milliseconds, n=20)[-1]


def measure(browser: httpx.Client, name: str, paths: Iterator[str]) -> Measured:
    """Ask for `ROUNDS` of these pages, after two to warm up."""
    took, weight = list[float](), 0
    for path in itertools.islice(paths, 2):
        browser.get(path)
    for path in itertools.islice(paths, ROUNDS):
        time.sleep(THINKING)
        begun = time.perf_counter()
        answer = browser.get(path)
        took.append(1000 * (time.perf_counter() - begun))
        assert answer.status_code == 200, (path, answer.status_code)
        weight = max(weight, len(answer.content))
        last = answer.text
    parts = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*)"', last))
    return Measured(name, tuple(took), weight + sum(_weight(browser, part) for part in parts))


def _weight(browser: httpx.Client, part: str) -> int:
    """Bytes of a style sheet, picture or script, with the scripts that it imports."""
    answer = browser.get(part)
    assert answer.status_code == 200, part
    imported = re.findall(r'from "\./([^"]+)"', answer.text) if ".js" in part else []
    return len(answer.content) + sum(
        _weight(browser, f"{part.rpartition('/')[0]}/{name}") for name in imported
    )


def pages(path: Path) -> Iterator[tuple[str, Callable[[random.Random], str]]]:
    """The kinds of pages, each a maker of addresses."""
    with Store.open(path) as store:
        choices = store.listing.choices()
        ids = [row.call_id for row in store.listing.page(Filter(), EVERYTHING, size=400).rows]
    last = FIRST_DAY + timedelta(days=240)

    def query(**values: object) -> str:
        return f"/queue?{urlencode(values)}"

    def some_day(chance: random.Random) -> date:
        return FIRST_DAY + timedelta(days=chance.randrange(0, (last - FIRST_DAY).days))

    yield "queue", lambda chance: query(show=chance.choice(["open", "review", "all"]))
    yield "queue, page by page", lambda chance: query(show="all", until=some_day(chance))
    yield "filter: agent", lambda chance: query(agent=chance.choice(choices.agents)[0], show="all")
    yield (
        "filter: criterion and outcome",
        lambda chance: query(
            criterion=chance.choice(choices.criteria),
            outcome=chance.choice(["met", "not_met", "needs_review"]),
        ),
    )
    yield "filter: outcome of any", lambda chance: query(outcome="not_met", show="all")
    yield (
        "filter: flag, line, score, days",
        lambda chance: query(
            flag=chance.choice(choices.flags),
            queue=chance.choice(QUEUES),
            score_to=chance.randrange(20, 90),
            since=some_day(chance),
        ),
    )
    yield "search: three letters or more", lambda chance: query(said=chance.choice(LONG), show="all")
    yield "search: two letters", lambda chance: query(said=chance.choice(SHORT), show="all")
    yield (
        "search: by role, of an agent",
        lambda chance: query(
            said=chance.choice(LONG + SHORT),
            by="customer",
            agent=chance.choice(choices.agents)[0],
            show="all",
        ),
    )
    yield (
        "search and filters",
        lambda chance: query(
            said=chance.choice(LONG), queue=chance.choice(QUEUES), since=some_day(chance), score_to=80
        ),
    )
    yield "call", lambda chance: f"/call/{quote(chance.choice(ids), safe='')}"
    yield (
        "call, opened from a search",
        lambda chance: (
            f"/call/{quote(chance.choice(ids), safe='')}?{urlencode({'said': chance.choice(LONG)})}"
        ),
    )
    yield "team", lambda chance: f"/team?{urlencode({'page': chance.randrange(1, 3)})}"
    yield (
        "team: a criterion",
        lambda chance: f"/team?{urlencode({'criterion': chance.choice(choices.criteria)})}",
    )
    yield "an agent's report", lambda chance: f"/team/{quote(chance.choice(choices.agents)[0], safe='')}"
    yield "trust", lambda chance: "/trust"


LONG = ["インターネット", "つながらなく", "ランプ", "red light", "charged twice", "申し訳", "ルーター"]
SHORT = ["解約", "請求", "荷物", "電源", "赤い"]


def main(calls: int, path: Path) -> None:
    """Build the database where there is none, measure, and write the table."""
    if not path.exists():
        begun = time.perf_counter()
        build(path, calls)
        print(f"built in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    with served(path) as browser:
        browser.get("/queue")
        print(f"lists made in {time.perf_counter() - begun:.0f} s")
        chance = random.Random(7)
        rows = []
        for name, make in pages(path):
            found = measure(browser, name, (make(chance) for _ in itertools.count()))
            middle = statistics.median(found.milliseconds)
            print(f"{name:32} p50 {middle:6.1f}  p95 {found.p95:6.1f} ms  {found.weight / 1000:6.1f} kB")
            rows.append(found)
    report(calls, path, rows)


def _priority() -> str:
    """Whether it went before other programs, and how much those had to do."""
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        return f" (load average {os.getloadavg()[1]:.1f})"
    return f" (real-time priority, beside other programs: load average {os.getloadavg()[1]:.1f})"


def report(calls: int, path: Path, rows: list[Measured]) -> None:
    """bench/DESK.md."""
    lines = [
        "# The review desk over many calls",
        "",
        "<!-- Written by `python -m bench.desk`. -->",
        "",
        f"{calls:,} calls of five minutes ({path.stat().st_size / 1e9:.1f} GB), {AGENTS} agents,"
        f" {REVIEWS:,} reviews; {ROUNDS} requests of each kind over HTTP on the same machine."
        f" {platform.machine()}, {os.cpu_count()} cores{_priority()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}."
        " Weight: the page with its styles and scripts, not compressed, without audio.",
        "",
        f"| page | median, ms | p95, ms (limit {LIMIT_MS}) | weight, kB (limit 200) |",
        "|---|---:|---:|---:|",
    ]
    for row in rows:
        middle = statistics.median(row.milliseconds)
        lines.append(f"| {row.name} | {middle:.0f} | {row.p95:.0f} | {row.weight / 1000:.0f} |")
    REPORT.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / f"qa-desk-{wanted}.db"
    main(wanted, where)
