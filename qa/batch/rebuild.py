"""The stages after hearing, for a stored conversation with something in it replaced. Nothing is stored."""

from __future__ import annotations

from qa import dialogue, rubric
from qa.batch.judged import judge
from qa.batch.rubrics import Rubrics
from qa.model import Conversation, Heard, Scorecard
from qa.rubric import Around
from qa.settings import Settings
from qa.store import Hearing


class Rebuilding:
    """A `qa.evaluate.oracle.Rebuilder` with the settings' rubrics and names. It asks no judge."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rubrics = Rubrics(settings)
        self._around = Around(names=tuple(settings.roster.values()))

    def build(self, conversation: Conversation, heard: Heard) -> Conversation:
        """The same call's conversation from something else heard."""
        chosen = self._rubrics.for_language(heard.language)
        return dialogue.build(
            conversation.call,
            heard,
            conversation.quality,
            conversation.recording_id,
            chosen.definitions,
            self._settings.roster,
            self._settings.company,
        )

    def derive(self, conversation: Conversation) -> Conversation:
        """Turns, events and measures anew from words, speakers and roles."""
        return dialogue.rederive(conversation)

    def measure(self, conversation: Conversation) -> Conversation:
        """Measures anew from turns and events."""
        return dialogue.remeasure(conversation)

    def score(self, conversation: Conversation) -> Scorecard:
        """The verdicts of the rubric of now."""
        chosen = self._rubrics.for_language(conversation.language)
        return judge(rubric.annotate(conversation), chosen, Hearing({}, {}), self._around).scorecard
