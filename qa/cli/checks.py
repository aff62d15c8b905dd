"""What `qa doctor` looks at. Each check is a function from settings to one line with its remedy."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QaError
from qa.settings import Settings

OK, WARNING, FAILED = "ok", "warning", "failed"

CODECS = ("pcm_s16le", "pcm_mulaw", "pcm_alaw", "gsm_ms", "mp3", "aac", "opus", "vorbis", "flac", "amrnb")


@dataclass(frozen=True, slots=True)
class Check:
    """What one look at the machine found."""

    name: str
    state: str
    """`ok`, `warning` (runs, but not as well as it could) or `failed`."""
    detail: str
    remedy: str = ""


Named = tuple[str, Callable[[Settings], Check]]


def every(checks: Iterable[Named], settings: Settings) -> Iterator[Check]:
    """Each check's result, as it is done; one that raises is a failed check, not the end."""
    for name, check in checks:
        try:
            yield check(settings)
        except QaError as error:
            yield Check(name, FAILED, str(error))  # which names the remedy
        except Exception as error:
            yield Check(
                name, FAILED, f"{type(error).__name__}: {error}", "reinstall: pip install 'qa-calls[all]'"
            )


def python(settings: Settings) -> Check:
    """The interpreter."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.maxsize < 2**32:
        return Check(
            "python", FAILED, f"{version}, 32 bit", "install a 64-bit Python: the engines have no other"
        )
    return Check("python", OK, f"{version}, {os.cpu_count()} cores")


def device(settings: Settings) -> Check:
    """Where the speech engines will run."""
    import ctranslate2

    found = ctranslate2.get_cuda_device_count()
    if found and settings.device != "cpu":
        return Check("device", OK, f"cuda, {found} device(s)")
    if settings.device == "cuda":
        remedy = "install the GPU's driver and pip install 'qa-calls[cuda]', or set device = 'auto'"
        return Check("device", FAILED, "cuda is asked for, but no CUDA device works", remedy)
    return Check("device", OK, "cpu")


def database(settings: Settings) -> Check:
    """The database can be opened, and written to."""
    from qa.store import Store

    path = Path(settings.db)
    folder = path.absolute().parent
    remedy = "make it writable for this user, or choose another with --db"
    if not folder.is_dir():
        return Check(
            "database", FAILED, f"{folder}: no such folder", "make the folder, or choose another with --db"
        )
    if not os.access(folder, os.W_OK):
        return Check("database", FAILED, f"{folder}: the folder is read-only", remedy)
    if not path.exists():
        return Check("database", OK, f"{path}: not there yet, `qa run` makes it")
    if not os.access(path, os.W_OK):
        return Check("database", FAILED, f"{path}: the file is read-only", remedy)
    with Store.open(path, create=False, read_only=True):
        return Check("database", OK, f"{path}: readable and writable")


def disk(settings: Settings) -> Check:
    """Room for results, and for the audio of long calls."""
    for folder in (Path(settings.db).absolute().parent, Path(settings.spool_dir or tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free / 1e6
        if free < settings.min_free_mb:
            return Check(
                "disk", FAILED, f"{folder}: {free:.0f} MB free", f"free at least {settings.min_free_mb} MB"
            )
    return Check("disk", OK, f"{free / 1000:.1f} GB free")


def decoders(settings: Settings) -> Check:
    """The codecs that recorders write."""
    import av.codec

    missing = [name for name in CODECS if name not in av.codec.codecs_available]
    if missing:
        detail = f"PyAV {av.__version__} lacks {', '.join(missing)}"
        return Check("decoders", WARNING, detail, "pip install --upgrade av")
    return Check("decoders", OK, f"PyAV {av.__version__}: {', '.join(CODECS)}")


def mono(settings: Settings) -> Check:
    """Whether mono calls can be told apart."""
    if missing_for_mono():
        return Check("mono calls", WARNING, "only stereo calls can be scored", "pip install 'qa-calls[mono]'")
    return Check("mono calls", OK, "torch and torchaudio are installed")


def missing_for_mono() -> tuple[str, ...]:
    """What is not installed of the parts that mono calls need."""
    return tuple(name for name in ("torch", "torchaudio") if importlib.util.find_spec(name) is None)


def model(settings: Settings) -> Check:
    """The transcription pack, every file hashed."""
    return _pack("transcription model", settings.model, settings)


def diarization(settings: Settings) -> Check:
    """The pack for mono calls, every file hashed."""
    if missing_for_mono():
        return Check("diarization model", OK, "not needed for stereo calls")
    return _pack("diarization model", settings.diarization, settings)


def _pack(name: str, pack: str, settings: Settings) -> Check:
    from qa.speech import packs

    state = packs.status(pack, settings.models, rehash=True)
    if state.state != "ok":
        return Check(name, FAILED, f"{pack}: {state.detail}", f"qa models fetch {pack}")
    return Check(name, OK, f"{pack}: verified, in {state.path}")


def rubrics(settings: Settings) -> Check:
    """Every rubric that a call may be scored with can be read."""
    from qa import rubric

    names = {settings.rubric} if settings.rubric else {settings.rubrics[code] for code in settings.languages}
    loaded = [rubric.load(name) for name in sorted(names)]
    return Check("rubrics", OK, ", ".join(f"{one.name}@{one.revision[:8]}" for one in loaded))


CHECKS: tuple[Named, ...] = (
    ("python", python),
    ("device", device),
    ("decoders", decoders),
    ("mono calls", mono),
    ("database", database),
    ("disk", disk),
    ("rubrics", rubrics),
    ("transcription model", model),
    ("diarization model", diarization),
)
"""Name → check, in the order shown; the engines' self-tests follow (`qa.cli.selftest`)."""
