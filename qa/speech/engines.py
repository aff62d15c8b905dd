"""The engines of a run, each loaded when it is first needed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from qa.errors import MissingExtra
from qa.settings import Settings
from qa.speech import packs
from qa.speech.protocols import Diarizer, Transcriber, Vad

MONO_REMEDY = "pip install 'qa-calls[mono]'"


class Engines:
    """VAD, transcriber and diarizer; each is made once, by its maker, on first use."""

    def __init__(
        self,
        vad: Callable[[], Vad],
        transcriber: Callable[[], Transcriber],
        diarizer: Callable[[], Diarizer],
    ) -> None:
        self._vad = functools.cache(vad)
        self._transcriber = functools.cache(transcriber)
        self._diarizer = functools.cache(diarizer)

    @classmethod
    def load(cls, settings: Settings) -> Engines:
        """The real engines that `settings` choose. Nothing is loaded yet."""
        return cls(
            _silero,
            functools.partial(_whisper, settings),
            functools.partial(_diarizer, settings),
        )

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
    from qa.speech.vad import identity as vad_identity

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
        "embedding": ("campplus-cn-en", "campplus_cn_en_common.pt"),
    }
}


def _silero() -> Vad:
    from qa.speech.vad import SileroVad

    return SileroVad()


def _whisper(settings: Settings) -> Transcriber:
    from qa.speech.device import DeviceOptions
    from qa.speech.transcribe import WhisperOptions, WhisperTranscriber

    return WhisperTranscriber(
        packs.pack_path(settings.model, settings.models),
        packs.identity(settings.model, settings.models),
        DeviceOptions(settings.device, settings.compute_type, settings.threads),
        WhisperOptions(beam_size=settings.beam_size, batch_size=settings.batch_size),
    )


def _diarizer(settings: Settings) -> Diarizer:
    folder = packs.pack_path(settings.diarization, settings.models)
    try:
        import pyannote.audio  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtra(f"mono calls need torch and pyannote.audio: {MONO_REMEDY}") from error
    from qa.speech import diarization

    return diarization.load(folder, threads=settings.threads)
