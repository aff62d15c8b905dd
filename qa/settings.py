"""qa.toml, the environment and flags, made into one frozen `Settings`.

Trust, highest first: a flag, an environment variable `QA_NAME`, qa.toml, the default written here
and nowhere else. A setting is a field: its metadata holds its section in qa.toml, its help, and what
it changes (`hearing`: transcribe again; `scoring`: score again; `nothing`: results stay the same).
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, get_args, get_type_hints

from qa.errors import SettingsError

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "night": "The nightly run",
        "intake": "Which recordings, and what is known of them",
        "audio": "Reading the recordings",
        "speech": "Hearing: models and languages",
        "names": "Names that are said in calls; given to the recogniser as hints",
        "rubric": "Which rubric scores a call, by language",
        "judge": "A model of your own that answers `judge:` criteria; off by default",
        "people": "For the people who read the results",
        "trust": "From how many calls on something is said, and when a criterion is no longer trusted",
        "desk": "The review desk (`qa serve`)",
    }
)


BY_MACHINE = frozenset({"models", "audio_cache"})
"""Settings whose default is a folder of the user's cache: shown in words, never as a path of one machine."""


def _cache_folder(name: str) -> str:
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return str(Path(root) / "qa" / name)


def setting(default: Any, section: str, help: str, *, changes: str = "nothing", factory: Any = None) -> Any:
    """A dataclass field that is a setting of `section`. `factory` makes a default that varies by machine."""
    metadata = {"section": section, "help": help, "changes": changes}
    if isinstance(default, Mapping):
        factory = functools.partial(dict, default)
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of qa, validated. `Settings()` is all defaults."""

    db: str = setting("qa.db", "night", "SQLite file that results are written to")
    jobs: int = setting(0, "night", "worker processes; 0: one a GPU, else by cores")
    together: int = setting(
        0, "night", "calls that a worker hears at once, so that they fill each other's batches; 0: 12"
    )
    until: str = setting("", "night", "start no call that is not expected to end by this time, HH:MM")
    attempts: int = setting(3, "night", "tries of a failing call before it is quarantined")
    executor: str = setting("local", "night", "`local` processes, or `ray` for many machines")
    min_free_mb: int = setting(500, "night", "stop starting calls when the disk has less free than this, MB")

    metadata: str = setting("", "intake", "CSV or JSONL file with one row a call")
    columns: Mapping[str, str] = setting(
        {},
        "intake",
        "metadata columns: ours = theirs, e.g. {agent_id = 'Operator', call_id = 'CallKey'}",
    )
    pattern: str = setting(
        "",
        "intake",
        "file-name pattern with named groups, e.g. {call_id}_{agent_id}_{started_at:%Y%m%dT%H%M%S}",
    )
    min_age: float = setting(
        60.0, "intake", "a file untouched for this many seconds is finished; younger ones are looked at twice"
    )
    settle: float = setting(2.0, "intake", "seconds between the two looks at a young file")
    channel_roles: tuple[str, ...] = setting(
        (),
        "intake",
        "roles of the channels if the recorder fixes them, e.g. ['agent', 'customer']",
        changes="hearing",
    )

    spool_dir: str = setting("", "audio", "folder for temporary audio of long calls; empty: the system's")
    memory_mb: int = setting(
        64, "audio", "decoded audio of all calls of a worker kept in memory before it goes to spool_dir, MB"
    )
    max_hours: float = setting(12.0, "audio", "longer recordings are refused, hours")

    models: str = setting(
        "", "speech", "folder that holds the model packs", factory=lambda: _cache_folder("models")
    )
    model: str = setting("whisper-base", "speech", "transcription model pack", changes="hearing")
    diarization: str = setting("diarization-offline", "speech", "pack for mono calls", changes="hearing")
    device: str = setting("auto", "speech", "auto, cpu or cuda")
    compute_type: str = setting(
        "auto", "speech", "auto, int8, int8_float16, float16 or float32", changes="hearing"
    )
    batch_size: int = setting(0, "speech", "chunks decoded together; 0: choose by device")
    beam_size: int = setting(
        5,
        "speech",
        "beam width of the decoder; 1 is a third faster and mishears a quarter more",
        changes="hearing",
    )
    chunk_seconds: float = setting(
        0.0,
        "speech",
        "speech heard in one piece at most, 8 to 28 seconds, less is faster and mishears more; "
        "0: 24 of a channel, 28 of a mono call",
        changes="hearing",
    )
    threads: int = setting(0, "speech", "CPU threads for the engines; 0: all cores")
    language: str = setting("auto", "speech", "auto, or the language of every call", changes="hearing")
    languages: tuple[str, ...] = setting(
        ("ja", "en"), "speech", "languages that calls can be in", changes="hearing"
    )

    company: tuple[str, ...] = setting(
        (), "names", "company and desk names as agents say them", changes="hearing"
    )
    products: tuple[str, ...] = setting((), "names", "product names", changes="hearing")
    roster: Mapping[str, str] = setting(
        MappingProxyType({}), "names", "agents: id = name, e.g. {a17 = '佐藤'}", changes="hearing"
    )

    rubric: str = setting(
        "", "rubric", "rubric folder for every call; empty: choose by language", changes="scoring"
    )
    rubrics: Mapping[str, str] = setting(
        {"ja": "support-ja", "en": "support-en"},
        "rubric",
        "rubric (folder, or name of a shipped one) for each language",
        changes="scoring",
    )

    judge_url: str = setting(
        "",
        "judge",
        "OpenAI-compatible endpoint, e.g. http://127.0.0.1:8000/v1; empty: nobody is asked",
        changes="scoring",
    )
    judge_model: str = setting("", "judge", "model to ask there", changes="scoring")
    judge_key_env: str = setting("", "judge", "environment variable that holds its key; empty: none")
    judge_timeout: float = setting(60.0, "judge", "seconds for an answer; later ones need review")
    judge_max_turns: int = setting(200, "judge", "longer stretches of a call are not sent, turns")

    ui_language: str = setting("", "people", "ja or en; empty: from the locale")

    trust_level: float = setting(
        0.8, "trust", "people agree less often than this with a criterion: it is advice only, 0 to 1"
    )
    trust_least: int = setting(
        20, "trust", "findings people must have judged before a criterion's trust is said"
    )
    trend_least: int = setting(10, "trust", "calls needed before and after, to say that something changed")
    report_weeks: int = setting(12, "trust", "weeks up to the last call that a report looks at")

    host: str = setting(
        "127.0.0.1", "desk", "address to listen on; any but this machine's own needs TLS or a proxy"
    )
    port: int = setting(8484, "desk", "port to listen on")
    tls_cert: str = setting("", "desk", "certificate file (PEM), to serve https")
    tls_key: str = setting("", "desk", "its private key (PEM)")
    behind_tls: bool = setting(
        False, "desk", "true: a proxy in front of the desk speaks https; cookies are sent over https only"
    )
    session_hours: float = setting(12.0, "desk", "hours until somebody must sign in again")
    proxy_header: str = setting(
        "",
        "desk",
        "header in which a trusted proxy names who signed on there, e.g. X-Remote-User; empty: off",
    )
    proxy_from: tuple[str, ...] = setting((), "desk", "addresses whose proxy_header is believed")
    audio_cache: str = setting(
        "",
        "desk",
        "folder for copies of recordings that browsers cannot play as they are",
        factory=lambda: _cache_folder("audio"),
    )
    audio_cache_mb: int = setting(
        2000, "desk", "that folder never holds more than this, MB; the copy not asked for longest goes first"
    )

    def __post_init__(self) -> None:
        _one_of("device", self.device, ("auto", "cpu", "cuda"))
        _one_of("executor", self.executor, ("local", "ray"))
        _one_of("compute_type", self.compute_type, ("auto", "int8", "int8_float16", "float16", "float32"))
        _one_of("ui_language", self.ui_language, ("", "ja", "en"))
        for language in self.languages:
            _one_of("languages", language, ("ja", "en"))
        if not self.languages:
            raise SettingsError("languages: name at least one of ja, en")
        _one_of("language", self.language, ("auto", *self.languages))
        for role in self.channel_roles:
            _one_of("channel_roles", role, ("agent", "customer", "ivr", "unknown"))
        self._check_numbers()
        self._check_desk()
        if self.until:
            _check_clock(self.until)

    def _check_numbers(self) -> None:
        for name, least in (
            ("attempts", 1),
            ("beam_size", 1),
            ("memory_mb", 1),
            ("jobs", 0),
            ("together", 0),
            ("threads", 0),
            ("judge_max_turns", 1),
            ("trust_least", 1),
            ("trend_least", 2),
            ("report_weeks", 1),
            ("port", 1),
            ("audio_cache_mb", 1),
        ):
            if getattr(self, name) < least:
                raise SettingsError(f"{name}: at least {least}, not {getattr(self, name)}")
        if self.chunk_seconds and not 8.0 <= self.chunk_seconds <= 28.0:
            raise SettingsError(f"chunk_seconds: 8 to 28, or 0, not {self.chunk_seconds:g}")
        _share("trust_level", self.trust_level)
        if self.judge_timeout <= 0:
            raise SettingsError(f"judge_timeout: more than 0 seconds, not {self.judge_timeout:g}")

    def _check_desk(self) -> None:
        if self.session_hours <= 0:
            raise SettingsError(f"session_hours: more than 0, not {self.session_hours:g}")
        if bool(self.tls_cert) != bool(self.tls_key):
            raise SettingsError("tls_cert and tls_key come together: name both files, or neither")
        if bool(self.proxy_header) != bool(self.proxy_from):
            raise SettingsError("proxy_header and proxy_from come together: name both, or neither")

    def fingerprint(self, changes: str) -> Mapping[str, str]:
        """The settings that change `hearing` (or `scoring`), as text, for receipts and skip keys."""
        chosen = (f for f in dataclasses.fields(self) if f.metadata["changes"] == changes)
        return {f.name: _as_text(getattr(self, f.name)) for f in chosen}


def load(
    path: Path | None = None,
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from `path` (default: qa.toml here, if there is one), `environ` and `flags`.

    A flag that is None was not given. Raises `SettingsError` naming the file and the nearest valid name.
    """
    environ = os.environ if environ is None else environ
    explicit = path is not None
    path = path or Path(environ.get("QA_CONFIG", "qa.toml"))
    values: dict[str, Any] = {}
    if explicit or path.exists() or "QA_CONFIG" in environ:
        values.update(_from_toml(path))
    hints = get_type_hints(Settings)
    for field in dataclasses.fields(Settings):
        raw = environ.get(f"QA_{field.name.upper()}")
        if raw is not None:
            values[field.name] = _parse(field.name, raw, hints[field.name], f"QA_{field.name.upper()}")
    values.update({name: value for name, value in (flags or {}).items() if value is not None})
    return Settings(**values)


