"""Rubrics: YAML that people edit → findings with evidence → a scorecard. Pure."""

from qa.rubric.authoring.diff import diff
from qa.rubric.authoring.explain import explain
from qa.rubric.authoring.guide import CriterionGuide, Guide, SaidWell, guide, read_folder
from qa.rubric.authoring.lint import lint
from qa.rubric.authoring.selftest import TestReport, run_tests
from qa.rubric.checks.judge import Around
from qa.rubric.loading.json_schema import json_schema
from qa.rubric.loading.load import load, shipped
from qa.rubric.loading.problems import Problem
from qa.rubric.phrases.annotate import Annotated, annotate
from qa.rubric.phrases.reading import keep, recall, voices_kept
from qa.rubric.rubric import Rubric
from qa.rubric.scores.flags import LEFT_OUT_OF_AVERAGES
from qa.rubric.scores.kept import Kept
from qa.rubric.scores.score import score, score_annotated, score_kept
from qa.rubric.scores.since import Since, Unmoved, since

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
