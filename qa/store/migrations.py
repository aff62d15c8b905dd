"""The schema, as numbered steps. A released step is never edited: add the next one.

Each step runs in its own transaction together with the row that records it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from qa import __version__
from qa.errors import StoreError, StoreVersionError
from qa.store.connection import writing
from qa.store.desk_schema import LISTS, ONLY_ADDED, PEOPLE, WORDS_OF_PEOPLE
from qa.store.facets_schema import FACETS, LAST_LETTERS

Migration = Callable[[Database], None]
MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Register the next step; its number is its place in this file."""
    MIGRATIONS.append(step)
    return step


def migrate(db: Database, path: Path) -> None:
    """Bring the schema up to this code. Raises `StoreVersionError` if it is newer."""
    check_version(db, path)
    if applied(db) == len(MIGRATIONS):
        return
    with writing(db) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL, code TEXT NOT NULL)"
        )
    for number, step in enumerate(MIGRATIONS, start=1):
        with writing(db) as connection:
            if number > applied(db):  # asked inside: another process may have just done it
                step(db)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                connection.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)",
                    (number, step.__name__, now, __version__),
                )


def check_version(db: Database, path: Path) -> None:
    """Raises `StoreVersionError` if a newer qa wrote the file, `StoreError` if it is no qa database."""
    number = applied(db)
    if number > len(MIGRATIONS):
        (code,) = db.conn.execute("SELECT code FROM schema_migrations ORDER BY number DESC").fetchone()
        raise StoreVersionError(
            f"{path}: written by qa {code} (schema {number}); this is qa {__version__} "
            f"(schema {len(MIGRATIONS)}). Upgrade qa, or choose another file with --db"
        )
    if not number and db.table_names() and "schema_migrations" not in db.table_names():
        raise StoreError(f"{path}: another program's database, not qa's; choose another file with --db")


def applied(db: Database) -> int:
    """The number of the last step done; 0 for an empty file."""
    if "schema_migrations" not in db.table_names():
        return 0
    number: int = db.conn.execute("SELECT coalesce(max(number), 0) FROM schema_migrations").fetchone()[0]
    return number


def _run(db: Database, script: str) -> None:
    """Each statement on its own: executescript would commit the transaction first."""
    for statement in script.split(";\n\n"):
        if statement.strip():
            db.conn.execute(statement)


@migration
def m0001_recordings_and_calls(db: Database) -> None:
    """What was found, and what is known of it."""
    _run(
        db,
        """
        CREATE TABLE recordings (
            id TEXT PRIMARY KEY,  -- SHA-256 of the bytes
            size INTEGER NOT NULL,
            seen_at TEXT NOT NULL
        );

        CREATE TABLE files (  -- every name a recording was seen under
            path TEXT PRIMARY KEY,
            recording_id TEXT NOT NULL REFERENCES recordings(id),
            size INTEGER NOT NULL,
            modified REAL NOT NULL,
            seen_at TEXT NOT NULL
        );

        CREATE INDEX files_recording ON files(recording_id);

        CREATE TABLE calls (
            id TEXT PRIMARY KEY,
            recording_id TEXT NOT NULL UNIQUE REFERENCES recordings(id),
            agent_id TEXT,
            agent_name TEXT,
            queue TEXT,
            direction TEXT,
            started_at TEXT,
            language TEXT,
            channel_roles TEXT NOT NULL DEFAULT '[]',
            attributes TEXT NOT NULL DEFAULT '{}'
        );

        CREATE INDEX calls_agent ON calls(agent_id, started_at)
        """,
    )


