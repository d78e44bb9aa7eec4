"""The SQLite file under the library: its schema, how a connection is opened, and what its errors mean to a reader."""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from assistant.corpus.turns import use
from assistant.errors import LibraryError

_TABLES = """
CREATE TABLE report (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, region TEXT NOT NULL, report_year INTEGER NOT NULL, kind TEXT NOT NULL,
    parent TEXT, aliases TEXT NOT NULL, delivered TEXT, issuer TEXT, source TEXT,
    rules TEXT NOT NULL, embedding TEXT NOT NULL
);
CREATE TABLE removed (report_id TEXT PRIMARY KEY);
CREATE TABLE paragraph (
    id TEXT PRIMARY KEY, report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    headings TEXT NOT NULL, text TEXT NOT NULL, period TEXT, role TEXT
);
CREATE INDEX paragraph_of_report ON paragraph (report_id, ordinal);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    paragraph_id TEXT NOT NULL REFERENCES paragraph (id) ON DELETE CASCADE,
    report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, indexed TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passage_of_report ON passage (report_id);
CREATE INDEX passage_of_paragraph ON passage (paragraph_id);
CREATE VIRTUAL TABLE lexical USING fts5 (tokens, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (lexical, row);
"""
_FEEDBACK = """
CREATE TABLE feedback (
    id TEXT PRIMARY KEY, time TEXT NOT NULL, question TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL,
    verdict TEXT NOT NULL, good INTEGER NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL
);
"""
_FACTS = """
ALTER TABLE report ADD COLUMN reading TEXT NOT NULL DEFAULT '';
CREATE TABLE fact (
    report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    paragraph_id TEXT NOT NULL REFERENCES paragraph (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, clause TEXT NOT NULL, sentence TEXT NOT NULL,
    subject TEXT, subject_spans TEXT NOT NULL, indicator TEXT, place TEXT, period TEXT, first_year INTEGER, last_year INTEGER,
    partial INTEGER NOT NULL, role TEXT, measure TEXT NOT NULL, value TEXT, upper TEXT, unit TEXT NOT NULL, hedges TEXT NOT NULL,
    direction INTEGER NOT NULL, aggregate TEXT, whole TEXT, beside TEXT NOT NULL, PRIMARY KEY (paragraph_id, ordinal)
);
CREATE INDEX fact_of_report ON fact (report_id);
CREATE INDEX fact_of_indicator ON fact (indicator, role, last_year) WHERE indicator IS NOT NULL;
CREATE TABLE item (
    report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    paragraph_id TEXT NOT NULL REFERENCES paragraph (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL, number INTEGER NOT NULL,
    count INTEGER NOT NULL, announced INTEGER, list_id TEXT NOT NULL, PRIMARY KEY (list_id, number)
);
CREATE INDEX item_of_report ON item (report_id, kind);
CREATE INDEX item_of_paragraph ON item (paragraph_id);
"""
_SUBJECTS = """
CREATE INDEX fact_of_subject ON fact (subject) WHERE subject IS NOT NULL;
"""
_CORRECTIONS = """
CREATE TABLE correction (
    id TEXT PRIMARY KEY, time TEXT NOT NULL, report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    paragraph_id TEXT NOT NULL, "start" INTEGER NOT NULL, place TEXT NOT NULL, year INTEGER NOT NULL, role TEXT NOT NULL,
    indicator TEXT NOT NULL, kind TEXT NOT NULL, figure TEXT NOT NULL, fault TEXT NOT NULL, "right" TEXT NOT NULL, "user" TEXT NOT NULL,
    state TEXT NOT NULL, decided TEXT NOT NULL, decided_by TEXT NOT NULL
);
CREATE INDEX correction_of_report ON correction (report_id);
"""
_CHECKSUMS = """
ALTER TABLE report ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
"""
_REPLACEMENTS = """
CREATE TABLE replacement (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, before TEXT NOT NULL, before_checksum TEXT NOT NULL, after TEXT NOT NULL,
    after_checksum TEXT NOT NULL
);
"""
_REVIEWS = """
ALTER TABLE report ADD COLUMN occasion TEXT;
ALTER TABLE report ADD COLUMN speaker TEXT;
CREATE TABLE review (
    report_id TEXT PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE, waiting INTEGER NOT NULL, time TEXT NOT NULL,
    claims TEXT NOT NULL, doubts TEXT NOT NULL, told TEXT NOT NULL
);
CREATE VIEW answering AS SELECT * FROM report WHERE id NOT IN (SELECT report_id FROM review WHERE waiting);
"""
_PAGES = """
ALTER TABLE paragraph ADD COLUMN pages TEXT;
ALTER TABLE paragraph ADD COLUMN doubtful TEXT;
ALTER TABLE report ADD COLUMN unread INTEGER;
"""
_STEPS = (_TABLES, _FEEDBACK, _FACTS, _SUBJECTS, _CORRECTIONS, _CHECKSUMS, _REPLACEMENTS, _REVIEWS, _PAGES)
"""What leads from one version to the next: a new file takes all of them, an older one those that it lacks."""

SCHEMA = len(_STEPS)
"""Version of the tables, and of the tokens in them, kept in `PRAGMA user_version`."""

