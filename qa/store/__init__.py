"""The store: one SQLite file that every night adds to."""

from qa.store.calibration import BlindScore, BlindSet
from qa.store.coaching import Goal, Stage, Step
from qa.store.disputes import Acknowledgement, Answer, Dispute, Settled
from qa.store.facets import Facet
from qa.store.filters import EVERYTHING, Filter, Place, Sight
from qa.store.listed import Listed
from qa.store.listing import Choices, Page
from qa.store.peaks import Peaks
from qa.store.people import Post, User
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
from qa.store.reviews import Comment, Handled
from qa.store.store import Store
from qa.store.weekly import Tallied

__all__ = [
    "EVERYTHING",
    "TABLES",
    "Acknowledgement",
    "Again",
    "Answer",
    "Before",
    "BlindScore",
    "BlindSet",
    "Choices",
    "Comment",
    "Dispute",
    "Entry",
    "Facet",
    "Filter",
    "Goal",
    "Handled",
    "Hearing",
    "Hit",
    "KnownFile",
    "Listed",
    "Page",
    "Peaks",
    "Place",
    "Post",
    "Result",
    "RunRecord",
    "RunState",
    "Settled",
    "Sight",
    "Stage",
    "Standing",
    "State",
    "Status",
    "Step",
    "Store",
    "Table",
    "Tallied",
    "Tally",
    "Trouble",
    "User",
]
