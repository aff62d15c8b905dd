"""qa.toml, the environment and flags: who wins, and what a mistake says."""

import tomllib
from pathlib import Path

import pytest

from qa import settings
from qa.errors import SettingsError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "qa.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    path = written(tmp_path, '[night]\njobs = 3\nattempts = 5\n[speech]\nmodel = "whisper-small"\n')
    loaded = settings.load(
        path, flags={"jobs": 1, "model": None}, environ={"QA_JOBS": "2", "QA_ATTEMPTS": "4"}
    )
    assert (loaded.jobs, loaded.attempts, loaded.model, loaded.device) == (1, 4, "whisper-small", "auto")


def test_template_is_the_defaults(tmp_path: Path) -> None:
    keys = {name for section in tomllib.loads(settings.template()).values() for name in section}
    assert keys == set(), "the template changes nothing until a line is uncommented"
    assert "# jobs = 0" in settings.template()
    assert settings.load(written(tmp_path, settings.template()), environ={}) == settings.Settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[nigth]\njobs = 1\n", "no section [nigth]; did you mean night?"),
        ("[night]\njob = 1\n", "[night] has no setting job; did you mean jobs?"),
        ("[speech]\njobs = 1\n", "[speech] has no setting jobs"),
        ('[night]\njobs = "two"\n', "jobs should be a whole number, not 'two'"),
        ("[night]\njobs = true\n", "jobs should be a whole number, not True"),
        ('[speech]\ndevice = "gpu"\n', "device: 'gpu' is not one of auto, cpu, cuda"),
        ('[speech]\nlanguages = ["ja", "fr"]\n', "'fr' is not one of ja, en"),
        ('[night]\nuntil = "25:00"\n', "is not a time of day"),
        ("[night\n", "qa.toml"),
    ],
)
def test_a_mistake_names_the_nearest_valid_word(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings.load(written(tmp_path, text), environ={})
    assert says in str(error.value)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="qa init"):
        settings.load(tmp_path / "none.toml", environ={})


def test_fingerprint_tells_hearing_from_scoring() -> None:
    plain, other = settings.Settings(), settings.Settings(model="whisper-small", jobs=4, db="x.db")
    assert plain.fingerprint("hearing") != other.fingerprint("hearing")
    assert plain.fingerprint("scoring") == other.fingerprint("scoring")
    assert settings.Settings(jobs=4).fingerprint("hearing") == plain.fingerprint("hearing")


def test_environment_reads_lists_and_tables() -> None:
    loaded = settings.load(environ={"QA_COMPANY": "青空通信, Acme", "QA_ROSTER": '{"a1": "佐藤"}'})
    assert loaded.company == ("青空通信", "Acme")
    assert loaded.roster == {"a1": "佐藤"}
