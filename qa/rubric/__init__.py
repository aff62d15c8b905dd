"""Rubrics: YAML that people edit → findings with evidence → a scorecard. Pure."""

from qa.rubric.annotate import Annotated, annotate
from qa.rubric.diff import diff
from qa.rubric.explain import explain
from qa.rubric.flags import LEFT_OUT_OF_AVERAGES
from qa.rubric.guide import CriterionGuide, Guide, SaidWell, guide, read_folder
from qa.rubric.json_schema import json_schema
from qa.rubric.judge import Around
from qa.rubric.kept import Kept
from qa.rubric.lint import lint
from qa.rubric.load import load, shipped
from qa.rubric.problems import Problem
from qa.rubric.reading import keep, recall, voices_kept
from qa.rubric.rubric import Rubric
from qa.rubric.score import score, score_annotated, score_kept
from qa.rubric.selftest import TestReport, run_tests
from qa.rubric.since import Since, Unmoved, since

__all__ = [
    "LEFT_OUT_OF_AVERAGES",
    "Annotated",
    "Around",
    "CriterionGuide",
    "Guide",
    "Kept",
    "Problem",
    "Rubric",
    "SaidWell",
    "Since",
    "TestReport",
    "Unmoved",
    "annotate",
    "diff",
    "explain",
    "guide",
    "json_schema",
    "keep",
    "lint",
    "load",
    "read_folder",
    "recall",
    "run_tests",
    "score",
    "score_annotated",
    "score_kept",
    "shipped",
    "since",
    "voices_kept",
]
