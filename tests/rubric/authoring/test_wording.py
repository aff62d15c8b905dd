import re

import pytest

from qa.rubric import load, schema, shipped
from qa.rubric.authoring.wording import _SAY, Words


def test_every_kind_of_check_has_words() -> None:
    assert set(_SAY) == set(schema.CHECKS)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_check_reads_in_both_languages(name: str) -> None:
    for criterion in load(name).file.criteria:
        for check in filter(None, (criterion.check, criterion.applies_when)):
            ja, en = Words("ja").check(check), Words("en").check(check)
            assert re.search("[ぁ-ん]", ja) and not re.search("[ぁ-ん]", en)
            assert "_" not in en.replace("needs_review", "_"), en
