"""A run with two fake workers, for tests that kill it: `python -m tests.batch.program FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.batch import run
from qa.batch.ears import Ears
from qa.batch.fakes import identities
from qa.settings import Settings
from tests.batch.conftest import workers


def main(folder: Path) -> None:
    """Run over `FOLDER/calls` into `FOLDER/qa.db`."""
    settings = Settings(db=str(folder / "qa.db"), rubric=str(folder / "rubric"), settle=0.0, min_free_mb=0)
    run([folder / "calls"], settings, ears=Ears(identities, workers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
