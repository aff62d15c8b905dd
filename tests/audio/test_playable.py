"""Which recordings a browser gets as they are. `tests/review` hears them in a real one."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from qa.audio.playable import look
from qa.errors import AudioError
from tests.audio.making import encode, noise, tone, voice, write_wav

DATA = Path(__file__).parent / "data"

KINDS = [
    # name, codec, rate, container, served as
    ("pcm8.wav", "pcm_u8", 8000, None, "audio/wav"),
    ("pcm16.wav", "pcm_s16le", 16000, None, "audio/wav"),
    ("pcm24.wav", "pcm_s24le", 48000, None, "audio/wav"),
    ("pcm32.wav", "pcm_s32le", 22050, None, None),
    ("float32.wav", "pcm_f32le", 44100, None, "audio/wav"),
    ("float64.wav", "pcm_f64le", 11025, None, None),
    ("mulaw.wav", "pcm_mulaw", 8000, None, None),
    ("alaw.wav", "pcm_alaw", 8000, None, None),
    ("sound.w64", "pcm_s16le", 8000, "w64", None),
    ("sound.au", "pcm_mulaw", 8000, "au", None),
    ("call.mp3", "libmp3lame", 16000, None, "audio/mpeg"),
    ("call.m4a", "aac", 44100, None, "audio/mp4"),
    ("call.aac", "aac", 32000, "adts", None),
    ("call.ogg", "libopus", 48000, None, "audio/ogg"),
    ("call.webm", "libopus", 48000, None, "audio/webm"),
    ("call.mkv", "libopus", 48000, "matroska", None),
    ("call.flac", "flac", 8000, None, "audio/flac"),
]


@pytest.mark.parametrize(("name", "codec", "rate", "container", "media_type"), KINDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_kind(
    tmp_path: Path,
    name: str,
    codec: str,
    rate: int,
    container: str | None,
    media_type: str | None,
    channels: int,
) -> None:
    sides = [tone(500, 2, rate), tone(900, 2, rate)][:channels]
    source = look(encode(tmp_path / name, *sides, codec=codec, rate=rate, container=container))
    assert source.media_type == media_type
    assert source.channels == channels


def test_gsm_is_not() -> None:
    source = look(DATA / "gsm610-1s-440hz.wav")
    assert (source.media_type, source.sample_rate, source.channels) == (None, 8000, 1)
    assert source.seconds == pytest.approx(1, abs=0.05)


def test_the_content_decides(tmp_path: Path) -> None:
    path = shutil.copy(write_wav(tmp_path / "real.wav", tone(500, 1)), tmp_path / "call.mp3")
    assert look(Path(path)).media_type == "audio/wav"


def with_frame_of_other_size(path: Path) -> None:
    """Write the frames of another bit rate behind those of an mp3: its rate varies now."""
    other = encode(
        path.with_name("other.mp3"), noise(4, 16000, -20), codec="libmp3lame", rate=16000, bits=24_000
    )
    path.write_bytes(path.read_bytes() + other.read_bytes())


def test_an_mp3_of_variable_rate_is_not(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.mp3", voice(4, 16000), codec="libmp3lame", rate=16000, bits=64_000)
    assert look(path).media_type == "audio/mpeg"
    with_frame_of_other_size(path)
    assert look(path).media_type is None


def test_a_wav_that_was_cut_is_not(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", tone(500, 2))
    path.write_bytes(path.read_bytes()[:-4000])
    assert look(path).media_type is None


def test_rf64_is_not(tmp_path: Path) -> None:
    """A wav for more than 4 GB: browsers want RIFF."""
    plain = write_wav(tmp_path / "call.wav", tone(500, 1)).read_bytes()
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, len(plain) - 8 + 36, len(plain) - 44, 0, 0)
    path = tmp_path / "big.wav"
    path.write_bytes(b"RF64" + b"\xff" * 4 + b"WAVE" + sizes + plain[12:40] + b"\xff" * 4 + plain[44:])
    source = look(path)
    assert source.media_type is None
    assert source.seconds == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("content", [b"", b"no sound", b"\x00" * 5000])
def test_no_sound_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"call\.wav"):
        look(path)


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="put it back"):
        look(tmp_path / "gone.wav")
