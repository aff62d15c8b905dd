"""Open databases for the requests: each has one to itself for as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue

from qa.store import Store


class Stores:
    """A pool of open stores. At most as many as there are requests at once."""

    def __init__(self, path: Path) -> None:
        """Opens the database once, so that a wrong one is refused at the start. Raises `StoreError`."""
        self.path = path
        self._idle: LifoQueue[Store] = LifoQueue()
        self._idle.put(self._open())

    def _open(self) -> Store:
        return Store.open(self.path, create=False, any_thread=True)

    @contextmanager
    def borrow(self) -> Iterator[Store]:
        """A store for one request."""
        try:
            store = self._idle.get_nowait()
        except Empty:
            store = self._open()
        try:
            yield store
        finally:
            self._idle.put(store)

    def close(self) -> None:
        """Close those that nobody uses."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return
