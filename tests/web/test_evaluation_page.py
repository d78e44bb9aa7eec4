"""The evaluation page: its routes, its runs, and the page itself in a real browser."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from tests.web.walking import SCREENS

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from starlette.testclient import TestClient

pytestmark = [
    # Gradio's queue keeps its statistics with calls that pandas 3 says will go.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

Serve = Callable[..., AbstractContextManager[str]]

GDP_QUESTION = "松北区2025年GDP目标是多少"
CSV = f"问题,答案\n{GDP_QUESTION},增长5.5%\n松北区2025年GDP目标是多少？,增长7%\n,没有问题的一行\n".encode()
SLOW = "问题,答案\n" + "".join(f"等一等{n},5.5%\n" for n in range(100))
UNKNOWN = "20261122-090000-abcdef"


class Slowly:
    """Answers like another assistant, each question after a moment."""

    def __init__(self, other: Any) -> None:
        self.reports, self.stream, self.search = other.reports, other.stream, other.search
        self._other = other

    def ask(self, *given: Any) -> Any:
        time.sleep(0.05)
        return self._other.ask(*given)


def opened_client(assistant: object, **settings: Any) -> TestClient:
    from starlette.testclient import TestClient

    from assistant.web.server.app import create_app

    app = create_app(assistant, Settings(**settings))  # type: ignore[arg-type]  # a small assistant of the tests
    return TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)


@pytest.fixture
def client(seed_assistant: Any, tmp_path: Path) -> Iterator[TestClient]:
    with opened_client(Slowly(seed_assistant), home=tmp_path) as opened:
        yield opened


def upload(client: TestClient, content: bytes | str, name: str = "gold.csv") -> Any:
    given = content.encode() if isinstance(content, str) else content
    return client.post("/evaluation/runs", params={"name": name}, content=given)


def ended(client: TestClient, run_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    status: dict[str, Any]
    while (status := client.get(f"/evaluation/runs/{run_id}").json())["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return status


def test_an_uploaded_file_is_evaluated_and_the_result_can_be_read_again(client: TestClient, tmp_path: Path) -> None:
    from assistant.evaluation.files import read

    started = upload(client, CSV, "C:\\题库\\<b>我的 题.csv")
    assert started.status_code == 202
    run_id = started.json()["id"]
    status = ended(client, run_id)
    assert (status["state"], status["error"], status["name"]) == ("done", "", "_b_我的_题.csv")
    assert len(status["problems"]) == 1
    assert "第 4 行" in status["problems"][0]
    evaluation = read(tmp_path / "evaluations" / run_id)
    assert [one.scores["answer_right"] for one in evaluation.judged] == [1.0, 0.0]
    report = client.get(f"/evaluation/runs/{run_id}/report.html")
    assert report.headers["content-disposition"] == f'attachment; filename="zhengwen-{run_id}.html"'
    page = client.get("/evaluation").text
    assert run_id in page
    assert "50.0%" in page
    assert "$" not in page


def test_the_report_is_shown_under_the_walls_with_its_one_script(client: TestClient) -> None:
    run_id = upload(client, f"问题,答案\n<script>alert(1)</script>{GDP_QUESTION},增长7%\n").json()["id"]
    assert ended(client, run_id)["state"] == "done"
    shown = client.get(f"/evaluation/runs/{run_id}/report")
    nonce = re.search(r"'nonce-([^']+)'", shown.headers["content-security-policy"])
    assert nonce
    assert re.findall(r"<script[^>]*>", shown.text) == [f'<script nonce="{nonce[1]}">']
    assert "返回评测" in shown.text
    assert "返回评测" not in client.get(f"/evaluation/runs/{run_id}/report.html").text


def test_one_run_goes_on_at_a_time_and_can_be_stopped_without_a_trace(client: TestClient, tmp_path: Path) -> None:
    run_id = upload(client, SLOW).json()["id"]
    refused = upload(client, SLOW)
    assert (refused.status_code, refused.json()["error"]) == (409, "已经有一个评测在进行。")
    assert f'data-running="{run_id}"' in client.get("/evaluation").text
    assert client.post(f"/evaluation/runs/{UNKNOWN}/cancel").status_code == 404
    assert client.get(f"/evaluation/runs/{run_id}/report").status_code == 404
    assert client.post(f"/evaluation/runs/{run_id}/cancel").status_code == 202
    status = ended(client, run_id)
    assert (status["state"], status["error"]) == ("cancelled", "已按您的要求停止。")
    assert list((tmp_path / "evaluations").iterdir()) == []
    assert upload(client, CSV).status_code == 202


def test_the_end_of_the_server_ends_the_run(seed_assistant: Any, tmp_path: Path) -> None:
    with opened_client(Slowly(seed_assistant), home=tmp_path) as opened:
        assert upload(opened, SLOW).status_code == 202
    assert list((tmp_path / "evaluations").iterdir()) == []


def workbook(rows: str) -> bytes:
    """Build the smallest XLSX that holds this XML in the rows of its one sheet."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    packages = "http://schemas.openxmlformats.org/package/2006"
    documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{documents}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{documents}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{documents}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def row(number: int, *cells: str) -> str:
    written = "".join(f'<c r="{"AB"[n]}{number}" t="inlineStr"><is><t>{c}</t></is></c>' for n, c in enumerate(cells))
    return f'<row r="{number}">{written}</row>'