def table() -> tuple[tuple[str, str, str, str], ...]:
    """(section, name, default as TOML, help) of every setting, in order, for qa.toml and the docs."""
    defaults = Settings()
    return tuple(
        (f.metadata["section"], f.name, _as_toml(getattr(defaults, f.name)), f.metadata["help"])
        for f in dataclasses.fields(Settings)
    )


def template() -> str:
    """A commented qa.toml with every setting at its default."""
    lines = ["# qa.toml: every setting, at its default. Uncomment what you change.", ""]
    for section, title in SECTIONS.items():
        lines += [f"[{section}]  # {title}"]
        for owner, name, default, help in table():
            if owner == section:
                shown = '""  # default: the user\'s cache folder' if name in BY_MACHINE else default
                lines += [f"# {help}", f"# {name} = {shown}"]
        lines.append("")
    return "\n".join(lines)


def _from_toml(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file; `qa init` writes one") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for section, content in document.items():
        if section not in SECTIONS:
            raise SettingsError(f"{path}: no section [{section}]{_nearest(section, SECTIONS)}")
        if not isinstance(content, dict):
            raise SettingsError(f"{path}: {section} is a section: write [{section}]")
        for name, value in content.items():
            if name not in fields or fields[name].metadata["section"] != section:
                known = [n for n, f in fields.items() if f.metadata["section"] == section]
                raise SettingsError(f"{path}: [{section}] has no setting {name}{_nearest(name, known)}")
            values[name] = _coerce(name, value, hints[name], str(path))
    return values


def _coerce(name: str, value: Any, hint: Any, where: str) -> Any:
    """A TOML value as the field's type; bool is not a number here."""
    origin = getattr(hint, "__origin__", hint)
    if origin is tuple and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if origin is Mapping and isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise SettingsError(f"{where}: {name} should be {_kind(hint)}, not {value!r}")


def _parse(name: str, raw: str, hint: Any, where: str) -> Any:
    """An environment variable as the field's type: lists by comma, tables as JSON."""
    origin = getattr(hint, "__origin__", hint)
    try:
        if origin is tuple:
            return tuple(part.strip() for part in raw.split(",") if part.strip())
        if origin is Mapping:
            return _coerce(name, json.loads(raw), hint, where)
        if hint is bool:
            return _truth(raw)
        return hint(raw)
    except ValueError:
        raise SettingsError(f"{where}: {name} should be {_kind(hint)}, not {raw!r}") from None


def _truth(raw: str) -> bool:
    if raw.lower() not in ("true", "false", "1", "0"):
        raise ValueError(raw)
    return raw.lower() in ("true", "1")


def _kind(hint: Any) -> str:
    origin = getattr(hint, "__origin__", hint)
    names = {
        str: "text",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        tuple: "a list of texts",
        Mapping: "a table",
    }
    if isinstance(hint, UnionType):
        return " or ".join(_kind(part) for part in get_args(hint))
    return names.get(origin, str(origin))


def _one_of(name: str, value: str, valid: tuple[str, ...]) -> None:
    if value not in valid:
        listed = ", ".join(v or '""' for v in valid)
        raise SettingsError(f"{name}: {value!r} is not one of {listed}{_nearest(value, valid)}")


def _share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise SettingsError(f"{name}: a share from 0 to 1, not {value:g}")


def _check_clock(value: str) -> None:
    hours, _, minutes = value.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise SettingsError(f"until: {value!r} is not a time of day such as 06:30")


def _nearest(word: str, valid: Any) -> str:
    close = difflib.get_close_matches(word, list(valid), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(dict(sorted(value.items())), ensure_ascii=False)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _as_toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)
