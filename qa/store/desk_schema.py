"""The tables of the review desk, as migrations m0007 to m0009 make them. Never edited once released.

What people say (reviews, comments, coaching, disputes, goals, blind scores) is only ever added to; triggers
hold that. What the desk lists (`desk_calls` and its satellites) is made from the rest, and can be made
again: `desk_due` holds the calls whose rows there are out of date.
"""

from __future__ import annotations

PEOPLE = """
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
        agent_id TEXT,  -- whose calls an agent account may see
        language TEXT NOT NULL DEFAULT '' CHECK (language IN ('', 'ja', 'en')),  -- '': the browser's
        theme TEXT NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),  -- '': the system's
        password_hash TEXT NOT NULL,  -- argon2id; '': signs on through the proxy only
        created_at TEXT NOT NULL,
        disabled_at TEXT,
        CHECK ((role = 'agent') = (agent_id IS NOT NULL))
    );

    CREATE TABLE sessions (
        token_hash TEXT PRIMARY KEY,  -- SHA-256 of what the cookie holds
        user_id INTEGER NOT NULL REFERENCES users(id),
        created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        revoked_at TEXT
    );

    CREATE INDEX sessions_user ON sessions(user_id);

    CREATE TABLE sign_ins (  -- tries, for the limit on guessing
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        name TEXT NOT NULL,
        address TEXT NOT NULL,
        succeeded INTEGER NOT NULL
    );

    CREATE INDEX sign_ins_at ON sign_ins(at);

    CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);

    CREATE TABLE audit (  -- who saw and changed what
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        call_id TEXT,  -- no reference: it outlives the call
        detail TEXT NOT NULL DEFAULT '',
        address TEXT NOT NULL DEFAULT ''
    );

    CREATE INDEX audit_call ON audit(call_id, id);

    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
        SELECT raise(ABORT, 'the audit log is only ever added to');
    END;

    CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN
        SELECT raise(ABORT, 'the audit log is only ever added to');
    END
    """

WORDS_OF_PEOPLE = """
    CREATE TABLE reviews (  -- a person's word on a criterion of a call; the last one counts
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        criterion TEXT NOT NULL,
        version INTEGER NOT NULL,  -- 1, 2, 3 ... of this call and criterion
        outcome TEXT NOT NULL CHECK (outcome IN ('met', 'not_met', 'not_applicable')),
        machine TEXT NOT NULL
            CHECK (machine IN ('met', 'not_met', 'not_applicable', 'needs_review')),
        scorecard_id INTEGER NOT NULL,  -- the scorecard that was on the page
        who TEXT NOT NULL,
        why TEXT NOT NULL,  -- '' only where the machine is confirmed
        at TEXT NOT NULL,
        start REAL,  -- the moment it rests on, where the machine showed none
        "end" REAL,
        UNIQUE (call_id, criterion, version)
    );

    CREATE TABLE comments (
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        start REAL,  -- the moment; null: the whole call
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX comments_call ON comments(call_id, id);

    CREATE TABLE handled (  -- a lead is done with a call, or takes that back
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        done INTEGER NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX handled_call ON handled(call_id, id);

    CREATE TABLE coaching (  -- steps of a point: a call, a criterion, an agent
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        criterion TEXT NOT NULL,
        agent_id TEXT NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('marked', 'told', 'understood', 'changed', 'dropped')),
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX coaching_agent ON coaching(agent_id, id);

    CREATE INDEX coaching_call ON coaching(call_id, criterion, id);

    CREATE TABLE disputes (
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        criterion TEXT NOT NULL,
        agent_id TEXT NOT NULL,
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX disputes_agent ON disputes(agent_id, id);

    CREATE INDEX disputes_call ON disputes(call_id, id);

    CREATE TABLE dispute_answers (
        id INTEGER PRIMARY KEY,
        dispute_id INTEGER NOT NULL UNIQUE REFERENCES disputes(id) ON DELETE CASCADE,
        outcome TEXT NOT NULL CHECK (outcome IN ('stands', 'changed')),
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE TABLE acknowledgements (  -- an agent has read a call's scorecard, and may answer
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(id),
        agent_id TEXT NOT NULL,
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX acknowledgements_call ON acknowledgements(call_id, id);

    CREATE TABLE goals (  -- what an agent chose to work on; the last one counts
        id INTEGER PRIMARY KEY,
        agent_id TEXT NOT NULL,
        criterion TEXT NOT NULL,  -- '': none any more
        words TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE INDEX goals_agent ON goals(agent_id, id);

    CREATE TABLE calibrations (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL
    );

    CREATE TABLE calibration_calls (
        calibration_id INTEGER NOT NULL REFERENCES calibrations(id),
        position INTEGER NOT NULL,
        call_id TEXT NOT NULL REFERENCES calls(id),
        scorecard_id INTEGER NOT NULL,  -- the machine's, at that time
        PRIMARY KEY (calibration_id, position)
    ) WITHOUT ROWID;

    CREATE INDEX calibration_calls_call ON calibration_calls(call_id);

    CREATE TABLE blind_scores (  -- given before the machine's was shown
        id INTEGER PRIMARY KEY,
        calibration_id INTEGER NOT NULL REFERENCES calibrations(id),
        call_id TEXT NOT NULL REFERENCES calls(id),
        criterion TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('met', 'not_met', 'not_applicable')),
        machine TEXT NOT NULL,
        why TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (calibration_id, call_id, criterion, who)
    );

    CREATE INDEX blind_scores_call ON blind_scores(call_id)
    """

