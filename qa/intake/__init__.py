"""Which recordings are due, and what is known of each call before anyone listens to it."""

from qa.intake.describe import describe
from qa.intake.files import Candidate, Found, Skipped, find
from qa.intake.hashing import hash_file
from qa.intake.metadata import Metadata, Row, load_metadata
from qa.intake.reconcile import Reconciled, reconcile

__all__ = [
    "Candidate",
    "Found",
    "Metadata",
    "Reconciled",
    "Row",
    "Skipped",
    "describe",
    "find",
    "hash_file",
    "load_metadata",
    "reconcile",
]
