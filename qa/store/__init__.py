"""The store: one SQLite file that every night adds to."""

from qa.store.queries import TABLES
from qa.store.records import (
    Again,
    Before,
    Entry,
    Hearing,
    Hit,
    KnownFile,
    Result,
    RunRecord,
    RunState,
    Standing,
    State,
    Status,
    Table,
    Tally,
    Trouble,
)
from qa.store.store import Store

__all__ = [
    "TABLES",
    "Again",
    "Before",
    "Entry",
    "Hearing",
    "Hit",
    "KnownFile",
    "Result",
    "RunRecord",
    "RunState",
    "Standing",
    "State",
    "Status",
    "Store",
    "Table",
    "Tally",
    "Trouble",
]
