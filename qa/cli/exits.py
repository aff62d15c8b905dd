"""Exit codes, and how an error becomes one line on stderr."""

from __future__ import annotations

from enum import IntEnum

from qa.errors import LockHeld, QaError


class Exit(IntEnum):
    """What `qa` says to the shell, to cron and to systemd."""

    DONE = 0
    DEFECT = 1
    """A defect of ours; `--debug` shows where."""
    USAGE = 2
    """Wrong usage, bad configuration, or a machine that is not ready."""
    SOME_FAILED = 3
    """Finished, but some calls failed (they are listed)."""
    LOCKED = 75
    """Another run holds the lock; try again later (EX_TEMPFAIL of sysexits.h)."""


SIGNALLED = 128
"""Added to the signal's number when a run was asked to stop: 130 Ctrl-C, 143 SIGTERM (the shells' custom)."""


def of(error: QaError) -> Exit:
    """The exit code of an error that qa can explain."""
    return Exit.LOCKED if isinstance(error, LockHeld) else Exit.USAGE


def lines(error: BaseException) -> list[str]:
    """`error` for an operator: one line, or one a problem where it lists several (a rubric's).

    The type's name is shown only for what we did not foresee.
    """
    told = [" ".join(part.split()) for part in str(error).splitlines() if part.strip()]
    if isinstance(error, QaError) and told:
        return told
    return [f"{type(error).__name__}: {' '.join(told)}"]
