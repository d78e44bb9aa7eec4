"""Hostile texts in files that are taken in as reports, in what a model writes, and in the bubble on a portal's page."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import nh3
import pytest

from assistant.settings import Portal, Settings
from tests.browser import launched
from tests.homes import copied
from tests.llm.fault_server import FaultServer
from tests.portal.hostile_site import Canary, Walls, Watched, canary, watched
from tests.portal.payloads import PAYLOADS, quick
from tests.portal.service import SECRET, running
from tests.portal.test_script_injection import check, joined, open_site, try_the_library
from tests.web.walking import answer_to

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assistant import Assistant

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

QUICK = quick()
ALL = tuple(range(len(PAYLOADS)))
FRAME = """{year}年{region}政府工作报告
各位代表：现在，我代表区人民政府向大会报告工作，请予审议，并请各位政协委员提出意见。
一、过去一年工作回顾
过去一年，我们坚持稳中求进工作总基调，统筹推进稳增长、促改革、调结构、惠民生、防风险各项工作，地区生产总值增长4.5%{text}，固定资产投资增长3.1%，一般公共预算收入增长2.2%。
{rows}
二、{year}年工作安排
主要预期目标是：地区生产总值增长5.5%左右{text}，规模以上工业增加值增长6%，社会消费品零售总额增长7%。
我们要坚持高质量发展，推进项目建设，优化营商环境，加快产业升级，保障改善民生，加强生态保护，深化改革开放，建设法治政府，做好各方面工作。"""


def rows(hostile: list[str]) -> list[str]:
    """A sentence with a figure for each text."""
    return [f"第{number}项重点工作完成投资{number}.5亿元{one}。" for number, one in enumerate(hostile, 1)]


def lines(hostile: list[str], region: str, year: int) -> list[str]:
    written = FRAME.format(year=year, region=region, text=hostile[0], rows="\n".join(rows(hostile)))
    return written.encode("utf-8", "replace").decode().replace("\0", "").splitlines()


def as_text(told: list[str], _: object = None) -> bytes:
    return "\n".join(told).encode()


def as_page(told: list[str], _: object = None) -> bytes:
    """Each line once as text and once as the markup that it is."""
    body = "\n".join(f"<p>{html.escape(line)}</p><div>{line}</div>" for line in told)
    return f'<!doctype html><html><meta charset="utf-8"><title>{html.escape(told[0])}</title><body>{body}</body></html>'.encode()


def as_word(told: list[str], _: object = None) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for line in told:
        document.add_paragraph("".join(c for c in line if c >= " " and c not in "\ufffe\uffff"))
    document.save(file)
    return file.getvalue()


def as_pdf(told: list[str], browser: Browser) -> bytes:
    page = browser.new_page()
    page.set_content("".join(f"<p>{html.escape(line)}</p>" for line in told))
    file: bytes = page.pdf()
    page.close()
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def trap() -> Iterator[Canary]:
    with canary() as server:
        yield server


@pytest.fixture(scope="module")
def model() -> Iterator[FaultServer]:
    server = FaultServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def opened(
    seeded_home: Path, tmp_path_factory: pytest.TempPathFactory, model: FaultServer
) -> Iterator[Callable[..., tuple[Assistant, Walls, str]]]:
    """Give the service over a copy of the library with more files in it, with or without the model."""
    from assistant.assembly import build
    from assistant.web.server.app import create_app

    with ExitStack() as stack:

        def made(files: dict[str, bytes], **told: str) -> tuple[Assistant, Walls, str]:
            folder = tmp_path_factory.mktemp("library")
            home = copied(seeded_home, folder / "home")
            for name, content in files.items():
                (folder / name).write_bytes(content)
            by = {"llm": "openai:reply", "llm_base_url": model.address} if not files else {}
            portal = Portal(secret=SECRET)  # type: ignore[arg-type]  # pydantic wraps it
            settings = Settings(home=home, port=0, portal={"oa": portal}, **by)  # type: ignore[arg-type]
            assistant = build(settings)
            stack.callback(assistant.close)
            outcomes = assistant.ingest([folder / name for name in files], **told) if files else []
            assert [str(outcome.error) for outcome in outcomes if outcome.error] == []
            walls = Walls(create_app(assistant, settings))
            address = stack.enter_context(running(walls, settings))  # type: ignore[arg-type]  # stands before a Front
            return assistant, walls, f"{address}/"

        yield made


def hostile_names(hostile: list[str], suffix: str) -> str:
    """A file's name with as much of them as a disk takes."""
    name = re.sub(r"[/\0\n\r]", "", "".join(hostile).encode("utf-8", "ignore").decode())
    return name.encode()[:180].decode("utf-8", "ignore") + suffix


