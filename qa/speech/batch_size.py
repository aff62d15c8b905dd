"""How many chunks a GPU decodes at once: found by trial, and remembered for the next night.

The notes lie beside the models, one JSON object: `{"NVIDIA L4/whisper-base@905e…/float16": 32}`. A note that
cannot be read or written costs a trial, nothing else.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

from qa.speech.sharing import TooLarge

logger = logging.getLogger("qa.speech")

FIRST = 16
MOST = 64
"""More make no call ready sooner."""
NOTES = "batch-sizes.json"


def find_batch_size(attempt: Callable[[int], None]) -> int:
    """The largest of 64, 32, 16 … 1 that `attempt` gets through without `TooLarge`."""
    if not _fits(attempt, FIRST):
        size = FIRST // 2
        while size > 1 and not _fits(attempt, size):
            size //= 2
        return size
    size = FIRST
    while size < MOST and _fits(attempt, 2 * size):
        size *= 2
    return size


def _fits(attempt: Callable[[int], None], size: int) -> bool:
    try:
        attempt(size)
    except TooLarge:
        return False
    return True


class BatchSizes:
    """The notes of one folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NOTES

    def known_or(self, key: str, find: Callable[[], int]) -> int:
        """What was noted for `key`; else what `find` gives, which is then noted."""
        noted = self._read().get(key)
        if noted is not None:
            return noted
        found = find()
        self.note(key, found)
        return found

    def note(self, key: str, size: int) -> None:
        """Note a size: what was tried, or what was left of it when memory ran out in earnest."""
        notes = {**self._read(), key: size}
        beside = self._path.with_name(f"{NOTES}.{os.getpid()}")
        try:
            beside.write_text(json.dumps(notes, ensure_ascii=False, indent=1), encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            logger.debug("the batch size is not remembered: %s", error)

    def _read(self) -> dict[str, int]:
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return {key: size for key, size in found.items() if isinstance(size, int) and size > 0}
        return {}
