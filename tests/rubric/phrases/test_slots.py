"""A slot for people takes a name that the dictionary knows for one of people, and nothing else."""

import pytest

from qa.model import Role
from qa.rubric import annotate
from qa.rubric.authoring.notation import conversation
from qa.rubric.phrases.slots import Filler


@pytest.mark.parametrize(
    ("code", "line", "expected"),
    [
        ("ja", "三上です", ["三上"]),
        ("ja", "受付をしております、新垣です", ["新垣"]),
        ("ja", "みどり水道局です", []),
        ("ja", "青山歯科です", []),
        ("ja", "トヨタです", []),
        ("ja", "明日です", []),
        ("en", "it is Fenella again", ["Fenella"]),
        ("en", "it is tomorrow again", []),
    ],
)
def test_person(code: str, line: str, expected: list[str]) -> None:
    voice = annotate(conversation([f"A: {line}"], code)).voices[Role.AGENT]
    filler = Filler(code, frozenset())
    taken = [n for n in range(len(voice.pos)) if filler.trust("person", voice, n, n)]
    assert [voice.surface[n] for n in taken] == expected
