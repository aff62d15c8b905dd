"""Progress in cron is one structured line a call; signals stop a run in order."""

import os
import signal
from pathlib import Path

import pytest

from qa.batch import Begun, Came, Finished, Notice, Progress, Started
from qa.cli import progress, signals
from qa.model import Message

SCORED = Finished("call-1", Path("/in/call-1.wav"), Came.SCORED, "", 183.24, 9.2, 82.5, 1, done=3, found=10)
QUARANTINED = Finished("x", Path("/in/長い 名前.wav"), Came.QUARANTINED, 'no "audio" in it', done=4, found=10)


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Started("r1", 10, 2), "event=started run=r1 found=10 known=2"),
        (Begun("call-1", Path("/in/call-1.wav")), ""),
        (
            SCORED,
            "event=scored call=call-1 file=/in/call-1.wav score=82.5 needs_review=1 audio=183.2 work=9.2"
            " done=3/10",
        ),
        (
            QUARANTINED,
            'event=quarantined call=x file="/in/長い 名前.wav" done=4/10 reason="no \\"audio\\" in it"',
        ),
        (Notice(Message("CPUで動きます", "Running on the CPU")), 'event=notice says="Running on the CPU"'),
    ],
)
def test_one_line_a_call(step: Progress, line: str) -> None:
    assert progress.line(step, "en") == line


def test_notices_speak_the_readers_language() -> None:
    assert "CPUで動きます" in progress.line(Notice(Message("CPUで動きます", "Running on the CPU")), "ja")


def test_lines_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown("en", terminal=False) as report:
        report(SCORED)
        report(Begun("call-1", Path("a")))
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_the_bar_tells_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown("en", terminal=True) as report:
        for step in (Started("r1", 10, 2), Begun("call-1", Path("a")), SCORED, QUARANTINED):
            report(step)
    out, err = capsys.readouterr()
    assert out == ""
    assert 'no "audio" in it' in err.replace("\n", " ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_asks_and_handlers_are_put_back(number: int) -> None:
    before = signal.getsignal(number)
    with signals.watched() as stop:
        assert not stop.event.is_set()
        os.kill(os.getpid(), number)
        assert stop.event.wait(1)
        assert stop.signal == number
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
            stop.event.wait(0.1)
    assert signal.getsignal(number) is before