def read_and_ask(seen: Watched, assistant: Assistant, region: str, hostile: list[str]) -> None:
    """The catalogue, an answer from the report, its passages, the whole report, and what the API says of all of it."""
    open_site(seen)
    check(seen)
    try_the_library(seen)
    page = seen.page
    for question in (
        f"{region}2025年GDP目标是多少",
        "第2项重点工作完成投资多少",
        f"{region}有哪些重点工作",
        "北京市GDP目标是多少",
    ):
        page.locator("#question textarea").fill(question)
        page.locator("#send").click()
        answer_to(page, question)
        check(seen)
    report = next(one for one in assistant.reports() if one.region == region)
    _, paragraphs = assistant.report(report.id)
    held = sum("zwned(" in one.text or "/c/" in one.text for one in paragraphs)
    assert held >= 0.7 * len(hostile), "what the readers leave out proves nothing"
    page.evaluate(
        """([report, paragraph]) => {
          const asks = Object.assign(document.createElement('button'), {type: 'button'});
          Object.assign(asks.dataset, {do: 'read', report, paragraph});
          document.body.append(asks);
          asks.click();
        }""",
        [report.id, paragraphs[2].id],
    )
    page.locator(".zw-reader-text p").first.wait_for()
    assert page.locator(".zw-reader-text").inner_text().count("zwned(") > 0.5 * len(hostile)
    check(seen)
    for path in (
        "api/reports",
        f"api/reports/{report.id}",
        "api/search?q=第2项重点工作完成投资",
        f"reports/{report.id}",
    ):
        page.goto(seen.site + path)
        seen.poke()
        seen.assert_nothing_happened()


@pytest.mark.parametrize("standing", ["no policy", "no cleaning"])
@pytest.mark.parametrize(
    ("suffix", "write", "numbers"),
    [
        pytest.param(".txt", as_text, QUICK, id="text, some"),
        pytest.param(".txt", as_text, ALL, id="text"),
        pytest.param(".html", as_page, ALL, id="html"),
        pytest.param(".docx", as_word, ALL, id="word"),
        pytest.param(".pdf", as_pdf, ALL, id="pdf"),
    ],
)
def test_a_hostile_report_runs_nothing(
    suffix: str,
    write: Callable[[list[str], Browser], bytes],
    numbers: tuple[int, ...],
    standing: str,
    opened: Callable[..., tuple[Assistant, Walls, str]],
    browser: Browser,
    trap: Canary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hostile = [PAYLOADS[number].text(number, trap.address).replace("\n", " ").replace("\r", " ") for number in numbers]
    region = "阿城区" if suffix == ".docx" else f"阿城{hostile[2]}区"
    name = hostile_names(hostile, suffix)
    told = {"region": region, "title": "".join(joined(hostile, 200)[:1]), "report_year": 2025}
    assistant, walls, site = opened({name: write(lines(hostile, "阿城区", 2025), browser)}, **told)
    walls.has_csp = standing != "no policy"
    if standing == "no cleaning":
        monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    with watched(browser, trap, site) as seen:
        read_and_ask(seen, assistant, region, hostile)


def _said(reply: str, messages: object) -> str:
    return reply


@pytest.mark.parametrize("numbers", [pytest.param(QUICK, id="some"), pytest.param(ALL, id="all")])
def test_what_a_hostile_model_writes_runs_nothing(
    numbers: tuple[int, ...],
    opened: Callable[..., tuple[Assistant, Walls, str]],
    model: FaultServer,
    browser: Browser,
    trap: Canary,
) -> None:
    hostile = [PAYLOADS[number].text(number, trap.address).encode("utf-8", "replace").decode() for number in numbers]
    assistant, walls, site = opened({})
    walls.has_csp = False
    question = "松北区2025年GDP目标是多少"
    assert assistant.ask(question).writing, "the model has to be asked"
    right = "2025年，松北区地区生产总值预期目标是增长5.5%"
    with watched(browser, trap, site) as seen:
        open_site(seen)
        rows = joined(hostile, 1500)
        for at in range(0, len(rows), 1 if numbers is ALL else 2):
            for reply in (f"{right}{rows[at]}。", f"{rows[at]}\n{right}[1]。\n\n{rows[at]}"):
                model.reply = partial(_said, reply)
                seen.page.locator(".zw-new").click()
                seen.page.locator("#examples [data-ask]").first.wait_for()
                seen.page.locator("#question textarea").fill(question)
                seen.page.locator("#send").click()
                shown = answer_to(seen.page, question)
                assert "5.5%" in shown.inner_text()
                assert "zwned(" not in shown.locator(".zw-answer").inner_text()
                check(seen)
    assert len(model.requests) > 2