ONLY_ADDED = (
    "reviews",
    "comments",
    "handled",
    "coaching",
    "disputes",
    "dispute_answers",
    "acknowledgements",
    "goals",
    "calibrations",
    "calibration_calls",
    "blind_scores",
)
"""What people said: no row of these is ever changed (a purge deletes whole calls)."""

LISTS = """
    CREATE TABLE desk_calls (  -- one row a scored call, as the desk lists them
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL UNIQUE REFERENCES calls(id),
        scorecard_id INTEGER NOT NULL,
        conversation_id INTEGER NOT NULL,
        rubric TEXT NOT NULL,
        agent_id TEXT,
        agent_name TEXT,
        queue TEXT,
        started_at TEXT,
        day INTEGER NOT NULL,  -- Julian day number of its local date; 0: unknown
        language TEXT NOT NULL,
        duration REAL NOT NULL,
        machine_score REAL,
        score REAL,  -- the one that counts
        critical INTEGER NOT NULL,  -- critical criteria failed
        not_met INTEGER NOT NULL,
        needs_review INTEGER NOT NULL,  -- criteria still open
        reviewed INTEGER NOT NULL,  -- criteria a person has spoken on
        flags INTEGER NOT NULL,
        apart INTEGER NOT NULL,  -- marked, not averaged in: a flag says so
        handled INTEGER NOT NULL,
        open INTEGER NOT NULL GENERATED ALWAYS AS (NOT handled AND (needs_review > 0 OR flags > 0)) STORED,
        rank INTEGER NOT NULL GENERATED ALWAYS AS (  -- newest day first, worst first in it
            day * 10000 + (critical > 0) * 4000 + (100 - cast(coalesce(score, 0) AS INTEGER)) * 20
            + min(needs_review, 9) * 2 + min(flags, 9)
        ) STORED
    );

    CREATE INDEX desk_calls_rank ON desk_calls(rank, id);

    CREATE INDEX desk_calls_open ON desk_calls(open, rank, id);

    CREATE INDEX desk_calls_agent ON desk_calls(agent_id, rank, id);

    CREATE INDEX desk_calls_queue ON desk_calls(queue, rank, id);

    CREATE INDEX desk_calls_rubric ON desk_calls(rubric);

    CREATE INDEX desk_calls_score ON desk_calls(score, id);

    CREATE INDEX desk_calls_conversation ON desk_calls(conversation_id);

    CREATE TABLE desk_findings (  -- of the scorecard that counts, with people's words taken in
        criterion TEXT NOT NULL,
        outcome TEXT NOT NULL,
        call INTEGER NOT NULL REFERENCES desk_calls(id) ON DELETE CASCADE,
        machine TEXT NOT NULL,
        PRIMARY KEY (criterion, outcome, call)
    ) WITHOUT ROWID;

    CREATE INDEX desk_findings_call ON desk_findings(call);

    CREATE TABLE desk_flags (
        flag TEXT NOT NULL,
        call INTEGER NOT NULL REFERENCES desk_calls(id) ON DELETE CASCADE,
        PRIMARY KEY (flag, call)
    ) WITHOUT ROWID;

    CREATE INDEX desk_flags_call ON desk_flags(call);

    CREATE TABLE desk_tallies (  -- how often an agent's calls of a week came to what
        agent_id TEXT NOT NULL,
        week INTEGER NOT NULL,  -- day / 7: weeks begin on Monday; 0: unknown
        apart INTEGER NOT NULL,
        criterion TEXT NOT NULL,  -- '' : the score itself
        outcome TEXT NOT NULL,  -- of the score: 'scored', or 'undecided'
        calls INTEGER NOT NULL,
        total REAL NOT NULL,  -- of the score: its sum
        squares REAL NOT NULL,  -- of the score: the sum of its squares
        PRIMARY KEY (agent_id, week, apart, criterion, outcome)
    ) WITHOUT ROWID;

    CREATE TABLE desk_due (call_id TEXT PRIMARY KEY) WITHOUT ROWID;

    INSERT INTO desk_due SELECT DISTINCT call_id FROM scorecards;

    CREATE TRIGGER desk_due_scorecard AFTER INSERT ON scorecards BEGIN
        INSERT OR IGNORE INTO desk_due VALUES (new.call_id);
    END;

    CREATE TRIGGER desk_due_call AFTER UPDATE ON calls
    WHEN old.agent_id IS NOT new.agent_id OR old.agent_name IS NOT new.agent_name
        OR old.queue IS NOT new.queue OR old.started_at IS NOT new.started_at
    BEGIN
        INSERT OR IGNORE INTO desk_due VALUES (new.id);
    END;

    CREATE TRIGGER desk_due_review AFTER INSERT ON reviews BEGIN
        INSERT OR IGNORE INTO desk_due VALUES (new.call_id);
    END;

    CREATE TRIGGER desk_due_handled AFTER INSERT ON handled BEGIN
        INSERT OR IGNORE INTO desk_due VALUES (new.call_id);
    END;

    CREATE TABLE peaks (  -- of a recording's waveform, for drawing; safe to empty
        recording_id TEXT PRIMARY KEY REFERENCES recordings(id),
        channels INTEGER NOT NULL,
        per_second REAL NOT NULL,
        body BLOB NOT NULL,
        made_at TEXT NOT NULL
    );

    CREATE TABLE purged (  -- calls that are kept no longer; their recordings are not heard again
        recording_id TEXT PRIMARY KEY REFERENCES recordings(id),
        call_id TEXT NOT NULL,
        at TEXT NOT NULL
    );

    DROP TRIGGER turns_added;

    DROP TRIGGER turns_removed;

    DROP TABLE turns_search;

    CREATE VIRTUAL TABLE talk_search USING fts5  -- rowid: conversation; each turn ends with a line break
        (agent, customer, other, content = '', tokenize = 'trigram');

    CREATE VIRTUAL TABLE talk_terms USING fts5vocab(talk_search, col);

    INSERT INTO talk_search (rowid, agent, customer, other)
        SELECT conversation_id,
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'agent'), ''),
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'customer'), ''),
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role NOT IN ('agent', 'customer')), '')
        FROM (SELECT * FROM turns ORDER BY conversation_id, position) GROUP BY conversation_id
    """
