"""看原件: who may see a report gets its file or a picture of its page, and nobody else gets either."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.access.callers import Caller
from assistant.errors import LibraryError
from assistant.types import Report
from assistant.web.page.originals import ORIGINAL_PATH, add_original_routes
from assistant.web.server.asked import CURRENT, Asked
from assistant.web.server.rules import rule_for
from tests.corpus.pdf_files import pdf, prose

PDF = pdf(prose("临溪县2026年政府工作报告"), prose("第二页"))
TEXT = "<script>alert(1)</script>临溪县2026年政府工作报告".encode()


def identity(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


class Shelf:
    """Says which reports the visitor may see."""

    def __init__(self, *seen: bytes) -> None:
        self._seen = [Report(identity(one), "临溪县2026年政府工作报告", "临溪县", 2026) for one in seen]

    def reports(self) -> list[Report]:
        return self._seen


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "originals").mkdir()
    (tmp_path / "originals" / f"{identity(PDF)}.pdf").write_bytes(PDF)
    (tmp_path / "originals" / f"{identity(TEXT)}.html").write_bytes(TEXT)
    return tmp_path


class ClosedShelf:
    def reports(self) -> list[Report]:
        raise LibraryError("资料库打不开。", "检查权限。")


def client(home: Path, *seen: bytes) -> TestClient:
    app = FastAPI()
    add_original_routes(app, Shelf(*seen), home)
    return TestClient(app)


def test_a_visitor_is_told_only_of_the_originals_of_reports_that_they_may_see(home: Path) -> None:
    assert client(home, PDF).get("/originals").json() == {identity(PDF): "pdf"}
    for path in ("", "/1"):
        assert client(home, PDF).get(f"/reports/{identity(TEXT)}/original{path}").status_code == 404
        assert client(home).get(f"/reports/{identity(PDF)}/original{path}").status_code == 404


def test_a_file_is_a_download_of_bytes_whatever_it_is(home: Path) -> None:
    reply = client(home, TEXT).get(f"/reports/{identity(TEXT)}/original")
    assert reply.content == TEXT
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith('attachment; filename="original.html"')


def test_a_page_is_a_picture(home: Path) -> None:
    seen = client(home, PDF, TEXT)
    reply = seen.get(f"/reports/{identity(PDF)}/original/2")
    assert (reply.headers["content-type"], reply.headers["x-pages"]) == ("image/jpeg", "2")
    assert seen.get(f"/reports/{identity(PDF)}/original/3").json()["error"] == "这一页打不开。"
    assert seen.get(f"/reports/{identity(TEXT)}/original/1").status_code == 404


def test_the_file_of_a_report_that_waits_is_shown_to_whoever_may_confirm_it(home: Path) -> None:
    def waiting(caller: Caller) -> list[Report]:
        return Shelf(PDF).reports() if caller.may("admin") else []

    app = FastAPI()
    add_original_routes(app, Shelf(), home, waiting)
    path = f"/reports/{identity(PDF)}/original"
    for scope, status in (("ask", 404), ("admin", 200)):
        token = CURRENT.set(Asked(Caller(scope=scope)))  # type: ignore[arg-type]
        assert [TestClient(app).get(one).status_code for one in (path, f"{path}/1")] == [status] * 2
        CURRENT.reset(token)


def test_a_library_that_cannot_be_read_is_said_in_words(home: Path) -> None:
    app = FastAPI()
    add_original_routes(app, ClosedShelf(), home)
    for path in ("/originals", f"/reports/{identity(PDF)}/original", f"/reports/{identity(PDF)}/original/1"):
        reply = TestClient(app).get(path)
        assert (reply.status_code, reply.json()) == (503, {"error": "资料库打不开。", "hint": "检查权限。"})


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        (f"/reports/{'0' * 16}/original", True),
        (f"/reports/{'0' * 16}/original/12", True),
        (f"/reports/{'0' * 16}/original/0", False),
        (f"/reports/{'0' * 16}/original/12345", False),
        (f"/reports/{'0' * 15}g/original", False),
        ("/reports/../original", False),
    ],
)
def test_the_gate_knows_these_paths_and_no_others_and_who_is_not_let_in_gets_nothing(path: str, is_there: bool) -> None:
    assert bool(re.fullmatch(ORIGINAL_PATH, path)) is is_there
    rule = rule_for(path, "GET")
    assert isinstance(rule, int) or rule.need == "ask"
