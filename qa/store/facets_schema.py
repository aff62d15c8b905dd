"""Kept counts, indexes and the search index: migrations m0011 and m0012. Never edited once released."""

from __future__ import annotations

FACETS = """
    CREATE TABLE desk_facets (  -- how many calls there are of what; see qa.store.facets
        kind TEXT NOT NULL,
        value NOT NULL,  -- of a day: its Julian day number
        outcome TEXT NOT NULL,  -- '' where the kind has none
        calls INTEGER NOT NULL,
        open INTEGER NOT NULL,
        review INTEGER NOT NULL,
        handled INTEGER NOT NULL,
        PRIMARY KEY (kind, value, outcome)
    ) WITHOUT ROWID;

    INSERT INTO desk_facets
    SELECT kind, value, outcome, count(*), sum(open), sum(needs_review > 0), sum(handled) FROM (
        SELECT 'call' AS kind, '' AS value, '' AS outcome, open, needs_review, handled FROM desk_calls
        UNION ALL SELECT 'agent', agent_id, '', open, needs_review, handled
            FROM desk_calls WHERE agent_id IS NOT NULL
        UNION ALL SELECT 'queue', queue, '', open, needs_review, handled
            FROM desk_calls WHERE queue IS NOT NULL
        UNION ALL SELECT 'day', day, '', open, needs_review, handled FROM desk_calls
        UNION ALL SELECT 'flag', flag, '', open, needs_review, handled
            FROM desk_flags JOIN desk_calls ON desk_calls.id = desk_flags.call
        UNION ALL SELECT 'finding', criterion, outcome, open, needs_review, handled
            FROM desk_findings JOIN desk_calls ON desk_calls.id = desk_findings.call
        UNION ALL SELECT 'criterion', criterion, '', open, needs_review, handled
            FROM (SELECT DISTINCT criterion, call FROM desk_findings) AS own
            JOIN desk_calls ON desk_calls.id = own.call
        UNION ALL SELECT 'outcome', '', outcome, open, needs_review, handled
            FROM (SELECT DISTINCT outcome, call FROM desk_findings) AS own
            JOIN desk_calls ON desk_calls.id = own.call
    ) GROUP BY kind, value, outcome;

    DROP INDEX desk_calls_rank;

    CREATE INDEX desk_calls_scan ON desk_calls(
        rank, id, agent_id, queue, score, open, handled, needs_review, conversation_id
    );

    CREATE INDEX desk_calls_handled ON desk_calls(rank, id) WHERE handled = 1;

    CREATE INDEX desk_calls_review ON desk_calls(rank, id) WHERE needs_review > 0;

    DROP INDEX desk_calls_conversation;

    CREATE INDEX desk_calls_talk ON desk_calls(
        conversation_id, rank, id, agent_id, queue, score, open, handled, needs_review
    );

    CREATE INDEX desk_tallies_week ON desk_tallies(week, apart, criterion, outcome, calls, total, squares);

    CREATE INDEX desk_tallies_criterion ON desk_tallies(
        criterion, agent_id, week, apart, outcome, calls, total, squares
    )
    """

LAST_LETTERS = """
    INSERT INTO talk_search (talk_search) VALUES ('delete-all');

    INSERT INTO talk_search (rowid, agent, customer, other)
        SELECT conversation_id,
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'agent') || char(10), ''),
            coalesce(group_concat(text || char(10), '') FILTER (WHERE role = 'customer') || char(10), ''),
            coalesce(group_concat(text || char(10), '')
                FILTER (WHERE role NOT IN ('agent', 'customer')) || char(10), '')
        FROM (SELECT * FROM turns ORDER BY conversation_id, position) GROUP BY conversation_id
    """
