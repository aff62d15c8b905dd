"""What a night loads: nothing heavy where there is nothing to hear."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.batch.conftest import World

ENGINES = "torch ctranslate2 faster_whisper onnx onnxruntime av sudachipy"
PROGRAM = f"""
import sys
from pathlib import Path
from qa.batch import run
from qa.batch.fakes import identities
from qa.batch.ears import Ears
from qa.settings import Settings

folder = Path(sys.argv[1])
settings = Settings(db=str(folder / "qa.db"), rubric=str(folder / "rubric"), settle=0.0, min_free_mb=0)
night = run([folder / "calls"], settings, ears=Ears(identities, lambda settings: None))
print(night.skipped, *[name for name in "{ENGINES}".split() if name in sys.modules])
"""


def test_a_night_with_nothing_to_hear_imports_no_engine(world: World) -> None:
    for number in range(100):
        world.record(f"c{number}.wav", f"say {number}")
    world.night()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(world.calls.parent)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.split() == ["100"]
