"""The night: find what is due, hear it, score it, store it. The only room that sees every stage."""

from qa.batch.comparison import Change, Move, Rescored, Shift
from qa.batch.night import run
from qa.batch.progress import Begun, Came, Fault, Finished, Night, Notice, Progress, Report, Started
from qa.batch.rebuild import Rebuilding
from qa.batch.rescore import rescore

__all__ = [
    "Begun",
    "Came",
    "Change",
    "Fault",
    "Finished",
    "Move",
    "Night",
    "Notice",
    "Progress",
    "Rebuilding",
    "Report",
    "Rescored",
    "Shift",
    "Started",
    "rescore",
    "run",
]
