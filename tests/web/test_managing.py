"""What administrators do with the library from the page: take files in, confirm, mend, replace, remove; and that nobody else can."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from assistant.errors import StorageError, UnreadableFile
from assistant.settings import Settings
from assistant.web.library.inbox import LARGEST_ARCHIVE, Inbox, Slip, new_id, shown_name
from assistant.web.library.scanning import scan
from tests.access.audited import audited
from tests.corpus.test_ingest import a_file, a_place
from tests.homes import copied
from tests.web.walking import ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.testclient import TestClient

    from assistant import Assistant

OCTETS = {"content-type": "application/octet-stream"}
JSON = {"content-type": "application/json"}
UNKNOWN = "0" * 16


def nameless(folder: Path, name: str = "a") -> Path:
    path = a_file(folder, name, "香坊区")
    path.write_text(path.read_text("utf-8").split("次会议上\n")[1], "utf-8")
    return path


@pytest.fixture(scope="module")
def home(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(seeded_home, tmp_path_factory.mktemp("managed") / "home")


@pytest.fixture(scope="module")
def own(home: Path) -> Iterator[Assistant]:
    """An assistant whose library these tests may change."""
    from assistant import open_assistant

    whole = open_assistant(home=home)
    yield whole
    whole.close()


@pytest.fixture
def opened(own: Assistant, home: Path) -> Iterator[Callable[..., TestClient]]:
    """Give a client of the page: somebody at this machine, unless `peer` says otherwise."""
    from starlette.testclient import TestClient

    from assistant.web.server.app import create_app

    with ExitStack() as stack:

        def client(peer: str = "127.0.0.1", **changes: Any) -> TestClient:
            app = create_app(own, Settings(home=home, port=0, **changes))
            base = "http://127.0.0.1:7860"
            return stack.enter_context(TestClient(app, base_url=base, client=(peer, 5)))

        yield client


def sent(client: TestClient, path: Path, name: str = "", **query: str) -> dict[str, Any]:
    """Send a file of one report and wait until it has been taken in; what became of it."""
    (outcome,) = all_sent(client, path, name, **query)
    return dict(outcome)


def all_sent(client: TestClient, path: Path, name: str = "", **query: str) -> list[dict[str, Any]]:
    """Send a file and wait until it has been taken in; what became of each report in it."""
    more = "".join(f"&{key}={value}" for key, value in query.items())
    address = f"/library/uploads?name={quote(name or path.name, safe='')}{more}"
    reply = client.post(address, content=path.read_bytes(), headers=OCTETS)
    assert reply.status_code == 202, reply.text
    for _ in range(600):
        files = client.get("/library/uploads").json()["files"]
        (status,) = [one for one in files if one["id"] == reply.json()["id"]]
        if status["state"] == "done":
            return list(status["outcomes"])
        time.sleep(0.05)
    raise AssertionError("not taken in")


def regions(client: TestClient) -> set[tuple[str, int]]:
    return {(one["region"], one["year"]) for one in client.get("/reports").json()}


def test_a_report_is_sent_confirmed_mended_replaced_and_removed(
    opened: Callable[..., TestClient], home: Path, tmp_path: Path
) -> None:
    client = opened()
    assert client.get("/reports").headers["x-zhengwen-manages"] == "yes"
    taken = sent(client, nameless(tmp_path))
    assert taken["status"] == "waiting"
    report_id = taken["report"]["id"]
    assert ("香坊区", 2025) not in regions(client)
    assert client.get(f"/reports/{report_id}").status_code == 404
    (waiting,) = client.get("/library/review").json()["waiting"]
    assert waiting["doubts"][0] == "看不出地区。"
    assert "doubts" not in taken  # they are said once, where it is confirmed
    assert waiting["original"] == "txt"
    assert client.get(f"/reports/{report_id}/original").content == (tmp_path / "a.txt").read_bytes()
    assert opened(peer="10.9.8.7", sign_in=False).get(f"/reports/{report_id}/original").status_code == 404
    assert client.get(f"/library/reports/{report_id}").json()["paragraphs"]
    path = f"/library/reports/{report_id}"
    missing = client.post(path, json={"confirm": True})
    assert (missing.status_code, missing.json()["error"]) == (400, "还没有写明地区。")
    confirmed = client.post(path, json={"region": "香坊区", "confirm": True}).json()
    assert confirmed["title"] == "2025年哈尔滨市香坊区政府工作报告"
    assert ("香坊区", 2025) in regions(client)
    assert client.post(path, json={"report_year": 2024}).json()["year"] == 2024
    assert ("香坊区", 2024) in regions(client)
    again = nameless(tmp_path)
    again.write_text(again.read_text("utf-8").replace("增长5%", "增长6%"), "utf-8")
    instead = sent(client, again, instead_of=report_id)
    assert (instead["status"], instead["report"]["region"], instead["report"]["year"]) == ("added", "香坊区", 2024)
    proof = client.post(f"/library/reports/{instead['report']['id']}/remove", headers=JSON, content=b"{}").json()
    assert (proof["holds"], proof["left"], set(proof["rows"].values())) == (True, [], {0})
    assert ("香坊区", 2024) not in regions(client)
    told = [(line["event"], line.get("result")) for line in audited(home)]
    assert told[-5:] == [
        ("upload", "waiting"),
        ("description", None),
        ("description", None),
        ("upload", "added"),
        ("deletion", None),
    ]
    assert not list((home / "uploads").iterdir())


def test_a_file_of_several_reports_is_offered_to_be_split(
    opened: Callable[..., TestClient], home: Path, tmp_path: Path
) -> None:
    client = opened()
    several = tmp_path / "汇编.txt"
    several.write_text("\n".join(a_file(tmp_path, name).read_text("utf-8") for name in ("拆一", "拆二")), "utf-8")
    refused = sent(client, several)
    assert (refused["status"], refused["several"]) == ("failed", 2)
    assert "2份报告" in refused["error"]
    places = {(a_place(name), 2025) for name in ("拆一", "拆二")}
    assert not places & regions(client)
    taken = all_sent(client, several, parts="split")
    assert [(one["file"], one["status"]) for one in taken] == [("汇编.txt 第1份", "added"), ("汇编.txt 第2份", "added")]
    assert places <= regions(client)
    kept = [row for row in audited(home) if row["event"] == "upload" and row["file"].startswith("汇编.txt")]
    assert [row["result"] for row in kept] == ["failed", "added", "added"]
    for one in taken:
        client.post(f"/library/reports/{one['report']['id']}/remove", json={})


def test_a_second_file_of_a_place_and_year_is_dropped_or_takes_the_first_one_s_place(
    opened: Callable[..., TestClient], home: Path, tmp_path: Path
) -> None:
    client = opened()
    file = a_file(tmp_path, "a", "香坊区")
    first = sent(client, file)["report"]["id"]

    def sent_too(more: str) -> dict[str, Any]:
        file.write_text(file.read_text("utf-8") + more, "utf-8")
        assert sent(client, file)["status"] == "waiting"
        (waiting,) = client.get("/library/review").json()["waiting"]
        return dict(waiting)

    def removed(report_id: str) -> dict[str, Any]:
        return dict(client.post(f"/library/reports/{report_id}/remove", headers=JSON, content=b"{}").json())

    same = sent_too("\n")
    (rival,) = same["rivals"]
    assert (rival["id"], rival["original"], same["original"]) == (first, "txt", "txt")
    assert rival["same"] == rival["paragraphs"] == same["paragraphs"]
    proof = removed(same["id"])
    assert (proof["holds"], proof["left"]) == (True, [])  # though the first has all that it said
    other = sent_too("我们还要再接再厉。\n")["id"]
    client.post(f"/library/reports/{other}", json={"confirm": True, "replace_rivals": True})
    kept = {path.stem for path in (home / "originals").iterdir()}
    assert (first in kept, other in kept) == (False, True)
    assert removed(other)["holds"]


def test_what_was_sent_before_a_kill_is_taken_in_at_the_next_start(
    opened: Callable[..., TestClient], home: Path, tmp_path: Path
) -> None:
    inbox, slip = Inbox(home), Slip(new_id(), "a.txt", 9)
    with inbox.receiving(slip) as file:
        file.write(b"too short")
    half = home / "uploads" / f"{new_id()}.part"
    half.write_bytes(b"half")
    os.utime(half, (1, 1))
    client = opened()
    for _ in range(200):
        (status,) = client.get("/library/uploads").json()["files"]
        if status["state"] == "done":
            break
        time.sleep(0.05)
    assert status["outcomes"][0]["status"] == "failed"
    assert not list((home / "uploads").iterdir())


def test_readers_who_are_no_administrators_see_nothing_of_it(opened: Callable[..., TestClient]) -> None:
    """Not even where the evaluation is open to everybody."""
    reader = opened(peer="10.9.8.7", evaluation=True, sign_in=False)
    assert "x-zhengwen-manages" not in reader.get("/reports").headers
    for path in ("/library/uploads", "/library/review", f"/library/reports/{UNKNOWN}"):
        assert reader.get(path).status_code == 403
    assert reader.post("/library/uploads?name=a.txt", content=b"x", headers=OCTETS).status_code == 403
    for path in (f"/library/reports/{UNKNOWN}", f"/library/reports/{UNKNOWN}/remove"):
        assert reader.post(path, json={}).status_code == 403


def test_another_site_can_send_nothing(opened: Callable[..., TestClient]) -> None:
    client = opened()
    address = "/library/uploads?name=a.txt"
    foreign = client.post(address, content=b"x", headers={**OCTETS, "origin": "http://evil.example"})
    assert foreign.status_code == 403
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""):
        assert client.post(address, content=b"x", headers={"content-type": kind}).status_code == 415
        removed = client.post(f"/library/reports/{UNKNOWN}/remove", content=b"", headers={"content-type": kind})
        assert removed.status_code == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"region": 7}, 400),
        ({"unknown": 1}, 400),
        ({"report_year": 1200}, 400),
        ({"region": "松" * 99}, 400),
        ({}, 404),
    ],
)
def test_what_cannot_be_said_of_a_report_is_refused(
    opened: Callable[..., TestClient], body: dict[str, Any], status: int
) -> None:
    assert opened().post(f"/library/reports/{UNKNOWN}", json=body).status_code == status


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("a.txt", 0, "是空的"),
        ("a.exe", 9, "不在可以导入的类型里"),
        ("a.xls", 9, "旧版的Excel"),
        ("a", 9, "看不出文件类型"),
        ("", 9, "没有名字"),
        ("a.txt", 300 << 20, "上限是 50 MB"),
        ("a.zip", LARGEST_ARCHIVE + 1, "上限是 300 MB"),
    ],
)
def test_a_file_is_refused_before_a_byte_of_it_is_read(tmp_path: Path, name: str, size: int, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as refused:
        Inbox(tmp_path).check(name, size)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/报告.txt", "报告.txt"),
        ("C:\\报告\\a.docx", "a.docx"),
        ("<script>alert(1)<.txt", "<script>alert(1)<.txt"),
        ("\u202etxt.exe\u202c.md", "txt.exe.md"),
        ("长" * 300 + ".docx", "长" * 250 + ".docx"),
        ("..hidden.md", "hidden.md"),
    ],
)
def test_a_name_is_only_shown(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@contextmanager
def a_full_disk(patch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with patch.context() as patched:
        patched.setattr(os, "fsync", full)
        yield


def test_what_does_not_come_to_its_end_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, slip = Inbox(tmp_path), Slip(new_id(), "a.txt", 9)
    page: Any = "no bytes"
    with pytest.raises(TypeError), inbox.receiving(slip) as file:
        file.write(b"half of it" + page)
    with a_full_disk(monkeypatch), pytest.raises(StorageError, match="磁盘已满"), inbox.receiving(slip) as file:
        file.write(b"all of it")
    assert not list((tmp_path / "uploads").iterdir())


def test_the_scanner_lets_through_what_it_ends_well_on_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a file"
    path.write_bytes(b"x")
    scan("", path, "a.txt")
    scan("test -s", path, "a.txt")
    for command, said in (("false", "没有通过安全扫描"), ("/no/such/scanner", "没有运行成功"), ("'", "没有运行成功")):
        with pytest.raises(UnreadableFile, match=said):
            scan(command, path, "a.txt")


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
@pytest.mark.parametrize(
    ("width", "scheme"),
    [pytest.param(360, "dark", marks=pytest.mark.slow), pytest.param(1280, "light", marks=pytest.mark.slow)],
)
def test_a_person_takes_a_report_in_confirms_mends_and_removes_it(
    own: Assistant,
    home: Path,
    serve_page: Callable[..., str],
    browser: Browser,
    tmp_path: Path,
    snapshot: Callable[[Page, str], None],
    assert_readable: Callable[[Page], None],
    width: int,
    scheme: Any,
) -> None:
    page = browser.new_page(color_scheme=scheme, locale="zh-CN", viewport={"width": width, "height": 800})
    page.set_default_timeout(60_000)  # indexes are made meanwhile
    page.goto(serve_page(own, home=home))
    ready(page)
    page.locator("[data-do=view-library]:visible").first.click()
    page.locator(".zw-desk input[type=file]").first.set_input_files(nameless(tmp_path, "<b>报告"))
    waits = page.locator(".zw-waits")
    waits.get_by_text("看不出地区。").wait_for()
    assert page.get_by_text("看不出地区。").count() == 1  # the list of files does not say it once more
    page.locator(".zw-file").get_by_role("button", name="去确认").click()
    assert waits.evaluate("card => card === document.activeElement")
    with page.expect_download() as coming:
        waits.get_by_role("button", name="看原件").click()
    assert coming.value.suggested_filename.endswith(".txt")
    waits.locator("summary", has_text="依据").click()
    snapshot(page, f"managing-review-{width}-{scheme}")
    assert_readable(page)
    assert page.locator(".zw-file").inner_text().startswith("<b>报告.txt")
    waits.get_by_label("地区", exact=True).fill("香坊区")
    waits.get_by_role("button", name="确认").click()
    page.locator(".zw-settled").wait_for()
    assert page.locator(".zw-file-state").inner_text().startswith("已确认")
    page.reload()
    ready(page)
    page.locator("[data-do=view-library]:visible").first.click()
    page.locator(".zw-kinds", has_text="可以收录").wait_for()
    page.locator(".zw-desk input[type=file]").first.set_input_files(tmp_path / "<b>报告.txt")
    page.locator(".zw-file-state", has_text="库里已有").wait_for()
    assert page.locator(".zw-file").count() == 1  # what was done before does not come back with what is sent now
    page.get_by_role("button", name="管理香坊区的报告").click()
    dialog = page.locator("#zw-manage")
    dialog.get_by_label("年份").fill("2024")
    dialog.get_by_role("button", name="保存").click()
    dialog.get_by_text("已保存").wait_for()
    dialog.get_by_role("button", name="删除这份报告").press("Enter")
    page.keyboard.press("Enter")  # 确认删除 has the focus
    dialog.get_by_text("已删除，没有剩下。").wait_for()
    snapshot(page, f"managing-proof-{width}-{scheme}")
    assert page.locator(".zw-file-state").inner_text().startswith("已删除")
    page.locator(".zw-place", has_text="香坊区").wait_for(state="detached")
    page.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_a_person_splits_a_file_of_several_reports_and_what_they_were_typing_stays(
    own: Assistant,
    home: Path,
    serve_page: Callable[..., str],
    browser: Browser,
    tmp_path: Path,
    snapshot: Callable[[Page, str], None],
    assert_readable: Callable[[Page], None],
) -> None:
    page = browser.new_page(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(serve_page(own, home=home))
    ready(page)
    page.locator("[data-do=view-library]:visible").first.click()
    chosen = page.locator(".zw-desk input[type=file]").first
    chosen.set_input_files(nameless(tmp_path, "无名"))
    page.locator(".zw-waits").get_by_label("地区", exact=True).fill("香坊")
    several = tmp_path / "汇编.txt"
    several.write_text("\n".join(a_file(tmp_path, name).read_text("utf-8") for name in ("分一", "分二")), "utf-8")
    chosen.set_input_files(several)
    page.get_by_role("button", name="拆开收录（2份）").wait_for()
    snapshot(page, "managing-several")
    assert_readable(page)
    page.get_by_role("button", name="拆开收录（2份）").click()
    page.locator(".zw-file", has_text="汇编.txt 第2份").wait_for()
    page.locator(".zw-place", has_text=a_place("分二")).first.wait_for()
    assert page.locator(".zw-waits").get_by_label("地区", exact=True).input_value() == "香坊"
    page.close()
    for report in own.reports():
        if report.region in {a_place("分一"), a_place("分二")}:
            own.remove(report.id)
    for waiting in own.changes.waiting():
        own.remove(waiting.report.id)