def test_a_workbook_is_read(client: TestClient) -> None:
    content = workbook(row(1, "问题", "答案") + row(2, GDP_QUESTION, "增长5.5%"))
    status = ended(client, upload(client, content, "题.xlsx").json()["id"])
    assert (status["state"], status["total"]) == ("done", 1)


@pytest.mark.slow
def test_a_hostile_workbook_costs_a_child_and_not_the_page(client: TestClient, tmp_path: Path) -> None:
    wide = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_001))
    status = ended(client, upload(client, workbook(wide), "bomb.xlsx").json()["id"])
    assert status["state"] == "failed"
    assert status["hint"]
    assert list((tmp_path / "evaluations").iterdir()) == []
    assert client.get("/evaluation").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gold.pdf", b"%PDF-1.7", "只能上传 CSV、XLSX 或 JSONL"),
        ("gold", b"x", "只能上传"),
        ("gold.csv", b" \n", "空的"),
        ("gold.xlsx", CSV, "对不上"),
        ("gold.csv", b"PK\x03\x04x", "对不上"),
    ],
)
def test_what_cannot_be_gold_is_refused_at_the_door(client: TestClient, name: str, content: bytes, said: str) -> None:
    refused = upload(client, content, name)
    assert refused.status_code == 400
    assert said in refused.json()["error"]
    assert refused.json()["hint"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "甲,乙\n1,2\n"), ("a.jsonl", "{}\n[1\n"), ("a.xlsx", "PK\3\4?")]
)
def test_a_file_without_a_question_fails_with_a_sentence(client: TestClient, name: str, content: str) -> None:
    status = ended(client, upload(client, content, name).json()["id"])
    assert (status["state"], name in status["error"]) == ("failed", True)


def test_five_megabytes_get_through_and_no_more(client: TestClient) -> None:
    limit = 5 * 1024 * 1024
    assert upload(client, b"x" * (limit + 1)).status_code == 413
    assert upload(client, b"x" * limit, "x.pdf").status_code == 400
    assert client.post(f"/evaluation/runs/{UNKNOWN}/cancel", content=b"x" * 70_000).status_code == 413


@pytest.mark.parametrize(
    "path", [UNKNOWN, f"{UNKNOWN}/report", f"{UNKNOWN}/report.html", "..%2f..%2flibrary.db", "%2e%2e/report", "gold"]
)
def test_a_run_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/evaluation/runs/{path}").status_code == 404


def test_another_site_may_not_start_a_run(client: TestClient) -> None:
    assert (
        client.post("/evaluation/runs?name=a.csv", content=CSV, headers={"origin": "https://evil.example"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "::1"}, True),
        ({"evaluation": False}, False),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.168.1.5"}, False),
        ({"host": "portal.example"}, False),
        ({"host": "0.0.0.0", "evaluation": True}, True),
    ],
)
def test_evaluation_is_for_this_machine_alone_unless_it_is_set(settings: dict[str, Any], shown: bool) -> None:
    assert Settings(**settings).shows_evaluation is shown


def test_where_it_is_not_shown_its_routes_are_not_there(seed_assistant: Any, tmp_path: Path) -> None:
    with opened_client(seed_assistant, home=tmp_path, evaluation=False) as closed:
        assert upload(closed, CSV).status_code == 404
        assert closed.get("/evaluation").status_code == 404
        assert "评测回答质量" not in json.dumps(closed.get("/config").json(), ensure_ascii=False)


