"""The Dockerfile, as far as it can be seen without Docker."""

import fnmatch
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    line for line in re.sub(r"\\\n\s*", " ", TEXT).splitlines() if line.strip() and not line.startswith("#")
]
FINAL = INSTRUCTIONS[max(i for i, line in enumerate(INSTRUCTIONS) if line.startswith("FROM")) :]
INSTALL = ROOT / "docs" / "docker" / "install.sh"


def test_several_stages_and_the_last_is_not_root() -> None:
    assert len([line for line in INSTRUCTIONS if line.startswith("FROM")]) > 1
    users = [line.split()[1] for line in FINAL if line.startswith("USER")]
    assert users
    assert users[-1] not in ("root", "0")


def test_health_entry_point_and_no_network() -> None:
    assert any(re.search(r'^HEALTHCHECK .*"qa", "doctor"', line) for line in FINAL)
    assert 'ENTRYPOINT ["qa"]' in FINAL
    assert "HF_HUB_OFFLINE=1" in " ".join(FINAL)


def test_build_arguments_are_documented_and_declared() -> None:
    for name in ("DEVICE", "WITH_MONO", "TORCH_INDEX", "PACKS"):
        assert re.search(rf"^ARG {name}=", TEXT, re.MULTILINE), f"ARG {name}"
        assert re.search(rf"^# {name}=", TEXT, re.MULTILINE), f"{name} in the head"


def copied() -> list[str]:
    lines = [line.split() for line in INSTRUCTIONS if line.startswith("COPY") and "--from" not in line]
    return [source for words in lines for source in words[1:-1]]


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_exists_and_is_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert any(fnmatch.fnmatch(source, rule) or source.startswith(f"{rule}/") for rule in allowed)


def test_the_install_script_is_sound_shell() -> None:
    subprocess.run(["bash", "-n", str(INSTALL)], check=True)
    done = subprocess.run(["bash", str(INSTALL), "nonsense"], capture_output=True, text=True, check=False)
    assert (done.returncode, "nonsense" in done.stderr) == (2, True)


def test_pins_are_the_lock_without_hashes(tmp_path: Path) -> None:
    """The `pins` function of the script, run on the real lock."""
    function = re.search(r"^pins\(\).*$", INSTALL.read_text(encoding="utf-8"), re.MULTILINE)
    assert function
    done = subprocess.run(
        ["bash", "-c", f"{function[0]}; pins"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stdout.split("\n")[:-1]
    assert "faster-whisper" in done.stdout
    assert [line for line in lines if not re.match(r"^[a-zA-Z0-9._-]+==[^ ]+( ; [^\\]+)?$", line)] == []