_ELSEWHERE = "检查该目录的权限，或用环境变量 ZHENGWEN_HOME 指定另一个数据目录。"
_MEANINGS = {
    sqlite3.SQLITE_BUSY: ("资料库正被另一个程序占用", "等那个程序写完后再试。"),
    sqlite3.SQLITE_LOCKED: ("资料库正被另一个程序占用", "等那个程序写完后再试。"),
    sqlite3.SQLITE_NOTADB: ("资料库文件已损坏", "从备份恢复；没有备份时把它移走，再用 zhengwen ingest 重新入库。"),
    sqlite3.SQLITE_CORRUPT: ("资料库文件已损坏", "从备份恢复；没有备份时把它移走，再用 zhengwen ingest 重新入库。"),
    sqlite3.SQLITE_FULL: ("磁盘已满，资料库写不进去", "腾出空间后再试；已入库的报告没有受影响。"),
    sqlite3.SQLITE_IOERR: ("读写资料库时磁盘出错", "检查磁盘空间和磁盘状态后再试；已入库的报告没有受影响。"),
    sqlite3.SQLITE_READONLY: ("资料库不能写入", _ELSEWHERE),
    sqlite3.SQLITE_CANTOPEN: ("资料库打不开", _ELSEWHERE),
    sqlite3.SQLITE_PERM: ("资料库打不开", _ELSEWHERE),
}


class Database:
    """One SQLite file, used from several threads; every error of it is a `LibraryError`."""

    def __init__(self, path: Path, wait_seconds: float, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._wait_seconds = wait_seconds
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False
        descriptor = use(path.with_suffix(".use"), read_only=read_only)
        self._leave = weakref.finalize(self, os.close, descriptor) if descriptor is not None else lambda: None

    @classmethod
    def open(cls, path: Path, wait_seconds: float, *, read_only: bool = False) -> Database:
        """Open the file, creating it and its tables when there is none; one that cannot be written is opened for reading."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)  # SQLite's journals take the file's permissions
        except OSError as error:
            what = "数据目录的位置上是一个文件" if path.parent.is_file() else "数据目录不能写入"
            raise LibraryError(f"{what}。", _ELSEWHERE, path.parent) from error
        database = cls(path, wait_seconds, read_only=read_only or _is_read_only(path))
        try:
            with database.reading() as connection:
                if not database.read_only:
                    _prepare(connection, path, wait_seconds)
                elif _version(connection, path) != SCHEMA:
                    raise LibraryError("资料库是旧版本的，这里又不能写入。", _ELSEWHERE, path)
        except LibraryError:
            database.close()
            raise
        return database

    def rows(self, query: str, *arguments: object) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self.reading() as connection:
            return connection.execute(query, arguments).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write a copy of one moment to a new file, while others read and write; raises `LibraryError`."""
        with self.reading() as connection, _translated(path):
            connection.execute("VACUUM INTO ?", (str(path),))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one write transaction: committed at the end, undone when anything is raised."""
        with self.reading() as connection, _transaction(connection):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that nobody else uses meanwhile."""
        with _translated(self.path):
            connection = self._taken()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close the file; a connection that is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        self._leave()

    def _taken(self) -> sqlite3.Connection:
        # As many connections as threads were ever inside at once; a thread that ends leaves none behind.
        with self._lock:
            if self._closed:
                raise LibraryError("资料库已经关闭。")
            if self._idle:
                return self._idle.pop()
        return _connect(self.path, self._wait_seconds, read_only=self.read_only)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)


def damages(path: Path) -> list[str]:
    """Return what is wrong with a library's file, a sentence each; an empty list means that every page of it is sound."""
    try:
        with _translated(path), closing(_connect(path, 10.0, read_only=_is_read_only(path))) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
            orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    except LibraryError as error:
        return [error.located]
    return said + ([f"{orphans} 行没有所属的报告或段落"] if orphans else [])


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Raise what SQLite complains of as a `LibraryError` that names the file and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        message, hint = _MEANINGS.get(primary, ("资料库出错", "重新运行一次；仍然如此时请把日志交给维护者。"))
        raise LibraryError(f"{message}。", hint, path) from error


def _is_read_only(path: Path) -> bool:
    own = os.access in os.supports_effective_ids
    return path.is_file() and not all(os.access(one, os.W_OK, effective_ids=own) for one in (path, path.parent))


def _connect(path: Path, wait_seconds: float, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection that commits durably, keeps foreign keys and waits for other writers."""
    address = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    if read_only and not _has_journal(path):
        address += "&immutable=1"  # otherwise SQLite would have to write a file beside it, even to read
    connection = sqlite3.connect(
        address, timeout=wait_seconds, isolation_level=None, check_same_thread=False, uri=read_only
    )
    connection.row_factory = sqlite3.Row
    try:
        # secure_delete: a report that was removed must not be left readable in free pages.
        connection.executescript("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _has_journal(path: Path) -> bool:
    journal = path.with_name(f"{path.name}-wal")
    return journal.is_file() and journal.stat().st_size > 0


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one write transaction: committed at its end, undone when anything is raised."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has already rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _prepare(connection: sqlite3.Connection, path: Path, wait_seconds: float) -> None:
    """Create the tables that a new or older file lacks; refuse one that newer code or another program made."""
    version = _version(connection, path)
    _keep_write_ahead_log(connection, wait_seconds)
    if version == SCHEMA:
        return
    with _transaction(connection):
        # Another process may have created them while this one waited: ask again.
        for step in _STEPS[_version(connection, path) :]:
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA:
        hint = "升级 zhengwen，或用 ZHENGWEN_HOME 指定另一个数据目录。"
        raise LibraryError("资料库是更新版本的程序建立的。", hint, path)
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise LibraryError("这个文件不是 zhengwen 的资料库。", "用 ZHENGWEN_HOME 指定另一个数据目录。", path)
    return version


def _keep_write_ahead_log(connection: sqlite3.Connection, wait_seconds: float) -> None:
    # SQLite does not call its busy handler for every lock this change needs, so two first starts could collide.
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