@pytest.fixture(scope="module")
def whole_address(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[str]:
    """Serve the whole assistant over a copy of the seeded library, so that results do not go into the shared home."""
    from assistant import open_assistant

    home = tmp_path_factory.mktemp("evaluated")
    shutil.copy(seeded_home / "library.db", home)
    with closing(open_assistant(home=seeded_home)) as assistant, serve(assistant, home=home) as address:
        yield address


@pytest.mark.browser
def test_gold_questions_are_uploaded_watched_and_their_errors_opened(
    browser: Any, whole_address: str, tmp_path: Path, snapshot: Callable[[Page, str], None]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(whole_address)
    page.locator("#side a", has_text="评测回答质量").click()
    page.wait_for_url("**/evaluation")
    page.locator("#finished", has_text="还没有评测过").wait_for()
    complaints.clear()  # Gradio complains when its page is left
    gold = tmp_path / "测试题.csv"
    gold.write_text(
        "问题,答案,类型,地区,年份,依据\n"
        f"{GDP_QUESTION},增长5.5%,目标,松北区,2025,地区生产总值增长5.5%\n"
        f"{GDP_QUESTION}？,增长7%,目标,松北区,2025,城乡居民收入增长与经济增长同步\n"
        ",没有问题的一行,目标,松北区,2025,\n"
        "松北区2025年社零目标是多少,增长5%,目标,松北区,2025,社会消费品零售总额增长5%\n",
        "utf-8",
    )
    page.locator("#gold").set_input_files(gold)
    page.locator("button.main").click()
    page.locator("#outcome", has_text="有 1 行没有采用").wait_for()
    assert "第 4 行" in page.locator("#problems li").inner_text()
    page.locator("#finished li", has_text="测试题.csv").wait_for()
    snapshot(page, "evaluation-problems-1280-light")
    page.locator("#outcome a").click()
    page.wait_for_url("**/report")
    drawn = page.locator("figure:has(svg rect.bar):has(line.whisker)").all_inner_texts()
    assert [text.split("\n")[0] for text in drawn] == ["回答正确：按题型", "回答正确：按地区和年份"]
    wrong = page.locator("article", has_text="增长7%")
    assert "城乡居民收入增长与经济增长同步" in wrong.inner_text()
    assert "地区生产总值增长5.5%" in wrong.locator("ol").first.inner_text()
    snapshot(page, "evaluation-report-1280-light")
    with page.expect_download() as download:
        page.locator("a", has_text="下载这份报告").click()
    assert "政问 评测报告" in Path(download.value.path()).read_text("utf-8")
    page.locator("a", has_text="返回评测").click()
    page.locator("#finished li", has_text="测试题.csv").wait_for()
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {whole_address.split("/")[2]}
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_a_run_is_found_again_after_a_reload_and_can_be_stopped(
    browser: Any, whole_address: str, tmp_path: Path, snapshot: Callable[[Page, str], None]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{whole_address}evaluation")
    page.locator("button.main").click()
    page.locator("#outcome", has_text="请先选一个测试题文件").wait_for()
    gold = tmp_path / "many.csv"
    gold.write_text("问题,答案\n" + f"{GDP_QUESTION},5.5%\n" * 600, "utf-8")
    page.locator("#gold").set_input_files(gold)
    page.locator("button.main").click()
    page.locator("#stage", has_text="/ 600").wait_for()
    snapshot(page, "evaluation-running-1280-light")
    page.reload()
    page.locator("#stage", has_text="/ 600").wait_for()
    page.locator("#stop").click()
    page.locator("#outcome.note", has_text="已按您的要求停止").wait_for()
    assert page.locator("button.main").is_enabled()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_page_fits_the_screen_and_is_readable(
    browser: Any, whole_address: str, snapshot: Callable[[Page, str], None], width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{whole_address}evaluation")
    snapshot(page, f"evaluation-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.locator("p, a, button, td, th, h2").evaluate_all(
        "nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 16
    heights = page.locator("button:visible, #finished a, header a").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().height)"
    )
    assert min(heights) >= 38
    for link in page.locator("#finished a", has_text="看成绩").all()[:1]:
        link.click()
        page.wait_for_url("**/report")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        snapshot(page, f"evaluation-report-{width}-{scheme}")
    context.close()
