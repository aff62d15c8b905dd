"""The night: find what is due, hear it, score it, store it. The only room that sees every stage."""

from qa.batch.progress import Begun, Came, Fault, Finished, Night, Notice, Progress, Report, Started

__all__ = [
    "Begun",
    "Came",
    "Fault",
    "Finished",
    "Night",
    "Notice",
    "Progress",
    "Report",
    "Started",
]
