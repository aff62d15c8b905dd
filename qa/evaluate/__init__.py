"""How right are we: stored results beside references that people (or a builder) vouch for."""

from qa.evaluate.confusion import Confusion
from qa.evaluate.evaluate import Disagreement, Evaluation, Result, evaluate
from qa.evaluate.reference import BadReference, Reference, load_references

__all__ = [
    "BadReference",
    "Confusion",
    "Disagreement",
    "Evaluation",
    "Reference",
    "Result",
    "evaluate",
    "load_references",
]
