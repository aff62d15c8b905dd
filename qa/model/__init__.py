"""The nouns of qa: every value that crosses a room's border.

All values are frozen and check themselves when made. Times are seconds as float from the start of
the recording, always as a `Span`. Only the standard library is imported here.
"""

from qa.model.call import Call, Quality, Recording
from qa.model.conversation import Conversation, Event, EventDefinitions, Measures, SpeakerRole, Turn
from qa.model.heard import Heard, Prosody, Sound, SpeakerSpan, Word
from qa.model.kinds import EventKind, Outcome, Role, Separation, SoundKind, StereoKind
from qa.model.score import Evidence, Finding, Flag, Message, Receipt, Review, Score, Scorecard
from qa.model.time import Span, merge_spans, outside, overlapping, total_overlap

__all__ = [
    "Call",
    "Conversation",
    "Event",
    "EventDefinitions",
    "EventKind",
    "Evidence",
    "Finding",
    "Flag",
    "Heard",
    "Measures",
    "Message",
    "Outcome",
    "Prosody",
    "Quality",
    "Receipt",
    "Recording",
    "Review",
    "Role",
    "Score",
    "Scorecard",
    "Separation",
    "Sound",
    "SoundKind",
    "Span",
    "SpeakerRole",
    "SpeakerSpan",
    "StereoKind",
    "Turn",
    "Word",
    "merge_spans",
    "outside",
    "overlapping",
    "total_overlap",
]
