"""Where Whisper runs: CUDA if it really works, else the CPU, with one line that says so."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import ModelError, SpeechError

logger = logging.getLogger("qa.speech")

_ROOMY_GPU_MB = 6000
"""From this much GPU memory on, float16 (faster); below, int8_float16 (smaller)."""


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """What the settings ask for."""

    device: str = "auto"
    compute_type: str = "auto"
    threads: int = 0
    """CPU threads; 0: all cores this process may use."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A loaded model and where it went."""

    model: Any
    """`faster_whisper.WhisperModel`."""
    device: str
    """`cpu` or `cuda`."""
    compute_type: str
    slots: int = 1
    """Batches that it can decode at the same time."""
    name: str = "cpu"
    """Of the processor: the GPU's, by which its batch size is remembered."""


def load(folder: Path, options: DeviceOptions) -> Placed:
    """Load the Whisper model in `folder`. Raises `SpeechError` if `cuda` was demanded and does not work."""
    if options.device != "cpu":
        try:
            return _on_cuda(folder, options)
        except _NoCuda as reason:
            if options.device == "cuda":
                raise SpeechError(f"device = cuda, but {reason}; use device = auto or cpu") from reason
            logger.info("transcription runs on the CPU: %s", reason)
    return _on_cpu(folder, options)


class _NoCuda(Exception):
    """CUDA cannot be used; the message says why."""


def _on_cuda(folder: Path, options: DeviceOptions) -> Placed:
    import ctranslate2
    import numpy as np

    try:
        if not ctranslate2.get_cuda_device_count():
            raise _NoCuda("no CUDA device was found")
        compute_type = options.compute_type if options.compute_type != "auto" else _gpu_compute_type()
        model = _open(folder, device="cuda", compute_type=compute_type)
        # A driver or cuDNN that does not fit shows itself only when something is computed.
        silence = np.zeros((1, model.feature_extractor.mel_filters.shape[0], 3000), np.float32)
        model.encode(silence)
    except (RuntimeError, ValueError, OSError) as error:
        raise _NoCuda(f"CUDA failed ({_first_line(error)})") from error
    return Placed(model, "cuda", compute_type, name=_gpu_name())


def _on_cpu(folder: Path, options: DeviceOptions) -> Placed:
    compute_type = (
        "int8" if options.compute_type in ("auto", "int8_float16", "float16") else options.compute_type
    )
    threads = options.threads or available_threads()
    try:
        # A batch a core, not all cores on one batch: none waits for another. The weights are there once;
        # one worker more, so that telling a language need not wait for a batch to end.
        model = _open(folder, device="cpu", compute_type=compute_type, cpu_threads=1, num_workers=threads + 1)
        return Placed(model, "cpu", compute_type, slots=threads)
    except (RuntimeError, ValueError) as error:
        raise SpeechError(f"{folder}: the model cannot be loaded ({_first_line(error)})") from error


def _open(folder: Path, **options: Any) -> Any:
    if not (folder / "tokenizer.json").is_file():
        # faster-whisper would go to the network for it.
        raise ModelError(f"{folder / 'tokenizer.json'}: missing; run `qa models fetch {folder.name}`")
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), local_files_only=True, **options)


def available_threads() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _gpu_compute_type() -> str:
    import ctranslate2

    supported = ctranslate2.get_supported_compute_types("cuda")
    memory = _gpu_memory_mb()
    if "float16" in supported and (memory is None or memory >= _ROOMY_GPU_MB):
        return "float16"
    return "int8_float16" if "int8_float16" in supported else "float32"


def _gpu_memory_mb() -> int | None:
    """Total memory of the first GPU; None if the driver's library cannot be asked."""
    import ctypes

    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    total, device = ctypes.c_size_t(), ctypes.c_int()
    failed = driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0)
    failed = failed or driver.cuDeviceTotalMem_v2(ctypes.byref(total), device)
    return None if failed else total.value // 2**20


def _gpu_name() -> str:
    """Of the first GPU, with its memory; `cuda` if the driver's library cannot be asked."""
    import ctypes

    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return "cuda"
    name, device = ctypes.create_string_buffer(100), ctypes.c_int()
    failed = driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0)
    failed = failed or driver.cuDeviceGetName(name, len(name), device)
    return "cuda" if failed else f"{name.value.decode(errors='replace')} {_gpu_memory_mb()} MB"


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
