"""What is known of a call, from every source, the most trusted first."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from qa.errors import IntakeError
from qa.intake import describe, load_metadata, reconcile
from qa.intake.fields import read_fields
from qa.intake.pattern import compile_pattern
from qa.model import Call, Role
from qa.settings import Settings

PATTERN = "{call_id}_{agent_id}_{started_at:%Y%m%dT%H%M%S}"
CALL = Path("/calls/c1_a17_20250603T090500.wav")


def settings(tmp_path: Path, table: str | bytes = "", name: str = "calls.csv", **more: object) -> Settings:
    """Settings with a metadata file, if `table` is not empty."""
    if not table:
        return Settings(**more)  # type: ignore[arg-type]
    path = tmp_path / name
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    return Settings(metadata=str(path), **more)  # type: ignore[arg-type]


def described(path: Path, chosen: Settings) -> Call:
    return describe(path, chosen, load_metadata(chosen))


# ---- the file name ----


def test_with_nothing_else_known_the_id_is_the_file_name() -> None:
    assert described(Path("/x/通話 12.3.wav"), Settings()) == Call(id="通話 12.3")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        (PATTERN, CALL, {"call_id": "c1", "agent_id": "a17", "started_at": "2025-06-03T09:05:00"}),
        ("{call_id}-{queue}", Path("/c/9-支払い 窓口.mp3"), {"call_id": "9", "queue": "支払い 窓口"}),
        ("{queue}/{agent_id}/{call_id}", Path("/rec/sales/a1/77.ogg"),
         {"queue": "sales", "agent_id": "a1", "call_id": "77"}),
        ("{started_at:%Y年%m月%d日 %H時%M分}", Path("2025年06月03日 09時05分.wav"),
         {"started_at": "2025-06-03T09:05:00"}),
        ("{_}-{call_id}-{_}", Path("x-5-y.wav"), {"call_id": "5"}),
        ("{call_id}_{started_at:%y%m%d}", Path("1_250231.wav"), None),
        (PATTERN, Path("/calls/other.wav"), None),
        ("call.{call_id}", Path("callx7.wav"), None),
        ("{call_id}_{extension}", Path("8_4711.wav"), {"call_id": "8", "extension": "4711"}),
    ],
)  # fmt: skip
def test_patterns(pattern: str, path: Path, expected: dict[str, str] | None) -> None:
    assert compile_pattern(pattern).match(path) == expected


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("{call_id", "without its partner"),
        ("call_id}", "without its partner"),
        ("{call id}", "is not a name"),
        ("{call_id}_{call_id}", "occurs twice"),
        ("{agentid}", "did you mean agent_id"),
        ("{call_id:%Y}", "only started_at has a format"),
        ("{started_at:%Q}", "%Q is not known"),
    ],
)
def test_a_wrong_pattern_stops_the_night_before_it_starts(pattern: str, says: str) -> None:
    with pytest.raises(IntakeError, match=says):
        load_metadata(Settings(pattern=pattern))


# ---- the metadata ----


def test_a_csv_row_becomes_the_call(tmp_path: Path) -> None:
    table = (
        "call_id,agent_id,agent_name,queue,direction,started_at,language,agent_channel,顧客区分\n"
        "7,a17,佐藤,支払い,着信,2025/06/03 09:05,日本語,右,法人\n"
    )
    assert described(Path("/x/7.wav"), settings(tmp_path, table)) == Call(
        id="7",
        agent_id="a17",
        agent_name="佐藤",
        queue="支払い",
        direction="inbound",
        started_at=datetime(2025, 6, 3, 9, 5),
        language="ja",
        channel_roles=(Role.CUSTOMER, Role.AGENT),
        attributes={"顧客区分": "法人"},
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end"),
    [("utf-8", ",", "\n"), ("utf-8-sig", ",", "\r\n"), ("cp932", ",", "\r\n"), ("utf-16", "\t", "\r\n"),
     ("utf-8", ";", "\n")],
)  # fmt: skip
def test_csv_as_desks_have_it(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    lines = [["call_id", "担当者"], ["7", "髙橋 一郎①"], ["", ""]]
    table = end.join(delimiter.join(line) for line in lines) + end
    chosen = settings(tmp_path, table.encode(encoding), columns={"agent_name": "担当者"})
    assert described(Path("/x/7.wav"), chosen).agent_name == "髙橋 一郎①"


def test_jsonl(tmp_path: Path) -> None:
    rows = [
        {"call_id": 7, "agent_id": "a1", "vip": True, "channel_roles": ["customer", "agent"], "queue": None},
        {"call_id": "8", "agent_id": "a2"},
    ]
    table = "\n".join(json.dumps(row) for row in rows)
    call = described(Path("/x/7.wav"), settings(tmp_path, table, "calls.jsonl"))
    assert call.channel_roles == (Role.CUSTOMER, Role.AGENT)
    assert call.attributes == {"vip": "true"}
    assert call.queue is None


@pytest.mark.parametrize(
    ("file", "path", "same"),
    [
        ("a.wav", "/rec/a.wav", True),
        ("a", "/rec/a.wav", True),
        ("sales/a.wav", "/rec/sales/a.wav", True),
        ("./sales/a.wav", "/rec/sales/a.wav", True),
        ("sales/a.wav", "/rec/support/a.wav", False),
        ("D:\\rec\\sales\\a.wav", "/rec/sales/a.wav", True),
        ("/mnt/recorder/a.wav", "/rec/a.wav", True),
        ("か\u3099くせい.wav", "/rec/がくせい.wav", True),
        ("b.wav", "/rec/a.wav", False),
    ],
)
def test_a_row_finds_its_recording_by_path(tmp_path: Path, file: str, path: str, same: bool) -> None:
    chosen = settings(tmp_path, f"call_id,file,agent_id\nK-1,{file},a17\n")
    call = described(Path(path), chosen)
    assert (call.id, call.agent_id) == (("K-1", "a17") if same else (Path(path).stem, None))


def test_a_row_finds_its_recording_by_the_call_id_of_the_pattern(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,queue\nc1,支払い\n", pattern=PATTERN)
    call = described(CALL, chosen)
    assert (call.id, call.queue, call.agent_id) == ("c1", "支払い", "a17")


def test_a_mapped_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,Operater\n7,a\n", columns={"agent_id": "Operator"})
    with pytest.raises(IntakeError, match=r"calls\.csv: line 1 .*'Operator'.*did you mean Operater\?"):
        load_metadata(chosen)


def test_a_field_that_we_do_not_have_names_the_nearest(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,op\n7,a\n", columns={"agentid": "op"})
    with pytest.raises(IntakeError, match="no field agentid; did you mean agent_id"):
        load_metadata(chosen)


def test_a_column_may_be_mapped_to_an_attribute(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,会員番号\n7,M-1\n", columns={"member": "会員番号"})
    assert described(Path("7.wav"), chosen).attributes == {"member": "M-1"}


@pytest.mark.parametrize(
    ("name", "table", "says"),
    [
        ("calls.csv", "\n", "no header line"),
        ("calls.csv", "call_id,call_id\n1,2\n", "occurs twice"),
        ("calls.csv", "call_id,queue\n1,a,b\n", "line 2 has 3 values for 2 columns"),
        ("calls.csv", b"call_id\n\x81\xff\xfe\n", "neither UTF-8 nor Shift_JIS"),
        ("calls.jsonl", '{"call_id": 1}\n{"call_id": \n', "line 2 is not JSON"),
        ("calls.jsonl", "[1, 2]\n", "line 1 is not an object"),
    ],
)
def test_metadata_that_cannot_be_read_names_file_and_line(
    tmp_path: Path, name: str, table: str | bytes, says: str
) -> None:
    with pytest.raises(IntakeError, match=says) as caught:
        load_metadata(settings(tmp_path, table, name))
    assert name in str(caught.value)


def test_metadata_that_is_not_there() -> None:
    with pytest.raises(IntakeError, match=r"nowhere\.csv.*setting `metadata`"):
        load_metadata(Settings(metadata="nowhere.csv"))


def test_a_value_that_cannot_be_read_costs_its_field_only(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,started_at,agent_id\n7,昨日の朝,a17\n")
    metadata = load_metadata(chosen)
    call = describe(Path("7.wav"), chosen, metadata)
    assert (call.agent_id, call.started_at, call.attributes) == ("a17", None, {"started_at": "昨日の朝"})
    (problem,) = metadata.problems
    assert "calls.csv: 2: started_at" in problem.en
    assert "calls.csv: 2: started_at" in problem.ja


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("direction", "OUT", "outbound"),
        ("direction", "sideways", None),
        ("language", "ja-JP", "ja"),
        ("language", "English", "en"),
        ("language", "ko", None),
        ("started_at", "2025-06-03T09:05:00+09:00", datetime.fromisoformat("2025-06-03T09:05:00+09:00")),
        ("started_at", "2025年6月3日 9時05分00秒", datetime(2025, 6, 3, 9, 5)),
        ("started_at", "2025-02-31", None),
        ("queue", "  支払い ", "支払い"),
        ("queue", "  ", None),
    ],
)
def test_values(name: str, text: str, value: object) -> None:
    assert getattr(read_fields({name: text}, "row"), name) == value


@pytest.mark.parametrize(
    ("name", "text", "roles"),
    [
        ("agent_channel", "0", (Role.AGENT, Role.CUSTOMER)),
        ("agent_channel", "right", (Role.CUSTOMER, Role.AGENT)),
        ("agent_channel", "middle", ()),
        ("channel_roles", "customer|agent", (Role.CUSTOMER, Role.AGENT)),
        ("channel_roles", '["agent", "customer"]', (Role.AGENT, Role.CUSTOMER)),
        ("channel_roles", "agent,boss", ()),
    ],
)
def test_channel_roles(name: str, text: str, roles: tuple[Role, ...]) -> None:
    assert read_fields({name: text}, "row").channel_roles == roles


# ---- duplicates and what does not match ----

DOUBLE = "call_id,file,agent_id\n7,a.wav,x\n7,b.wav,y\n8,c.wav,z\n"


@pytest.mark.parametrize("name", ["a.wav", "b.wav", "7.wav"])
def test_a_call_that_two_rows_claim_is_refused_with_both_lines(tmp_path: Path, name: str) -> None:
    chosen = settings(tmp_path, DOUBLE)
    with pytest.raises(IntakeError, match=r"lines 2, 3 of .*calls\.csv claim the same call"):
        described(Path("/x") / name, chosen)


def test_the_others_go_on(tmp_path: Path) -> None:
    assert described(Path("/x/c.wav"), settings(tmp_path, DOUBLE)).agent_id == "z"


def test_two_rows_for_one_file_are_a_contradiction(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,file\n7,a.wav\n8,a.wav\n")
    with pytest.raises(IntakeError, match="lines 2, 3"):
        described(Path("/x/a.wav"), chosen)


def test_a_row_that_is_repeated_word_for_word_is_one_row(tmp_path: Path) -> None:
    assert described(Path("7.wav"), settings(tmp_path, "call_id,queue\n7,a\n7,a\n")).queue == "a"


def test_rows_and_recordings_without_each_other_are_noted(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,queue\n1,a\n2,b\n3,c\n3,d\n")
    result = reconcile(load_metadata(chosen), [Path("/x/1.wav"), Path("/x/9.wav")], chosen)
    assert [row.number for row in result.rows_without_recording] == [3, 4, 5]
    assert result.recordings_without_row == (Path("/x/9.wav"),)
    said = "\n".join(note.en for note in result.notes)
    assert "call 3 is on lines 4, 5" in said
    assert "3 row(s) without a recording: line 3, 4, 5" in said
    assert "no row for 1 recording(s): 9.wav" in said
    assert all(note.ja != note.en for note in result.notes)


def test_without_metadata_there_is_nothing_to_reconcile() -> None:
    assert reconcile(load_metadata(Settings()), [Path("a.wav")], Settings()).notes == ()


# ---- the sidecar, and who is believed ----


def recording(tmp_path: Path, sidecar: object = None) -> Path:
    if sidecar is not None:
        text = sidecar if isinstance(sidecar, str) else json.dumps(sidecar, ensure_ascii=False)
        (tmp_path / "c1_a17_20250603T090500.json").write_text(text, encoding="utf-8")
    return tmp_path / "c1_a17_20250603T090500.wav"


def test_each_field_comes_from_the_most_trusted_source_that_says_it(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "call_id,queue,member\nc1,from row,1\n", pattern=PATTERN)
    path = recording(
        tmp_path, {"queue": "from sidecar", "agent_name": "佐藤", "member": "2", "tags": ["a", "b"]}
    )
    call = described(path, chosen)
    assert call.queue == "from row"
    assert call.agent_name == "佐藤"
    assert call.agent_id == "a17"
    assert call.attributes == {"member": "1", "tags": "a,b"}


def test_the_settings_fill_what_nobody_says(tmp_path: Path) -> None:
    chosen = Settings(
        pattern=PATTERN, channel_roles=("agent", "customer"), roster={"a17": "佐藤"}, language="ja"
    )
    call = described(recording(tmp_path), chosen)
    assert call.agent_name == "佐藤"
    assert call.channel_roles == (Role.AGENT, Role.CUSTOMER)
    assert call.language == "ja"


@pytest.mark.parametrize("key", ["turns", "criteria"])
def test_a_scoring_reference_tells_only_its_call_id(tmp_path: Path, key: str) -> None:
    path = recording(tmp_path, {"call_id": "x-1", "language": "ja", "names": {"agent": "佐藤"}, key: []})
    assert described(path, Settings()) == Call(id="x-1")


def test_another_programs_json_is_left_alone(tmp_path: Path) -> None:
    assert described(recording(tmp_path, [1, 2]), Settings()).attributes == {}


def test_a_broken_sidecar_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"\.json: cannot be read as JSON"):
        described(recording(tmp_path, '{"queue": '), Settings())
