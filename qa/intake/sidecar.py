"""The JSON beside a recording: `call-1.json` for `call-1.wav`, with the names of a metadata row.

A scoring reference has the same name: it is known by its `turns` or `criteria`. Only the call id is
taken from it. Its language is not: what we are measured against must not help us.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from qa.errors import IntakeError
from qa.intake.fields import Known, read_fields
from qa.intake.table import as_text

REFERENCE_KEYS = ("turns", "criteria")


def read_sidecar(path: Path, columns: Mapping[str, str]) -> Known:
    """What the sidecar of the recording at `path` says; nothing if there is none.

    Raises `IntakeError` if there is one that cannot be read.
    """
    sidecar = path.with_suffix(".json")
    try:
        document = json.loads(sidecar.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Known()
    except (OSError, ValueError) as error:
        raise IntakeError(f"{sidecar}: cannot be read as JSON ({error}); mend it or take it away") from error
    if not isinstance(document, dict):
        return Known()  # another program's: ours is an object
    if any(key in document for key in REFERENCE_KEYS):
        document = {key: value for key, value in document.items() if key == "call_id"}
    ours = {theirs: name for name, theirs in columns.items()}
    values = {ours.get(str(key), str(key)): _value(value) for key, value in document.items()}
    return read_fields(values, str(sidecar))


def _value(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    return as_text(value)
