"""How fast stored calls are scored again: cold, warm, and after a change of one criterion or phrase list.

.venv/bin/python -m bench.rescore [CALLS]       prints a table; bench/RESCORE.md holds the last one
"""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.conversations import write
from qa import rubric
from qa.batch.rescore import rescore
from qa.settings import Settings

FEWER = 10
"""The slower measurements take this part of the calls."""
READER = """
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for line in sys.stdin:
    print(database.execute("SELECT count(*) FROM current_scorecards").fetchone()[0], flush=True)
"""
"""Another program: it has the database open all the while, and looks when it is told to."""
SAID = {
    "that nobody says": {"ja": "縞馬縞馬", "en": "zebra zebra"},
    "that a quarter says": {"ja": "みどり通販", "en": "acme billing"},
    "that nine in ten say": {"ja": "確認していただけますか", "en": "Could you tell me what colour"},
}
"""Forms to add to the list of empathy, by how many of the made-up calls hold them."""


def main(calls: int) -> None:
    """Make the calls, score them again in every way, print and save the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, many, few = Path(scratch), Path(scratch) / "many.db", Path(scratch) / "few.db"
        for code in ("ja", "en"):
            shutil.copytree(rubric.shipped()[f"support-{code}"], folder / f"support-{code}")
        write(calls, many, distinct=min(calls, 100))
        write(max(calls // FEWER, 100), few, distinct=100)
        rows = [
            measure("nothing changed", many, folder, lambda: None),
            measure("points of one criterion", many, folder, lambda: change_points(folder)),
            measure("one criterion's check", many, folder, lambda: change_check(folder)),
            *(
                measure(
                    f"one phrase list: a form more {how}", many, folder, partial(change_list, folder, how)
                )
                for how in SAID
            ),
        ]
        measure("", few, folder, lambda: None)
        rows.append(measure("everything (nothing kept)", few, folder, lambda: forget(few)))
        sizes = table_sizes(many, calls)
    lines = ["Calls of five minutes, one core, CPU time, rubrics loaded; new scorecards are written.", ""]
    lines += ["| changed | calls | ms a call | calls/s | seen by another process |", "|---|---|---|---|---|"]
    text = "\n".join([*lines, *rows, "", sizes]) + "\n"
    print(text)
    (Path(__file__).parent / "RESCORE.md").write_text("# qa rescore\n\n" + text, encoding="utf-8")


def table_sizes(db: Path, calls: int) -> str:
    """What is kept of a call, in bytes."""
    with sqlite3.connect(db) as connection:
        sizes = [
            f"{table} {connection.execute(f'SELECT sum(length(body)) FROM {table}').fetchone()[0] // calls}"
            for table in ("conversations", "readings", "judgements")
        ]
    return f"Bytes a call: {', '.join(sizes)}."


def measure(name: str, db: Path, folder: Path, change: Callable[[], object]) -> str:
    """One row: score all again after `change`, while another process has the database open and reads it."""
    change()
    settings = dataclasses.replace(
        Settings(),
        db=str(db),
        jobs=1,
        rubrics={code: str(folder / f"support-{code}") for code in ("ja", "en")},
    )
    marks: list[float] = []
    seen: list[str] = []
    command = [sys.executable, "-c", READER, str(db)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:

        def note(progress: object) -> None:
            marks.append(time.process_time())
            if len(marks) == 50 and reader.stdin and reader.stdout:
                reader.stdin.write("look\n")
                reader.stdin.flush()
                seen.append(reader.stdout.readline().strip())

        rescore(settings, False, report=note)
        marks.append(time.process_time())
    each = (marks[-1] - marks[2]) / (len(marks) - 3)  # the first call loads the rubric's index
    return f"| {name} | {len(marks) - 2} | {each * 1000:.2f} | {1 / each:.0f} | {', '.join(seen) or '-'} |"


def change_points(folder: Path) -> None:
    """One criterion of each rubric is worth more."""
    for path in folder.glob("*/rubric.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("points: 10", "points: 11", 1), encoding="utf-8")


def change_check(folder: Path) -> None:
    """One criterion of each rubric looks at the whole call."""
    for path in folder.glob("*/rubric.yaml"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace(
            "thanks-for-time, by: agent, alike: true, where: {last_turns: 5}",
            "thanks-for-time, by: agent, alike: true",
            1,
        )
        assert changed != text, path
        path.write_text(changed, encoding="utf-8")


def change_list(folder: Path, how: str) -> None:
    """One phrase list of each rubric has another form: the list that most criteria hang on."""
    for path in folder.glob("*/phrases/*/empathy.yaml"):
        text = path.read_text(encoding="utf-8")
        form = SAID[how][path.parent.name]
        path.write_text(text.replace("forms:\n", f"forms:\n  - {form}\n", 1), encoding="utf-8")


def forget(db: Path) -> None:
    """The kept readings are gone."""
    with sqlite3.connect(db) as connection:
        connection.execute("DELETE FROM readings")
        connection.execute("DELETE FROM judgements")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