@migration
def m0002_runs_and_ledger(db: Database) -> None:
    """The nights, and what became of each recording in them."""
    _run(
        db,
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('run', 'rescore')),
            state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'crashed')),
            started_at TEXT NOT NULL,
            finished_at TEXT,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            code TEXT NOT NULL,
            device TEXT NOT NULL DEFAULT '',
            found INTEGER NOT NULL DEFAULT 0,
            scored INTEGER NOT NULL DEFAULT 0,
            skipped INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            quarantined INTEGER NOT NULL DEFAULT 0,
            needs_review INTEGER NOT NULL DEFAULT 0,
            audio_seconds REAL NOT NULL DEFAULT 0,
            wall_seconds REAL NOT NULL DEFAULT 0
        );

        CREATE TABLE ledger (  -- one row a recording and run; recordings already done have none
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs(id),
            path TEXT NOT NULL,
            recording_id TEXT REFERENCES recordings(id),  -- null: it could not even be read
            call_id TEXT,
            state TEXT NOT NULL
                CHECK (state IN ('due', 'running', 'done', 'failed', 'quarantined', 'skipped')),
            attempts INTEGER NOT NULL DEFAULT 0,  -- tries that failed, over all runs
            reason TEXT NOT NULL DEFAULT '',
            seconds REAL NOT NULL DEFAULT 0,  -- of work
            changed_at TEXT NOT NULL,
            UNIQUE (run_id, path)
        );

        CREATE INDEX ledger_recording ON ledger(recording_id, id);

        CREATE INDEX ledger_path ON ledger(path, id);

        CREATE INDEX ledger_state ON ledger(state)
        """,
    )


@migration
def m0003_conversations(db: Database) -> None:
    """What was said. Only ever added to."""
    _run(
        db,
        """
        CREATE TABLE conversations (
            id INTEGER PRIMARY KEY,
            call_id TEXT NOT NULL REFERENCES calls(id),
            run_id TEXT NOT NULL REFERENCES runs(id),
            created_at TEXT NOT NULL,
            hearing TEXT NOT NULL,  -- models and settings that heard it, as canonical JSON
            definitions TEXT NOT NULL,  -- event definitions it was read with, as canonical JSON
            language TEXT NOT NULL,
            separation TEXT NOT NULL,
            duration REAL NOT NULL,
            channels INTEGER NOT NULL,
            measures TEXT NOT NULL,
            body BLOB NOT NULL  -- the whole Conversation: JSON, zlib
        );

        CREATE INDEX conversations_call ON conversations(call_id, id);

        CREATE TABLE turns (
            id INTEGER PRIMARY KEY,
            conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            speaker TEXT NOT NULL,
            role TEXT NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            text TEXT NOT NULL
        );

        CREATE INDEX turns_conversation ON turns(conversation_id, position);

        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            by TEXT,
            against TEXT,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            words TEXT NOT NULL,
            successful INTEGER,
            confirmed INTEGER NOT NULL
        );

        CREATE INDEX events_conversation ON events(conversation_id);

        CREATE VIRTUAL TABLE turns_search USING fts5
            (text, content = 'turns', content_rowid = 'id', tokenize = 'trigram');

        CREATE TRIGGER turns_added AFTER INSERT ON turns BEGIN
            INSERT INTO turns_search (rowid, text) VALUES (new.id, new.text);
        END;

        CREATE TRIGGER turns_removed AFTER DELETE ON turns BEGIN
            INSERT INTO turns_search (turns_search, rowid, text) VALUES ('delete', old.id, old.text);
        END;

        CREATE TRIGGER conversations_stay BEFORE UPDATE ON conversations BEGIN
            SELECT raise(ABORT, 'conversations are only ever added');
        END
        """,
    )


@migration
def m0004_scorecards(db: Database) -> None:
    """Verdicts with their evidence. Only ever added to; the current one is a view."""
    _run(
        db,
        """
        CREATE TABLE rubrics (
            files TEXT PRIMARY KEY,  -- hash of the files' bytes and of the code that read them
            rubric TEXT NOT NULL,  -- name@revision: the hash of what they mean
            source TEXT NOT NULL,  -- the files, as JSON: path to text
            seen_at TEXT NOT NULL
        );

        CREATE TABLE scorecards (
            id INTEGER PRIMARY KEY,
            call_id TEXT NOT NULL REFERENCES calls(id),
            conversation_id INTEGER NOT NULL REFERENCES conversations(id),
            run_id TEXT NOT NULL REFERENCES runs(id),
            created_at TEXT NOT NULL,
            rubric TEXT NOT NULL,  -- name@revision
            score REAL,
            coverage REAL,
            points REAL NOT NULL,
            possible REAL NOT NULL,
            undecided REAL NOT NULL,
            bonus REAL NOT NULL,
            weighted_share REAL,
            critical_failed TEXT NOT NULL,
            cap REAL,
            needs_review INTEGER NOT NULL,  -- criteria that a person must judge
            receipt TEXT NOT NULL
        );

        CREATE INDEX scorecards_call ON scorecards(call_id, id);

        CREATE TABLE findings (
            id INTEGER PRIMARY KEY,
            scorecard_id INTEGER NOT NULL REFERENCES scorecards(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            criterion TEXT NOT NULL,
            section TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('met', 'not_met', 'not_applicable', 'needs_review')),
            points REAL NOT NULL,
            possible REAL NOT NULL,
            reason_ja TEXT NOT NULL,
            reason_en TEXT NOT NULL,
            critical INTEGER NOT NULL,
            bonus INTEGER NOT NULL
        );

        CREATE INDEX findings_scorecard ON findings(scorecard_id, position);

        CREATE TABLE flags (
            id INTEGER PRIMARY KEY,
            scorecard_id INTEGER NOT NULL REFERENCES scorecards(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            flag TEXT NOT NULL,
            reason_ja TEXT NOT NULL,
            reason_en TEXT NOT NULL
        );

        CREATE INDEX flags_scorecard ON flags(scorecard_id, position);

        CREATE TABLE evidence (  -- of a finding or of a flag
            id INTEGER PRIMARY KEY,
            finding_id INTEGER REFERENCES findings(id) ON DELETE CASCADE,
            flag_id INTEGER REFERENCES flags(id) ON DELETE CASCADE,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            role TEXT NOT NULL,
            quote TEXT NOT NULL,
            confidence REAL NOT NULL,
            note_ja TEXT,
            note_en TEXT,
            CHECK ((finding_id IS NULL) <> (flag_id IS NULL))
        );

        CREATE INDEX evidence_finding ON evidence(finding_id) WHERE finding_id IS NOT NULL;

        CREATE INDEX evidence_flag ON evidence(flag_id) WHERE flag_id IS NOT NULL;

        CREATE TRIGGER scorecards_stay BEFORE UPDATE ON scorecards BEGIN
            SELECT raise(ABORT, 'scorecards are only ever added');
        END;

        CREATE TRIGGER findings_stay BEFORE UPDATE ON findings BEGIN
            SELECT raise(ABORT, 'findings are only ever added');
        END;

        CREATE VIEW current_scorecards AS
            SELECT s.* FROM scorecards AS s
            WHERE s.id = (SELECT max(id) FROM scorecards WHERE call_id = s.call_id)
        """,
    )


@migration
def m0005_readings(db: Database) -> None:
    """What scoring worked out from a conversation, so that scoring again is fast. Safe to empty."""
    _run(
        db,
        """
        CREATE TABLE readings (
            conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
            body BLOB NOT NULL  -- of qa.rubric.phrases.reading
        )
        """,
    )


@migration
def m0006_judgements(db: Database) -> None:
    """What each criterion and flag came to, by all that it hangs on. Safe to empty."""
    _run(
        db,
        """
        CREATE TABLE judgements (
            conversation_id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
            body BLOB NOT NULL  -- of qa.rubric.scores.kept
        )
        """,
    )


@migration
def m0007_people(db: Database) -> None:
    """Who may sign in at the desk, and what they saw and did."""
    _run(db, PEOPLE)


@migration
def m0008_words_of_people(db: Database) -> None:
    """Reviews, comments, coaching, disputes, goals, blind scores. Only ever added to."""
    _run(db, WORDS_OF_PEOPLE)
    for table in ONLY_ADDED:
        db.conn.execute(
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table} BEGIN"
            f" SELECT raise(ABORT, '{table} are only ever added'); END"
        )


@migration
def m0009_lists(db: Database) -> None:
    """What the desk lists, kept ready; search by role and for two letters; peaks."""
    _run(db, LISTS)


@migration
def m0010_advice(db: Database) -> None:
    """Criteria that count for nobody, since people disagree with the machine about them."""
    _run(
        db,
        """
        CREATE TABLE desk_advice (criterion TEXT PRIMARY KEY) WITHOUT ROWID;

        CREATE TABLE desk_advice_due (call_id TEXT PRIMARY KEY) WITHOUT ROWID  -- to be counted again
        """,
    )


@migration
def m0011_facets(db: Database) -> None:
    """Counts of calls, kept; indexes that answer the desk's questions by themselves."""
    _run(db, FACETS)


@migration
def m0012_last_letters(db: Database) -> None:
    """The search index made again, so that one letter is found at the end of a conversation too."""
    _run(db, LAST_LETTERS)
