"""JSON Schema of the rubric files, for editors, from the models that check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.rubric import schema

FILES: Mapping[str, type[schema.Part]] = {
    "rubric": schema.RubricFile,
    "phrases": schema.PhraseList,
    "context": schema.Context,
    "sentences": schema.SentencesFile,
}


def json_schema(kind: str = "rubric") -> dict[str, Any]:
    """The schema of one kind of file: `rubric`, `phrases`, `context` or `sentences`."""
    document = FILES[kind].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}
