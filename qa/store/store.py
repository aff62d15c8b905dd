"""`Store`: the one door to the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database

from qa.errors import StoreError, UnknownCall
from qa.model import Conversation, Recording, Scorecard
from qa.store import ledger, queries, refresh, results, scorecards
from qa.store.advice import Advice
from qa.store.agreement import Agreements
from qa.store.calibration import Calibration
from qa.store.coaching import Coaching
from qa.store.connection import connect, explained, writing
from qa.store.disputes import Disputes
from qa.store.ledger import now
from qa.store.listing import Listing
from qa.store.migrations import MIGRATIONS, applied, check_version, migrate
from qa.store.moments import Moments
from qa.store.peaks import Waveforms
from qa.store.people import People
from qa.store.recordings import Recordings
from qa.store.records import (
    Again,
    Before,
    Entry,
    Hearing,
    Hit,
    KnownFile,
    Pace,
    Result,
    RunRecord,
    RunState,
    Standing,
    Status,
    Table,
    Tally,
    Trouble,
    canonical,
)
from qa.store.retention import Retention
from qa.store.reviews import Reviews
from qa.store.weekly import Weekly


class Store:
    """Results of all nights in one SQLite file. Every method raises `StoreError` with the remedy.

    Use it in the thread that opened it. Conversations and scorecards are only ever added.
    """

    def __init__(self, db: Database, path: Path) -> None:
        self.path = path
        self._db = db
        self._connection = db.conn
        self.people = People(db, path)
        self.reviews = Reviews(db, path)
        self.coaching = Coaching(db, path)
        self.disputes = Disputes(db, path)
        self.calibration = Calibration(db, path)
        self.listing = Listing(db, path)
        self.weekly = Weekly(db, path)
        self.waveforms = Waveforms(db, path)
        self.retention = Retention(db, path)
        self.recordings = Recordings(db, path)
        self.moments = Moments(db, path)
        self.agreements = Agreements(db, path)
        self.advice = Advice(db, path)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = True,
        read_only: bool = False,
        busy_seconds: float = 30.0,
        any_thread: bool = False,
    ) -> Store:
        """The database at `path`, made or brought up to date first; with `read_only` nothing else is written.

        `busy_seconds`: how long to wait for another program's write. Raises `StoreError`, also where an
        older database lies on a medium that cannot be written. `any_thread`: whoever uses it sees to it that
        one thread does at a time.
        """
        path = Path(path)

        def connected() -> Database:
            return connect(
                path, create=create, read_only=read_only, busy_seconds=busy_seconds, any_thread=any_thread
            )

        db = connected()
        if read_only and 0 < applied(db) < len(MIGRATIONS):
            db.conn.close()
            cls.open(path, create=False, busy_seconds=busy_seconds).close()
            db = connected()
        try:
            with explained(path):
                check_version(db, path)
                if not read_only:
                    migrate(db, path)
        except BaseException:
            db.conn.close()
            raise
        return cls(db, path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ---- the night ----

    def known_files(self) -> Mapping[str, KnownFile]:
        """Every file that was ever hashed, by its path."""
        with explained(self.path):
            return ledger.known_files(self._connection)

    def remember(self, *recordings: Recording) -> None:
        """Note that these files hold these recordings."""
        with explained(self.path), writing(self._db) as connection:
            ledger.remember(connection, recordings)

    def standings(self) -> Mapping[str, Standing]:
        """What is stored of every scored call, by recording id."""
        with explained(self.path):
            return results.standings(self._connection)

    def troubles(self) -> Mapping[str, Trouble]:
        """Recordings that failed or are quarantined, by recording id."""
        with explained(self.path):
            return ledger.troubles(self._connection)

    def pace(self) -> tuple[Pace, ...]:
        """How long the last calls took that were heard."""
        with explained(self.path):
            return ledger.pace(self._connection)

    def begin_run(self, kind: str = "run") -> str:
        """Start a run (the caller holds the lock) and close those that died; the new run's id."""
        with explained(self.path), writing(self._db) as connection:
            return ledger.begin_run(connection, kind)

    def finish_run(self, run_id: str, state: RunState, tally: Tally, device: str = "") -> None:
        """Close a run with its counts; what it had in work is due again."""
        with explained(self.path), writing(self._db) as connection:
            ledger.finish_run(connection, run_id, state, tally, device)
        self.listing.tidy()

    def mark(self, run_id: str, *entries: Entry) -> None:
        """Write what became of recordings in this run."""
        with explained(self.path), writing(self._db) as connection:
            ledger.mark(connection, run_id, entries)

    def save(self, run_id: str, *saved: Result) -> None:
        """Write everything of each call, all in one transaction."""
        with explained(self.path), writing(self._db) as connection:
            ids = [self._save(run_id, result) for result in saved]
            cards = [result.scorecard for result in saved]
            scorecards.save_scorecards(connection, run_id, zip(ids, cards, strict=True))
            scorecards.keep(connection, "readings", zip(ids, (r.reading for r in saved), strict=True))
            scorecards.keep(connection, "judgements", zip(ids, (r.judgements for r in saved), strict=True))
            ledger.mark(connection, run_id, [result.entry for result in saved if result.entry])
        with explained(self.path):
            self._settle()

    def _settle(self) -> None:
        """The desk's lists, as far as no person has spoken on the calls (see `qa.store.refresh`)."""
        while ids := refresh.due(self._connection, reviewed=False):
            with writing(self._db) as connection:
                refresh.settle(connection, ids, None)

    def _save(self, run_id: str, result: Result) -> int:
        """The call, and its conversation if that is new; the conversation's row id."""
        connection = self._connection
        if result.entry:
            ledger.remember(connection, [result.recording])
        results.save_call(connection, result.conversation.call, result.recording.id)
        if result.conversation_id is None:
            return results.save_conversation(connection, run_id, result)
        return result.conversation_id

    def save_again(self, run_id: str, *saved: Again) -> None:
        """Write new scorecards of stored conversations, and what is kept beside them, in one transaction."""
        if not any(again.scorecard or again.reading or again.judgements for again in saved):
            return
        with explained(self.path), writing(self._db) as connection:
            cards = [(a.conversation_id, a.scorecard) for a in saved if a.scorecard is not None]
            scorecards.save_scorecards(connection, run_id, cards)
            scorecards.keep(connection, "readings", [(a.conversation_id, a.reading) for a in saved])
            scorecards.keep(connection, "judgements", [(a.conversation_id, a.judgements) for a in saved])
        with explained(self.path):
            self._settle()

    def before(self, call_ids: Sequence[str]) -> Mapping[str, Before]:
        """What is stored of the last scoring of each of these calls (a few hundred at a time)."""
        with explained(self.path):
            return scorecards.load_before(self._connection, call_ids)

    def find_conversation(self, call_id: str, hearing: Hearing) -> int | None:
        """The newest stored conversation of a call that was heard like this; None if there is none."""
        with explained(self.path):
            return results.find_conversation(self._connection, call_id, hearing)

    def conversation_by_id(self, conversation_id: int) -> Conversation:
        """A stored conversation by its row."""
        with explained(self.path):
            return results.load_conversation(self._connection, conversation_id)

    def reading(self, conversation_id: int) -> bytes | None:
        """What an earlier scoring worked out from a stored conversation; None if nothing is kept."""
        with explained(self.path):
            row = self._connection.execute(
                "SELECT body FROM readings WHERE conversation_id = ?", (conversation_id,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def judgements(self, conversation_id: int) -> bytes | None:
        """What its criteria came to when it was last scored; None if nothing is kept."""
        with explained(self.path):
            row = self._connection.execute(
                "SELECT body FROM judgements WHERE conversation_id = ?", (conversation_id,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def hearing(self, conversation_id: int) -> Hearing:
        """How a stored conversation was heard."""
        with explained(self.path):
            row = self._connection.execute(
                "SELECT hearing FROM conversations WHERE id = ?", (conversation_id,)
            ).fetchone()
        return Hearing.from_text(row[0])

    def rubric_of(self, files: str) -> str | None:
        """The `name@revision` of rubric files with this hash, if they were ever loaded."""
        with explained(self.path):
            row = self._connection.execute("SELECT rubric FROM rubrics WHERE files = ?", (files,)).fetchone()
        return None if row is None else str(row[0])

    def find_rubric_source(self, rubric: str) -> Mapping[str, str] | None:
        """The files (name → text) of a rubric by its `name@revision`; None if it is not known."""
        sql = "SELECT source FROM rubrics WHERE rubric = ? ORDER BY seen_at DESC LIMIT 1"
        with explained(self.path):
            row = self._connection.execute(sql, (rubric,)).fetchone()
        found: dict[str, str] | None = None if row is None else json.loads(row[0])
        return found

    def remember_rubric(self, files: str, rubric: str, source: Mapping[str, str]) -> None:
        """Keep the text of a rubric that is used: an old scorecard can be read beside its rubric."""
        with explained(self.path), writing(self._db) as connection:
            connection.execute(
                "INSERT INTO rubrics VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (files, rubric, canonical(dict(source)), now()),
            )

    def rubric_source(self, rubric: str) -> Mapping[str, str]:
        """The text of the files of a `name@revision` that scored a call: path → text. Raises `StoreError`."""
        source = self.find_rubric_source(rubric)
        if source is None:
            raise StoreError(f"{self.path}: the text of rubric {rubric} is not kept; run `qa rescore`")
        return source

    # ---- reading ----

    def resolve(self, call: str) -> str:
        """The id of the call that `call` names: an id, the start of one, or of its recording's hash.

        Raises `UnknownCall` with the nearest ids.
        """
        with explained(self.path):
            return queries.resolve(self._connection, call, self.path)

    def call_ids(self) -> tuple[str, ...]:
        """Ids of the scored calls, oldest first."""
        sql = """
            SELECT calls.id FROM calls WHERE EXISTS (SELECT 1 FROM scorecards WHERE call_id = calls.id)
            ORDER BY calls.started_at, calls.rowid
            """
        with explained(self.path):
            return tuple(id for (id,) in self._connection.execute(sql))

    def conversation(self, call_id: str) -> Conversation:
        """The conversation that the current scorecard of a call was made from."""
        with explained(self.path):
            return results.load_conversation(self._connection, self._current(call_id)[1])

    def scorecard(self, call_id: str) -> Scorecard:
        """The current scorecard of a call."""
        with explained(self.path):
            return scorecards.load_scorecard(self._connection, self._current(call_id)[0])

    def scored(self, call_ids: Sequence[str] | None = None) -> Iterator[tuple[Conversation, Scorecard]]:
        """Conversation and current scorecard of these calls (None: of all)."""
        for call_id in self.call_ids() if call_ids is None else call_ids:
            yield self.conversation(call_id), self.scorecard(call_id)

    def scorecards(self, call_id: str) -> tuple[Scorecard, ...]:
        """Every scorecard a call ever got, oldest first."""
        sql = "SELECT id FROM scorecards WHERE call_id = ? ORDER BY id"
        with explained(self.path):
            ids = [id for (id,) in self._connection.execute(sql, (call_id,))]
            return tuple(scorecards.load_scorecard(self._connection, id) for id in ids)

    def search(self, text: str, role: str | None = None, limit: int = 100) -> tuple[Hit, ...]:
        """Turns of current conversations that contain `text`, newest calls first."""
        with explained(self.path):
            return queries.search(self._connection, text, role, limit)

    def runs(self, count: int = 5) -> tuple[RunRecord, ...]:
        """The last runs, newest first."""
        with explained(self.path):
            return ledger.last_runs(self._connection, count)

    def status(self) -> Status:
        """How the database stands."""
        with explained(self.path):
            return queries.status(self._connection, self.path, applied(self._db))

    def export(self, table: str) -> Table:
        """The rows of a table of `qa.store.TABLES`, for the current scorecards."""
        with explained(self.path):
            found = queries.export(self._connection, table)
            return Table(found.columns, self._explained_rows(found.rows))

    def _explained_rows(self, rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        with explained(self.path):
            yield from rows

    def _current(self, call_id: str) -> tuple[int, int]:
        """Row ids of the current scorecard and its conversation."""
        row = self._connection.execute(
            "SELECT id, conversation_id FROM scorecards WHERE call_id = ? ORDER BY id DESC LIMIT 1",
            (call_id,),
        ).fetchone()
        if row is None:
            raise UnknownCall(f"{self.path}: no scored call {call_id}; `qa show` lists the calls")
        return int(row[0]), int(row[1])
