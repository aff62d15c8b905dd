"""What is wrong in a rubric's files, each with its place and the nearest valid word."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from qa.errors import RubricError
from qa.rubric import schema
from qa.rubric.loading.marked import Mark, Marked, nearest

Model = TypeVar("Model", bound=schema.Part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


class RubricProblems(RubricError):
    """Everything that is wrong in a rubric, one line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def validate(model: type[Model], document: Marked) -> Model:
    """The document as `model`. Raises `RubricProblems` with every problem's place."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = dict.fromkeys(_problem(detail, model, document) for detail in error.errors())
        raise RubricProblems(tuple(found)) from error


def _problem(detail: ErrorDetails, model: type[schema.Part], document: Marked) -> Problem:
    path, fields = _resolve(detail["loc"], model, document.data)
    kind = detail["type"]
    if kind == "extra_forbidden":
        word = str(detail["loc"][-1])
        return Problem(document.mark(path, key=True), f"unknown key {word!r}{nearest(word, fields)}")
    if kind == "missing":
        return Problem(document.mark(path), f"the key {detail['loc'][-1]!r} is missing")
    if kind.startswith("union_tag"):
        return _no_check(detail["input"], path, document)
    if kind in ("literal_error", "enum"):
        valid = _quoted(str(detail.get("ctx", {}).get("expected", "")))
        word = str(detail["input"])
        listed = ", ".join(valid)
        return Problem(document.mark(path), f"{word!r} is not one of {listed}{nearest(word, valid)}")
    if kind == "string_pattern_mismatch":
        return Problem(
            document.mark(path), f"{detail['input']!r} is no id: small letters, digits and single hyphens"
        )
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(document.mark(path), f"{message} (not {_short(detail['input'])})")


def _no_check(value: Any, path: tuple[str | int, ...], document: Marked) -> Problem:
    kinds = ", ".join(schema.CHECKS)
    if not isinstance(value, dict) or not value:
        return Problem(document.mark(path), f"a check is one of {kinds}, with its settings under it")
    unknown = [str(key) for key in value if key not in schema.CHECKS]
    if unknown:
        mark = document.mark((*path, unknown[0]), key=True)
        return Problem(mark, f"no check {unknown[0]!r}{nearest(unknown[0], schema.CHECKS)} (one of {kinds})")
    second = list(value)[1]
    mark = document.mark((*path, second), key=True)
    return Problem(mark, f"a second check {second!r} here: combine checks with `all` or `any`")


def _quoted(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ", ").split(",") if part.strip()]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _resolve(
    location: Sequence[str | int], model: type[schema.Part], data: Any
) -> tuple[tuple[str | int, ...], list[str]]:
    """The path in the file (pydantic's location names unions too), and the keys valid at its end's parent."""
    path: list[str | int] = []
    annotation: Any = model
    fields = _fields(model)
    node: Any = data
    for part in location:
        tagged = _tagged(annotation, part)
        if tagged is not None:  # the tag of the union, not a key: the key of that name comes next
            annotation, fields = tagged, _fields(tagged)
            continue
        found = _model(annotation)
        if found is not None:
            annotation, fields = found, _fields(found)
        if _holds(node, part):
            annotation = _step(annotation, part)
            node = node[part]
            path.append(part)
    return tuple(path), fields


def _holds(node: Any, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _fields(model: type[schema.Part]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model(annotation: Any) -> type[schema.Part] | None:
    """The one model that `annotation` means, if it is one."""
    if isinstance(annotation, type) and issubclass(annotation, schema.Part):
        return annotation
    models = _models(annotation)
    return models[0] if len(models) == 1 else None


def _tagged(annotation: Any, part: str | int) -> type[schema.Part] | None:
    """The check that `part` names, where `annotation` is any of them."""
    return schema.CHECKS.get(str(part)) if len(_models(annotation)) > 1 else None


def _models(annotation: Any) -> list[type[schema.Part]]:
    """The models of a union, those of a union within it too."""
    bare = _bare(annotation)
    if typing.get_origin(bare) not in (typing.Union, types.UnionType):
        return [bare] if isinstance(bare, type) and issubclass(bare, schema.Part) else []
    return [model for member in typing.get_args(bare) for model in _models(member)]


def _step(annotation: Any, part: str | int) -> Any:
    """The annotation of what lies under `part`."""
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, schema.Part):
        for name, field in bare.model_fields.items():
            if (field.alias or name) == part:
                return field.annotation
        return Any
    arguments = typing.get_args(bare)
    if typing.get_origin(bare) in (typing.Union, types.UnionType):
        return bare
    return arguments[-1] if arguments else Any


def _bare(annotation: Any) -> Any:
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation
