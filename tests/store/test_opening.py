"""A database that cannot be used says why, and what to do."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from qa.errors import StoreError, StoreVersionError
from qa.store import Store, migrations
from qa.store.connection import explained
from qa.store.migrations import MIGRATIONS
from tests.store.conftest import make_result


def test_a_fresh_database_has_every_migration_recorded(store: Store, db_path: Path) -> None:
    with sqlite3.connect(db_path) as connection:
        rows = connection.execute("SELECT number, name FROM schema_migrations ORDER BY number").fetchall()
        journal = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert rows == [(number, step.__name__) for number, step in enumerate(MIGRATIONS, start=1)]
    assert journal == ("wal",)


def test_foreign_keys_are_on(store: Store) -> None:
    assert store._connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_opening_again_changes_nothing(db_path: Path) -> None:
    with Store.open(db_path) as store:
        store.save(store.begin_run(), make_result("c1"))
    with Store.open(db_path) as store:
        assert store.call_ids() == ("c1",)


def test_a_step_that_fails_leaves_the_steps_before_it(db_path: Path) -> None:
    """The third step cannot run (somebody made a table of that name): one and two stay, three is undone."""
    with sqlite3.connect(db_path) as connection:
        connection.execute(
            "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name, applied_at, code)"
        )
        connection.execute("CREATE TABLE turns (id INTEGER PRIMARY KEY)")
    connection.close()
    with pytest.raises(StoreError, match="turns"):
        Store.open(db_path)
    with sqlite3.connect(db_path) as connection:
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        done = connection.execute("SELECT max(number) FROM schema_migrations").fetchone()
    connection.close()
    assert done == (2,)
    assert "ledger" in tables
    assert "conversations" not in tables


def test_a_newer_database_asks_for_an_upgrade(db_path: Path) -> None:
    Store.open(db_path).close()
    with sqlite3.connect(db_path) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (99, 'm0099_future', 'later', '9.9')")
    connection.close()
    for read_only in (False, True):
        with pytest.raises(StoreVersionError, match=r"qa\.db: written by qa 9\.9 \(schema 99\).*Upgrade qa"):
            Store.open(db_path, read_only=read_only)


def test_an_older_database_is_brought_up_to_date_before_it_is_only_read(
    db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recent = list(MIGRATIONS[6:])
    with monkeypatch.context() as older:
        older.setattr("qa.store.migrations.MIGRATIONS", MIGRATIONS[:6])
        Store.open(db_path).close()
    with Store.open(db_path, read_only=True) as store:
        assert store.status().schema == 6 + len(recent)
        assert store.call_ids() == ()


def test_a_file_that_is_no_database_is_named(db_path: Path) -> None:
    db_path.write_text("これはデータベースではありません。" * 100)
    with pytest.raises(StoreError, match=r"qa\.db: it is not a qa database"):
        Store.open(db_path)


def test_another_programs_database_is_left_alone(db_path: Path) -> None:
    with sqlite3.connect(db_path) as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="another program's database"):
        Store.open(db_path)
    with sqlite3.connect(db_path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("contacts",)]
    connection.close()


def test_a_missing_database_is_not_made_by_reading(db_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        Store.open(db_path, read_only=True)
    assert not db_path.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check that its folder exists"):
        Store.open(tmp_path / "nowhere" / "qa.db")


def test_a_locked_database_says_so(store: Store, db_path: Path) -> None:
    blocker = sqlite3.connect(db_path)
    blocker.execute("BEGIN IMMEDIATE")
    with Store.open(db_path, busy_seconds=0.05) as second, pytest.raises(StoreError, match="another program"):
        second.begin_run()
    blocker.rollback()
    blocker.close()


def test_a_short_lock_is_waited_for(store: Store, db_path: Path) -> None:
    blocker = sqlite3.connect(db_path, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, blocker.rollback)
    timer.start()
    assert store.begin_run()
    timer.join()
    blocker.close()


def test_a_read_only_database_reads_but_does_not_write(db_path: Path) -> None:
    with Store.open(db_path) as store:
        store.save(store.begin_run(), make_result("c1"))
    with Store.open(db_path, read_only=True) as store:
        assert store.call_ids() == ("c1",)
        with pytest.raises(StoreError, match=r"qa\.db: it is read-only; make the file"):
            store.begin_run()


def test_a_full_disk_says_so(store: Store, db_path: Path) -> None:
    """SQLite's own limit stands in for the disk's: the error is the same."""
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    run_id = store.begin_run()
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        for number in range(100):
            store.save(run_id, make_result(f"c{number}"))


def test_an_error_nobody_thought_of_still_names_the_file() -> None:
    with pytest.raises(StoreError, match=r"x\.db: .*defect.*no such table"), explained(Path("x.db")):
        sqlite3.connect(":memory:").execute("SELECT * FROM absent")


def test_two_first_runs_at_once_both_open(db_path: Path) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            Store.open(db_path).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store.open(db_path) as store:
        assert migrations.applied(store._db) == len(MIGRATIONS)
