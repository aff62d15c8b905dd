"""Which GPUs this process may use, by the driver alone: nothing is loaded that would hold one."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Mapping

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable by which CUDA's libraries, CTranslate2's and torch's alike, are told which GPUs there are."""


def count_gpus() -> int:
    """As many as the driver shows this process; 0 without a driver."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    found = ctypes.c_int()
    failed = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(found))
    return 0 if failed else found.value


def visible_gpus(
    device: str, environ: Mapping[str, str] = os.environ, count: Callable[[], int] = count_gpus
) -> tuple[str, ...]:
    """The name of each GPU, as `VISIBLE` takes it; none if `device` (the setting) is `cpu`.

    Where the variable is set, its names are kept: "2,3" are two GPUs, called 2 and 3.
    """
    found = 0 if device == "cpu" else count()
    named = [name.strip() for name in environ.get(VISIBLE, "").split(",") if name.strip()]
    return tuple((named or [str(index) for index in range(found)])[:found])
