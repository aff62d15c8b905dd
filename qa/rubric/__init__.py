"""Rubrics: YAML that people edit → findings with evidence → a scorecard. Pure."""

from qa.rubric.annotate import Annotated, annotate
from qa.rubric.load import load, shipped
from qa.rubric.problems import Problem
from qa.rubric.rubric import Rubric
from qa.rubric.score import score, score_annotated

__all__ = ["Annotated", "Problem", "Rubric", "annotate", "load", "score", "score_annotated", "shipped"]
