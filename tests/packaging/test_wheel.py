"""The built wheel, installed into a clean environment, works like the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution, so that both are seen to be whole."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of an environment that holds the wheel, and sees our dependencies by path.

    The checkout itself is not seen: the editable install hangs on a .pth file, which a path does not pull in.
    """
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def ran(
    installed: Path, folder: Path, *command: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed / command[0], *command[1:]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_holds_rubrics_packs_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for code in ("ja", "en"):
        assert f"qa/rubrics/support-{code}/rubric.yaml" in names
    assert "qa/speech/packs.toml" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests", "audio_samples", "bench", "docs"))]


def test_it_runs_what_was_installed_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = ran(installed, tmp_path, "python", "-c", "import qa; print(qa.__file__)")
    assert done.stdout.startswith(str(installed.parent))


def test_help_init_and_rubrics(installed: Path, tmp_path: Path) -> None:
    assert "Exit codes" in ran(installed, tmp_path, "qa", "--help").stdout
    assert ran(installed, tmp_path, "qa", "init").returncode == 0
    assert (tmp_path / "qa.toml").exists()
    linted = ran(installed, tmp_path, "qa", "rubric", "lint")
    assert linted.returncode == 0, linted.stderr
    shipped = ran(
        installed,
        tmp_path,
        "python",
        "-c",
        "from qa import rubric; print(*rubric.shipped().values(), sep='\\n')",
    )
    assert shipped.stdout.splitlines()
    assert all(line.startswith(str(installed.parent)) for line in shipped.stdout.splitlines())


@pytest.mark.models
def test_a_night(installed: Path, tmp_path: Path) -> None:
    models = {name: value for name, value in os.environ.items() if name in ("QA_MODELS", "XDG_CACHE_HOME")}
    verified = ran(installed, tmp_path, "qa", "models", "verify", **models)
    assert verified.returncode == 0, verified.stderr
    sample = min(
        (ROOT / "audio_samples" / "calls").glob("*-stereo.wav"), key=lambda path: path.stat().st_size
    )
    done = ran(installed, tmp_path, "qa", "run", sample, QA_MIN_AGE="0", **models)
    assert (done.returncode, "1 scored" in done.stdout) == (0, True), done.stdout + done.stderr
    assert sample.stem in ran(installed, tmp_path, "qa", "show").stdout
