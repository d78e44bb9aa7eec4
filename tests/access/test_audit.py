"""The audit log: what it says, what it leaves out, and that no change to it goes unseen."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.access.audit import FOLDER, HEAD, AuditError, AuditLog
from assistant.access.auditing import counted, faults
from assistant.access.callers import Caller
from assistant.access.redaction import redacted
from tests.access.audited import audited

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 1, 9, 0, tzinfo=ZONE)
CALLER = Caller("zhang", "oa", address="10.0.0.5", way="token")


def write(home: Path, count: int, start: datetime = START, step: timedelta = timedelta(hours=5)) -> None:
    moments = iter([start + step * number for number in range(count)])
    log = AuditLog(home, clock=lambda: next(moments))
    for number in range(count):
        log.record("ask", CALLER, f"r{number}", question=f"问题{number}", passages=["a-1", "b-2"])


def test_a_line_says_who_asked_what_when_and_from_where(tmp_path: Path) -> None:
    write(tmp_path, 1)
    [row] = audited(tmp_path)
    assert row["time"] == "2026-03-01T09:00:00.000+08:00"
    assert (row["event"], row["user"], row["portal"], row["address"]) == ("ask", "zhang", "oa", "10.0.0.5")
    assert (row["request_id"], row["question"], row["passages"]) == ("r0", "问题0", ["a-1", "b-2"])


def test_files_are_for_the_owner_alone_and_one_a_day(tmp_path: Path) -> None:
    write(tmp_path, 10)
    files = sorted((tmp_path / FOLDER).glob("*.jsonl"))
    assert [path.name for path in files] == ["2026-03-01.jsonl", "2026-03-02.jsonl", "2026-03-03.jsonl"]
    assert {path.stat().st_mode & 0o777 for path in [*files, tmp_path / HEAD]} == {0o600}
    assert faults(tmp_path) == []


def _delete(lines: list[bytes]) -> list[bytes]:
    return lines[:1] + lines[2:]


def _edit(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace("问题".encode(), "疑题".encode()), *lines[2:]]


def _swap(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


def _repeat(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[0], *lines[1:]]


def _cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _tear(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1][:-20]]


def _forge(lines: list[bytes]) -> list[bytes]:
    return [lines[0], b'{"event": "ask"}\n', *lines[1:]]


CHANGES = (_delete, _edit, _swap, _repeat, _cut, _tear, _forge)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_changed_line_is_found(tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], day: int) -> None:
    write(tmp_path, 14)
    path = sorted((tmp_path / FOLDER).glob("*.jsonl"))[day]
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    assert faults(tmp_path)


@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_day_that_is_gone_is_found(tmp_path: Path, day: int) -> None:
    write(tmp_path, 14)
    sorted((tmp_path / FOLDER).glob("*.jsonl"))[day].unlink()
    assert faults(tmp_path)


def test_a_log_that_is_gone_altogether_is_found(tmp_path: Path) -> None:
    write(tmp_path, 3)
    for path in (tmp_path / FOLDER).glob("*.jsonl"):
        path.unlink()
    assert faults(tmp_path)


def test_old_days_are_pruned_and_the_log_stays_whole(tmp_path: Path) -> None:
    write(tmp_path, 400, step=timedelta(days=1))
    files = sorted((tmp_path / FOLDER).glob("*.jsonl"))
    last = datetime.strptime(files[-1].stem, "%Y-%m-%d")
    assert files[0].stem == f"{last - timedelta(days=180):%Y-%m-%d}"
    assert [row["event"] for row in audited(tmp_path)].count("ask") == 181
    files[0].unlink()
    assert faults(tmp_path)


def test_a_process_that_ended_between_line_and_head_leaves_a_whole_log(tmp_path: Path) -> None:
    write(tmp_path, 2)
    head = (tmp_path / HEAD).read_bytes()
    write(tmp_path, 1, START + timedelta(hours=6))
    (tmp_path / HEAD).write_bytes(head)
    write(tmp_path, 1, START + timedelta(hours=7))
    assert faults(tmp_path) == []
    assert counted(tmp_path) == 4


def _writes(home: Path, lines: int = 25) -> None:
    log = AuditLog(home)
    for number in range(lines):
        log.record("ask", CALLER, str(number))


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_writes, args=(tmp_path,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert counted(tmp_path) == 100
    assert faults(tmp_path) == []


def test_a_log_that_is_written_to_meanwhile_is_whole(tmp_path: Path) -> None:
    writer = multiprocessing.get_context("fork").Process(target=_writes, args=(tmp_path, 1_000_000))
    writer.start()
    try:
        while counted(tmp_path) < 50:
            assert writer.is_alive()
        assert [fault for _ in range(20) for fault in faults(tmp_path)] == []
    finally:
        writer.terminate()
        writer.join(30)


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(AuditError, match="写不进去"):
        write(tmp_path, 1)


SECRETS = (
    "110101199003077758",
    "11010119900307775X",
    "110101 19900307 7758",
    "１１０１０１１９９００３０７７７５８",
    "110101900307775",
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+86 13812345678",
    "zw_0a1b2c3d_" + "k" * 43,
    "sk-proj-abcdefghijklmnop1234",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
    "Bearer abcdefghijklmnop",
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "我的号码是{}，请查一下", "id={}&x=1", "（{}）"])
def test_what_no_record_may_hold_is_taken_out(tmp_path: Path, secret: str, around: str) -> None:
    AuditLog(tmp_path).record("ask", Caller(around.format(secret)), question=around.format(secret))
    written = next((tmp_path / FOLDER).glob("*.jsonl")).read_text("utf-8")
    assert secret not in written
    assert secret[-6:] not in written.split('"previous"')[0].split('"request_id"')[1]


@pytest.mark.parametrize(
    "said", ["密码：hunter2abc", "password=hunter2abc", "Authorization: hunter2abc", "口令是hunter2abc"]
)
def test_a_password_that_is_named_so_is_taken_out(said: str) -> None:
    assert "hunter2abc" not in redacted(said)


@pytest.mark.parametrize(
    "said",
    [
        "松北区2025年GDP目标是多少",
        "2024年完成620亿元、增长5.5%",
        "2021年1—11月",
        "财政收入1029.8亿元",
        "人口13812345人",
    ],
)
def test_a_question_about_figures_stays_as_it_is(said: str) -> None:
    assert redacted(said) == said


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\x85", "\u2028", "\x00", "\x1b[2J"])
def test_no_line_can_be_forged_from_inside_a_question(tmp_path: Path, mark: str) -> None:
    AuditLog(tmp_path).record("ask", CALLER, question=f'好{mark}{{"event": "forged"}}')
    raw = next((tmp_path / FOLDER).glob("*.jsonl")).read_bytes()
    assert len(raw.decode("utf-8").splitlines()) == 1
    assert faults(tmp_path) == []
