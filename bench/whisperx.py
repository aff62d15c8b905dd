"""WhisperX, a peer in an environment of its own: voice activity and batches are its own.

It is installed under the user's cache folder when first asked for (5 GB, with a CUDA torch of its own).
Alignment is off: its models come from a hub only. So its text has the times of segments of up to 30 s: in
which order two parties spoke, and so how many errors there are, cannot be told from it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VERSION = "3.8.6"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qa" / "peers" / "whisperx"
PYTHON = FOLDER / "bin" / "python"
PROGRAM = """
import json, os, sys, time, wave
started = time.monotonic()
import warnings
warnings.simplefilter("ignore")
import numpy, torch, whisperx
folder, out, most, model, beam, batch = sys.argv[1:]
torch.set_num_threads(1)
calls = json.load(open(os.path.join(folder, "night.json"), encoding="utf-8"))[: int(most)]
options = {"beam_size": int(beam)}
engines = {
    code: whisperx.load_model(
        model, "cpu", compute_type="int8", language=code, vad_method="pyannote", asr_options=options,
        threads=os.cpu_count(), local_files_only=True,
    )
    for code in sorted({call["language"] for call in calls})
}
begun = time.monotonic()
loading = {"wall": begun - started, "cpu": time.process_time()}
heard, first = {}, 0.0
for call in calls:
    with wave.open(os.path.join(folder, call["path"])) as file:
        raw = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
        channels = raw.reshape(-1, file.getnchannels()).T.astype(numpy.float32) / 32768
    words = []
    for channel in channels:
        found = engines[call["language"]].transcribe(channel, batch_size=int(batch))
        words += [(s["start"], s["end"], s["text"].strip()) for s in found["segments"]]
    heard[call["path"].rsplit(".", 1)[0]] = {"words": words, "speakers": []}
    first = first or time.monotonic() - begun
json.dump({"heard": heard, "first": first, "loading": loading}, open(out, "w", encoding="utf-8"))
"""


def installed() -> bool:
    """True once it is there. Tries to install it, and says loudly if it cannot."""
    if _imports():
        return True
    try:
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", f"whisperx=={VERSION}"]
        subprocess.run(command, check=True, timeout=3600)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"!!! WhisperX {VERSION} could not be installed: NOT in the table: {error}", flush=True)
        return False
    if not _imports():
        print(f"!!! WhisperX {VERSION} is installed and cannot be imported: NOT in the table", flush=True)
        return False
    return True


def command(folder: Path, out: Path, calls: int, model: str, beam: int, batch: int) -> list[str]:
    """Hears the first `calls` of a night and writes to `out` what bench.systems would."""
    return [str(PYTHON), "-c", PROGRAM, str(folder), str(out), str(calls), model, str(beam), str(batch)]


def _imports() -> bool:
    if not PYTHON.exists():
        return False
    return (
        subprocess.run([str(PYTHON), "-c", "import whisperx"], capture_output=True, check=False).returncode
        == 0
    )
