"""The tests inside a rubric: every phrase's hits and misses, every criterion's dialogues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.model import Conversation, Evidence, Outcome, Role
from qa.rubric import checks, schema
from qa.rubric.authoring.notation import NotationError, conversation
from qa.rubric.checks.reasons import sentence
from qa.rubric.checks.verdict import Verdict
from qa.rubric.loading.load import load
from qa.rubric.phrases.annotate import annotate
from qa.rubric.rubric import Rubric
from qa.rubric.scores.score import judge, look_at


@dataclass(frozen=True, slots=True)
class Tested:
    """One test that was run. `failure` is empty if it passed; else an annotated dialogue."""

    part: str
    """`phrases/ja/empathy` or `criteria/empathy`."""
    name: str
    held_out: bool
    failure: str = ""


@dataclass(frozen=True, slots=True)
class TestReport:
    """What the rubric's own tests came to."""

    rubric: str
    tests: tuple[Tested, ...]

    @property
    def failures(self) -> tuple[Tested, ...]:
        """The tests that failed, held out or not."""
        return tuple(test for test in self.tests if test.failure)

    @property
    def passed(self) -> bool:
        """True if nothing failed that the patterns were written for; held-out ones are reported apart."""
        return not any(test.failure and not test.held_out for test in self.tests)

    def counts(self, *, held_out: bool) -> tuple[int, int]:
        """(passed, all) of the tests that are, or are not, held out."""
        chosen = [test for test in self.tests if test.held_out is held_out]
        return sum(not test.failure for test in chosen), len(chosen)

    def text(self) -> str:
        """Failures as annotated dialogues, then the counts."""
        lines = [f"{test.part}: {test.name}\n{test.failure}" for test in self.failures]
        seen, unseen = self.counts(held_out=False), self.counts(held_out=True)
        lines.append(
            f"{self.rubric}: {seen[0]} of {seen[1]} tests passed; held out: {unseen[0]} of {unseen[1]}"
        )
        return "\n\n".join(lines)


def run_tests(folder: Path | str) -> TestReport:
    """Run every test in the rubric. Reads only its files: no audio, no models, seconds."""
    rubric = load(folder)
    tests = [
        *(test for code in rubric.languages for test in _phrase_tests(rubric, code)),
        *_criterion_tests(rubric),
        *_flag_tests(rubric),
    ]
    return TestReport(rubric.identity, tuple(tests))


_WANTED = {
    "hit": " should be found here",
    "miss": " should not be found here",
    "doubt": " should be left to a person here",
}


def _phrase_tests(rubric: Rubric, code: str) -> Iterator[Tested]:
    for name, written in rubric.phrases[code].items():
        for wanted, examples in (("hit", written.hits), ("miss", written.misses), ("doubt", written.doubts)):
            for example in examples:
                line = schema.PhraseExample(text=example) if isinstance(example, str) else example
                failure = _phrase_failure(rubric, code, name, line, wanted)
                yield Tested(f"phrases/{code}/{name}", line.text, line.held_out, failure)


def _phrase_failure(rubric: Rubric, code: str, name: str, line: schema.PhraseExample, wanted: str) -> str:
    before = [f"C: {line.before}"] if line.before else []
    talk = conversation([*before, f"A: {line.text}"], code)
    look = look_at(annotate(talk), rubric)
    found = look.matches(name, Role.AGENT)
    came = "hit" if look.sure(found) else "doubt" if found else "miss"
    if came == wanted:
        return ""
    forms = "; ".join(f"“{m.quote}” ({m.confidence:.2f})" for m in found)
    return _drawn(
        talk, [m.evidence() for m in found], f"{name}{_WANTED[wanted]}{': ' + forms if forms else ''}"
    )


def _criterion_tests(rubric: Rubric) -> Iterator[Tested]:
    for criterion in rubric.file.criteria:
        for index, example in enumerate(criterion.examples):
            talk = _talk(example, rubric)
            if isinstance(talk, str):
                failure = talk
            else:
                verdict = judge(criterion, look_at(annotate(talk), rubric))
                failure = _outcome_failure(talk, verdict, example, criterion.reasons)
            name = f"example {index + 1} ({example.expect})"
            yield Tested(f"criteria/{criterion.id}", name, example.held_out, failure)


def _talk(example: schema.Example, rubric: Rubric) -> Conversation | str:
    """The conversation of an example; the complaint where it cannot be read."""
    try:
        return conversation(example.dialogue, rubric.language_of(example), agent_name=example.agent_name)
    except NotationError as error:
        return f"  line {error.line + 1}: {error}"


def _outcome_failure(
    talk: Conversation, verdict: Verdict, example: schema.Example, reasons: schema.Reasons
) -> str:
    reason = sentence(verdict, reasons)
    if verdict.outcome != Outcome(example.expect):
        told = f"expected {example.expect}, came to {verdict.outcome}: {reason.ja} / {reason.en}"
        return _drawn(talk, verdict.evidence, told)
    if example.quote and not any(example.quote in e.quote for e in verdict.evidence):
        return _drawn(talk, verdict.evidence, f"the evidence should quote “{example.quote}”")
    return ""


def _flag_tests(rubric: Rubric) -> Iterator[Tested]:
    for flag in rubric.file.flags:
        for index, example in enumerate(flag.examples):
            talk = _talk(example, rubric)
            if isinstance(talk, str):
                failure = talk
            else:
                verdict = checks.run(flag.when, look_at(annotate(talk), rubric))
                failure = _outcome_failure(talk, verdict, example, schema.Reasons())
            yield Tested(f"flags/{flag.id}", f"example {index + 1}", example.held_out, failure)


def _drawn(talk: Conversation, evidence: Sequence[Evidence], told: str) -> str:
    """A small annotated dialogue: `>` marks the turns with evidence."""
    lines = []
    for turn in talk.turns:
        quotes = [e.quote for e in evidence if e.role is turn.role and e.span.overlap(turn.span) > 0]
        marked = ">" if quotes else " "
        found = f"   ← {', '.join(quotes)}" if quotes and quotes != [turn.text] else ""
        lines.append(f"  {marked} {turn.span.start:5.1f} {turn.role:8} {turn.text}{found}")
    return "\n".join([*lines, f"    {told}"])
