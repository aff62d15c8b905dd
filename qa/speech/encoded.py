"""What the encoder made of a chunk whose language was asked, kept until its words are asked for.

Told by the features themselves: whoever has the same ones gets it, and nothing else changes for anybody.
"""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEPT = 32
"""Encoder outputs kept from telling the language, 3 MB at most each: a few for every call at work."""


class Encoded:
    """The encoder's outputs for chunks that will be decoded soon; the oldest make way. For threads."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._outputs: dict[bytes, Any] = {}
        self._lock = threading.Lock()

    def put(self, features: NDArray[np.float32], output: Any) -> None:
        """Keep the output for these features."""
        with self._lock:
            self._outputs[_digest(features)] = output
            while len(self._outputs) > self._most:
                del self._outputs[next(iter(self._outputs))]

    def take(self, features: NDArray[np.float32]) -> Any | None:
        """What was kept for just these features, once; None if nothing was."""
        with self._lock:
            return self._outputs.pop(_digest(features), None) if self._outputs else None


def _digest(features: NDArray[np.float32]) -> bytes:
    return hashlib.blake2b(features.tobytes()).digest()
