"""The named errors of qa. The library raises them; only the command line translates them.

Each message names the thing that is wrong (a file, a setting) and what to do about it.
"""


class QaError(Exception):
    """Anything qa can explain. `str(error)` is fit to show to an operator."""


class SettingsError(QaError):
    """qa.toml, the environment or a flag says something that cannot be used."""


class IntakeError(QaError):
    """What is known about the calls (metadata, file-name pattern) cannot be read."""


class AudioError(QaError):
    """A recording cannot be read: empty, truncated, no audio in it, unknown codec."""


class UnfinishedRecording(AudioError):
    """A recording changed while it was read: it is still being written. Next night takes it."""


class RecordingGone(AudioError):
    """A recording lies under none of its known names any more; `paths` are those names."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        names = ", ".join(paths) or "a recording without a name"
        super().__init__(
            f"{names}: not there any more; put it back, or run `qa run` on the folder that it is in now "
            "(qa knows it again by its content)"
        )
        self.paths = paths


class SpeechError(QaError):
    """A speech engine failed on a recording."""


class ModelError(SpeechError):
    """A model file is missing, or is not the file that was pinned."""


class MissingExtra(QaError):
    """An optional part is not installed; the message names the pip command that adds it."""


class RubricError(QaError):
    """A rubric file is wrong; the message names file, line, column and the nearest valid word."""


class JudgeError(QaError):
    """The judge gave no answer that can be used; `cause` is the reason a finding then gives."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class StoreError(QaError):
    """The database cannot be opened, read or written."""


class StoreVersionError(StoreError):
    """The database was written by a newer qa."""


class LockHeld(QaError):
    """Another run holds the lock on this database."""


class UnknownCall(StoreError):
    """No stored call has this id; the message names the nearest ones."""


class ReportError(QaError):
    """A report cannot be made or written."""


class UnknownAgent(QaError):
    """No scored call is by this agent; the message names the nearest ids."""


class PersonError(QaError):
    """An account cannot be made, found or used."""


class Conflict(QaError):
    """Somebody else spoke on the same criterion in the meantime: look at their word first."""
