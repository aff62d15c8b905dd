"""Every codec of a call centre, at any rate, whatever the file is called."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from qa.audio import SAMPLE_RATE, open_track
from qa.model import Span, StereoKind
from tests.audio.making import encode, noise, tone, write_wav

DATA = Path(__file__).parent / "data"

CODECS = [
    # name, codec, rate, container
    ("pcm8.wav", "pcm_u8", 8000, None),
    ("pcm16.wav", "pcm_s16le", 16000, None),
    ("pcm24.wav", "pcm_s24le", 48000, None),
    ("pcm32.wav", "pcm_s32le", 22050, None),
    ("float32.wav", "pcm_f32le", 44100, None),
    ("float64.wav", "pcm_f64le", 11025, None),
    ("mulaw.wav", "pcm_mulaw", 8000, None),
    ("alaw.wav", "pcm_alaw", 8000, None),
    ("call.mp3", "libmp3lame", 16000, None),
    ("call.m4a", "aac", 44100, None),
    ("call.aac", "aac", 32000, "adts"),
    ("call.ogg", "libopus", 48000, None),
    ("call.opus", "libopus", 16000, "ogg"),
    ("call.webm", "libopus", 48000, None),
    ("call.flac", "flac", 8000, None),
]


def strongest(samples: np.ndarray) -> float:
    """Frequency in Hz of the strongest partial."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


@pytest.mark.parametrize(("name", "codec", "rate", "container"), CODECS)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_codec_keeps_pitch_length_and_channels(
    tmp_path: Path, name: str, codec: str, rate: int, container: str | None, channels: int
) -> None:
    sides = [tone(500, 3, rate), tone(900, 3, rate)][:channels]
    path = encode(tmp_path / name, *sides, codec=codec, rate=rate, container=container)
    with open_track(path) as track:
        assert track.channels == track.quality.channels == channels
        assert track.duration == pytest.approx(3, abs=0.1)
        assert not track.quality.truncated, track.quality.notes
        for channel, hertz in enumerate((500, 900)[:channels]):
            samples = track.read(channel, Span(1, 2))
            assert samples.dtype == np.float32
            assert len(samples) == SAMPLE_RATE
            assert strongest(samples) == pytest.approx(hertz, abs=3)
            assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.12)


def test_amr_narrow_band(tmp_path: Path) -> None:
    path = tmp_path / "call.amr"
    try:
        encode(path, tone(500, 2), codec="libopencore_amrnb", bits=12200)
    except ValueError:
        pytest.skip("this build of PyAV cannot encode AMR")
    with open_track(path) as track:
        assert track.duration == pytest.approx(2, abs=0.1)
        assert strongest(track.read(0, Span(0.5, 1.5))) == pytest.approx(500, abs=3)


def test_gsm_610_in_wav() -> None:
    with open_track(DATA / "gsm610-1s-440hz.wav") as track:
        assert track.quality.codec == "gsm_ms"
        assert track.duration == pytest.approx(1, abs=0.05)
        assert strongest(track.read(0, Span(0.2, 0.8))) == pytest.approx(440, abs=4)
        assert not track.quality.truncated


@pytest.mark.parametrize("name", ["call.wav", "call.mp3", "call.txt", "call"])
def test_the_content_decides_not_the_ending(tmp_path: Path, name: str) -> None:
    mp3 = encode(tmp_path / "real.mp3", tone(500, 2, 16000), codec="libmp3lame", rate=16000)
    path = tmp_path / name
    shutil.copy(mp3, path)
    with open_track(path) as track:
        assert track.quality.codec.startswith("mp3")
        assert track.duration == pytest.approx(2, abs=0.1)


def test_cd_quality_stereo(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "cd.wav", tone(500, 2, 44100), noise(2, 44100, -20), rate=44100)
    with open_track(path) as track:
        assert track.quality.sample_rate == 44100
        assert track.sample_rate == SAMPLE_RATE
        assert track.duration == pytest.approx(2, abs=0.01)
        assert track.quality.band == "wide"


def test_a_japanese_path_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "通話 録音　2025年"
    folder.mkdir()
    path = write_wav(folder / "お客様 窓口 #1 100%.wav", tone(500, 1))
    with open_track(path) as track:
        assert track.duration == pytest.approx(1)


def test_one_second(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "short.wav", tone(500, 1), noise(1))
    with open_track(path) as track:
        assert track.duration == 1.0
        assert len(track.read(0, Span(0, 9))) == SAMPLE_RATE


def test_a_few_samples_are_a_recording_too(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tiny.wav", tone(500, 0.01))
    with open_track(path) as track:
        assert 0 < track.duration < 0.02
        assert track.quality.stereo is StereoKind.MONO


def test_eight_bit_silence_has_no_offset(tmp_path: Path) -> None:
    path = tmp_path / "silence8.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes([128]) * 8000)
    with open_track(path) as track:
        assert not track.read(0, Span(0, 1)).any()


def test_silence_that_was_not_sent_keeps_its_time(tmp_path: Path) -> None:
    """A recorder of discontinuous transmission leaves gaps in the time stamps."""
    import av

    path = tmp_path / "gap.mka"
    with av.open(str(path), "w", format="matroska") as output:
        stream = output.add_stream("pcm_s16le", rate=8000)
        stream.layout = "mono"
        for start in (0, 24000):
            samples = (tone(500, 1) * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8000, start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with open_track(path) as track:
        assert track.duration == pytest.approx(4, abs=0.05)
        assert np.abs(track.read(0, Span(1.2, 2.8))).max() < 0.001
        assert np.abs(track.read(0, Span(3.2, 3.8))).max() > 0.25
