"""`qa --help` is quick, because it imports nothing heavy."""

import subprocess
import sys
import time

import pytest

HEAVY = {"torch", "ctranslate2", "numpy", "onnx", "onnxruntime", "av", "faster_whisper", "sudachipy"} | {
    "pyannote",
    "pydantic",
    "yaml",
    "rich",
    "sqlite_utils",
}


def imported_by(*arguments: str) -> set[str]:
    program = (
        "import sys\nfrom qa.cli.main import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["export", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    modules = imported_by(*arguments)
    assert "click" in modules
    assert not modules & HEAVY


def test_help_takes_less_than_four_tenths_of_a_second() -> None:
    """The best of five: a busy machine is not slow start-up."""

    def once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "qa.cli", "--help"], capture_output=True, check=True)
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.4
