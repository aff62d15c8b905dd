"""The engines of a run, each loaded when it is first needed."""

from __future__ import annotations

import functools
import importlib.util
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from qa.errors import MissingExtra, ModelError
from qa.settings import Settings
from qa.speech import packs
from qa.speech.protocols import Diarizer, Transcriber, Vad

MONO_REMEDY = "pip install 'qa-calls[mono]'"


Engine = TypeVar("Engine")


class Engines:
    """VAD, transcriber and diarizer; each is made once, by its maker, on first use.

    Several threads may use them at once, one a call.
    """

    def __init__(
        self,
        vad: Callable[[], Vad],
        transcriber: Callable[[], Transcriber],
        diarizer: Callable[[], Diarizer],
    ) -> None:
        self._vad = _once(vad)
        self._transcriber = _once(transcriber)
        self._diarizer = _once(diarizer)

    @classmethod
    def load(cls, settings: Settings) -> Engines:
        """The real engines that `settings` choose. Nothing is loaded yet."""
        return cls(
            _silero,
            functools.partial(_whisper, settings),
            functools.partial(_diarizer, settings),
        )

    def for_call(self, turn: int) -> Engines:
        """The same engines for one of several calls; where they queue, a lower `turn` goes first."""
        return Engines(self._vad, lambda: self._transcriber().for_call(turn), self._diarizer)

    @property
    def vad(self) -> Vad:
        """Finds speech."""
        return self._vad()

    @property
    def transcriber(self) -> Transcriber:
        """Turns speech into words."""
        return self._transcriber()

    @property
    def diarizer(self) -> Diarizer:
        """Tells voices apart. Raises `MissingExtra` if its part is not installed."""
        return self._diarizer()

    @property
    def device(self) -> str:
        """Where transcription runs, for people."""
        return self.transcriber.device


def identities(settings: Settings) -> Mapping[str, str]:
    """Each model as `name@hash`, nothing loaded: `asr`, `vad`, and what is there of the mono models.

    Raises `ModelError` if the transcription pack is missing or not what was pinned.
    """
    from qa.speech.silero import identity as vad_identity

    found = {"asr": packs.identity(settings.model, settings.models), "vad": vad_identity()}
    if packs.status(settings.diarization, settings.models).state == "ok":
        found.update(diarization_identity(settings))
    return found


def diarization_identity(settings: Settings) -> Mapping[str, str]:
    """`segmentation` and `embedding` as `name@hash`."""
    hashes = packs.check(settings.diarization, settings.models, rehash=False)
    parts = _MONO_PARTS.get(settings.diarization, {})
    whole = packs.identity(settings.diarization, settings.models)
    return {
        part: f"{parts[part][0]}@{hashes[parts[part][1]][:12]}" if part in parts else whole
        for part in ("segmentation", "embedding")
    }


_MONO_PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "diarization-offline": {
        "segmentation": ("pyannote-segmentation-3.0", "pytorch_model.bin"),
        "embedding": ("campplus-cn-en-common", "campplus_cn_en_common.pt"),
    }
}


def _once(make: Callable[[], Engine]) -> Callable[[], Engine]:
    """`make`, called by the first thread that asks; the others wait for it."""
    lock, made = threading.Lock(), functools.cache(make)

    def get() -> Engine:
        with lock:
            return made()

    return get


def _silero() -> Vad:
    from qa.speech.vad import SileroVad

    return SileroVad()


def _whisper(settings: Settings) -> Transcriber:
    from qa.speech.decoding import WhisperOptions
    from qa.speech.device import DeviceOptions
    from qa.speech.transcribe import WhisperTranscriber

    return WhisperTranscriber(
        packs.pack_path(settings.model, settings.models),
        packs.identity(settings.model, settings.models),
        DeviceOptions(settings.device, settings.compute_type, settings.threads),
        WhisperOptions(beam_size=settings.beam_size, batch_size=settings.batch_size),
    )


def _diarizer(settings: Settings) -> Diarizer:
    folder = packs.pack_path(settings.diarization, settings.models)
    if settings.diarization not in _MONO_PARTS:
        known = ", ".join(_MONO_PARTS)
        raise ModelError(f"{settings.diarization}: no engine here reads this pack; diarization = {known}")
    if missing := [name for name in ("torch", "torchaudio") if not _installed(name)]:
        raise MissingExtra(f"mono calls need {' and '.join(missing)}: {MONO_REMEDY}")
    from qa.speech.diarization import PyannoteDiarizer

    return PyannoteDiarizer(folder, device=_torch_device(settings.device))


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent package is not there
        return False


def _torch_device(device: str) -> str:
    """`cuda` if torch can use it and the settings allow it."""
    if device == "cpu":
        return "cpu"
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
