"""How right are we: stored results beside references that people (or a builder) vouch for."""

from qa.evaluate.confusion import Confusion
from qa.evaluate.document import document
from qa.evaluate.evaluate import Evaluation, Group, evaluate
from qa.evaluate.figures import FIGURES, Figure, figures
from qa.evaluate.oracle import Oracle, Rebuilder, Remedy, remedies
from qa.evaluate.page import write_page
from qa.evaluate.read import load_references
from qa.evaluate.reference import BadReference, Reference
from qa.evaluate.score import CallScore, Result, Verdict

__all__ = [
    "FIGURES",
    "BadReference",
    "CallScore",
    "Confusion",
    "Evaluation",
    "Figure",
    "Group",
    "Oracle",
    "Rebuilder",
    "Reference",
    "Remedy",
    "Result",
    "Verdict",
    "document",
    "evaluate",
    "figures",
    "load_references",
    "remedies",
    "write_page",
]
