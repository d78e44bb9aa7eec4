"""Hostile texts through every place where a text is shown, in a real browser, with all walls and with each one taken away.

The walls are: every text is escaped, the whole is cleaned with an allow-list, and a Content-Security-Policy stands around it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import nh3
import pytest
from markdown_it import MarkdownIt

from assistant.corpus.feedback import FeedbackBook
from assistant.settings import Portal, Settings
from assistant.web.page import markup
from assistant.web.page.memory import Conversation, kept
from assistant.web.page.thread import KEPT, Exchange
from tests.browser import launched
from tests.portal.hostile_site import AREAS, Canary, Parrot, Walls, Watched, canary, poisoned, watched
from tests.portal.payloads import PAYLOADS, quick
from tests.portal.service import SECRET, running
from tests.web.walking import ready

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

QUICK = quick()
ALL = tuple(range(len(PAYLOADS)))
Numbers = tuple[int, ...]
SLOW = pytest.mark.slow
EACH_WALL = pytest.mark.parametrize(
    "standing", [pytest.param("all walls", marks=SLOW), "no policy", "no cleaning"], indirect=True
)
"""What is harmless with a wall less is harmless with all of them: that is tried with the slow ones."""
NO_POLICY = pytest.mark.parametrize(
    "standing",
    [pytest.param("all walls", marks=SLOW), "no policy", pytest.param("no cleaning", marks=SLOW)],
    indirect=True,
)
NUMBERS = pytest.mark.parametrize("numbers", [pytest.param(QUICK, id="some"), pytest.param(ALL, id="all", marks=SLOW)])


@pytest.fixture(scope="module")
def trap() -> Iterator[Canary]:
    with canary() as server:
        yield server


@pytest.fixture(scope="module")
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def book(home: Path) -> Iterator[FeedbackBook]:
    with FeedbackBook.open(home / "library.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def walls(parrot: Parrot, book: FeedbackBook, home: Path) -> Walls:
    from assistant.web.server.app import create_app

    portal = Portal(origins=("http://oa.example.cn",), secret=SECRET)  # type: ignore[arg-type]  # pydantic wraps it
    settings = Settings(home=home, port=0, portal={"oa": portal}, evaluation=True)
    return Walls(create_app(parrot, settings, book))


@pytest.fixture(scope="module")
def site(walls: Walls, home: Path) -> Iterator[str]:
    with running(walls, Settings(home=home, port=0)) as address:  # type: ignore[arg-type]  # stands before a Front
        yield f"{address}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture
def standing(request: pytest.FixtureRequest, walls: Walls, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Take one wall away, or none."""
    walls.has_csp = request.param != "no policy"
    if request.param == "no cleaning":
        monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    yield request.param
    walls.has_csp = True


@pytest.fixture
def seen(browser: Browser, trap: Canary, site: str) -> Iterator[Watched]:
    with watched(browser, trap, site) as opened:
        yield opened


def texts(numbers: Numbers, trap: Canary) -> list[str]:
    return [PAYLOADS[number].text(number, trap.address) for number in numbers]


def conversations(hostile: list[str]) -> Iterator[str]:
    """What a browser keeps of them, as the page itself writes it: so many in a conversation as fit into one."""
    some: list[str] = []
    for one in (each.encode("utf-8", "replace").decode() for each in hostile):  # half a character is not kept
        if len(some) == KEPT or len(json.loads(kept(_conversation([*some, one])))[1]) <= len(some):
            yield kept(_conversation(some))
            some = []
        some.append(one)
    yield kept(_conversation(some))


def _conversation(some: list[str]) -> Conversation:
    exchanges = (
        Exchange(number, one, poisoned(one) if number % 4 or number == len(some) else None, one, "error")
        for number, one in enumerate(some, 1)
    )
    return Conversation("0123456789", tuple(exchanges))


# The browser has kept this conversation alone, and somebody opens it.
_RECALL = """(text) => {
  const [id] = JSON.parse(text);
  localStorage.setItem(`zhengwen-conversation-${id}`, text);
  localStorage.setItem('zhengwen-conversations', JSON.stringify([{ id, title: '文', at: 1 }]));
  dispatchEvent(new StorageEvent('storage', { key: 'zhengwen-conversations' }));
  document.querySelector('#reply').dataset.before = document.querySelector('#reply').innerHTML;
  document.querySelector('.zw-kept .zw-one').click();
}"""
_RECALLED = "() => { const at = document.querySelector('#reply'); return at.innerHTML !== at.dataset.before; }"


def open_site(seen: Watched) -> None:
    seen.page.goto(seen.site)
    ready(seen.page)


def try_kept_conversations(seen: Watched, hostile: list[str]) -> None:
    """The browser's own storage holds them, as if another script had once written there."""
    first, *others = conversations(hostile)
    listed = [{"id": f"{number:08d}ab", "title": one, "at": 1} for number, one in enumerate(hostile)]
    seen.page.goto(f"{seen.site}favicon.ico")
    seen.page.evaluate(
        """([first, list, text]) => {
          localStorage.setItem('zhengwen-conversations', list);
          localStorage.setItem('zhengwen-conversation-0123456789', first);
          localStorage.setItem('zhengwen-look', JSON.stringify({dark: text, care: text, english: text}));
          sessionStorage.setItem('zhengwen-current', '0123456789');
          sessionStorage.setItem('zhengwen-draft', text);
          sessionStorage.setItem('zhengwen-asked', text);
        }""",
        [first, json.dumps(listed[:50]), hostile[0]],
    )
    open_site(seen)
    seen.page.locator("#earlier .zw-exchange").first.wait_for()
    seen.page.locator("#offer .zw-change").first.wait_for()  # what else could be meant comes a little later
    assert seen.page.locator(".zw-kept .zw-one").count() == min(len(hostile), 50)
    check(seen)
    seen.page.locator(".zw-more").first.click()
    seen.page.locator(".zw-row-acts").wait_for()
    check(seen)
    older = seen.page.locator("#earlier .zw-cite")
    if older.count():
        older.first.click()
        seen.page.locator("#zw-older .zw-card.zw-open").wait_for()
        check(seen)
        seen.page.keyboard.press("Escape")
    for one in others:
        seen.page.evaluate(_RECALL, one)
        seen.page.wait_for_function(_RECALLED)
        check(seen)


def check(seen: Watched, areas: str = AREAS) -> None:
    seen.poke()
    assert seen.survivors(areas) == []
    seen.assert_nothing_happened()


def try_asking(seen: Watched, question: str) -> None:
    """The question, its answer while it is written and after, the passages, the whole report, and what one says of it."""
    page = seen.page
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    page.locator("#offer .zw-next [data-ask]").first.wait_for()
    check(seen)
    cite = page.locator("#reply .zw-cite").first
    cite.hover()
    page.locator("#zw-peek .zw-peek-quote").wait_for()
    check(seen)
    cite.click()
    page.locator("#passages .zw-near").first.wait_for()
    check(seen)
    page.locator("#passages .zw-card [data-do=read]").first.click()
    page.locator(".zw-reader-text p").first.wait_for()
    check(seen)
    page.keyboard.press("Escape")


def try_the_library(seen: Watched) -> None:
    """The list of the reports, what a place's newest report answers, and the way back to the thread."""
    page = seen.page
    page.locator(".zw-side [data-do=view-library]").click()
    page.locator(".zw-place").first.wait_for()
    page.locator(".zw-what").first.click()
    page.locator(".zw-place .zw-asks").first.wait_for()
    check(seen)
    page.locator(".zw-side [data-do=view-chat]").click()


def try_complaining(seen: Watched, note: str) -> None:
    page = seen.page
    page.locator("#bad").click()
    page.get_by_text("其他", exact=True).click()
    page.locator("#remark input, #remark textarea").fill(note[:500])
    page.locator("#complain").click()
    page.locator("#said .zw-thanks").wait_for()
    check(seen)


def try_failing(seen: Watched, question: str) -> None:
    seen.page.locator("#question textarea").fill(question)
    seen.page.locator("#send").click()
    seen.page.locator("#reply .zw-error").wait_for()
    check(seen)


def joined(hostile: list[str], longest: int = 400) -> list[str]:
    """Several in a row, as long as a question may be."""
    rows = [""]
    for one in hostile:
        if len(rows[-1]) + len(one) > longest and rows[-1]:
            rows.append("")
        rows[-1] += one
    return rows


@EACH_WALL
@NUMBERS
def test_what_a_browser_keeps_runs_nothing(seen: Watched, parrot: Parrot, standing: str, numbers: Numbers) -> None:
    hostile = texts(numbers, seen.canary)
    parrot.texts = tuple(hostile[:50])
    try_kept_conversations(seen, hostile)


@NO_POLICY
@NUMBERS
def test_what_is_asked_and_said_runs_nothing(
    seen: Watched, parrot: Parrot, book: FeedbackBook, standing: str, numbers: Numbers
) -> None:
    hostile = texts(numbers, seen.canary)
    parrot.texts = tuple(hostile)
    open_site(seen)
    seen.page.locator("#examples [data-ask]").first.wait_for()
    check(seen)
    try_the_library(seen)
    rows = joined(hostile)
    for question in rows if numbers is ALL else rows[:1]:
        try_asking(seen, question)
    try_complaining(seen, "".join(hostile))
    assert book.all()[-1].note.startswith(" ".join(hostile[0].split()))
    for question in rows if numbers is ALL else rows[-1:]:
        try_failing(seen, f"错{question}")


def addresses(hostile: str) -> Iterator[str]:
    """Where a text may stand in an address that somebody is lured to."""
    told = quote(hostile.encode("utf-8", "replace"), safe="")
    yield f"embed?portal={told}&token={told}&theme={told}"
    yield f"embed?portal=oa&token={told}"
    yield f"api/search?q={told}"
    yield f"api/reports/{told}"
    yield f"reports/{told}"
    yield f"s/{told}/"
    yield told
    yield f"evaluation/runs/{told}/report"
    yield f"?q={told}&__theme={told}#{told}"


@NO_POLICY
@NUMBERS
def test_what_stands_in_an_address_runs_nothing(seen: Watched, parrot: Parrot, standing: str, numbers: Numbers) -> None:
    hostile = texts(numbers, seen.canary)
    parrot.texts = tuple(hostile)
    rows = joined(hostile, 900)
    alone = (next(addresses(one)) for one in hostile if numbers is ALL)
    for address in (*alone, *chain.from_iterable(map(addresses, rows if numbers is ALL else rows[:1]))):
        seen.page.goto(seen.site + address, wait_until="domcontentloaded")
        seen.poke()
        seen.assert_nothing_happened()


@NO_POLICY
@NUMBERS
def test_replies_to_programs_run_nothing_when_a_browser_shows_them(
    seen: Watched, parrot: Parrot, standing: str, numbers: Numbers
) -> None:
    hostile = texts(numbers, seen.canary)
    parrot.texts = tuple(hostile)
    rows = joined(hostile)
    for number, one in enumerate(rows if numbers is ALL else rows[:1]):
        for way, (path, accept, body) in enumerate(requests_of(printable(one))):
            reply = seen.context.request.post(seen.site + path, headers={"accept": accept}, data=body)
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert "html" not in reply.headers["content-type"]
            shown = f"{seen.site}viewed/{number}-{way}"
            seen.page.route(shown, partial(_fulfil, reply))
            seen.page.goto(shown)
            seen.poke()
            seen.assert_nothing_happened()


def _fulfil(reply: Any, route: Any) -> None:
    route.fulfill(response=reply)


def printable(hostile: str) -> str:
    return hostile.encode("utf-8", "ignore").decode()


def requests_of(question: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    chat = {"messages": [{"role": "user", "content": question}]}
    both = "application/json, text/event-stream"
    called = {"name": "ask", "arguments": {"question": question}}
    yield "api/ask", "application/json", {"question": question}
    yield "api/ask", "application/json", {"question": f"错{question}"}
    yield "api/ask", "application/json", {"question": "问", question: question}
    yield "api/ask", "text/plain", {"question": question}
    yield "api/ask", "text/event-stream", {"question": question}
    yield "v1/chat/completions", "application/json", chat
    yield "v1/chat/completions", "application/json", {**chat, "stream": True}
    yield "mcp", both, {"jsonrpc": "2.0", "id": question, "method": question}
    yield "mcp", both, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}


@NO_POLICY
@NUMBERS
def test_exports_run_nothing_wherever_they_are_read(seen: Watched, standing: str, numbers: Numbers) -> None:
    for conversation in conversations(texts(numbers, seen.canary)):
        exchanges = json.loads(conversation)[1]
        for name in ("md", "docx"):
            wanted = {"format": name, "exchanges": exchanges}
            reply = seen.context.request.post(f"{seen.site}export", data=wanted)
            assert reply.ok
            assert reply.headers["content-disposition"].startswith("attachment")
            if name == "docx":
                assert_inert_word(reply.body())
                continue
            reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
            seen.page.set_content(reader.render(reply.text()))
            check(seen, "body")


def assert_inert_word(file: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(file))
    for name in archive.namelist():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in archive.read(name)
    written = archive.read("word/document.xml")
    for active in (
        b"<w:hyperlink",
        b"<w:instrText",
        b"<w:fldSimple",
        b"<w:object",
        b"<w:pict",
        b"<w:altChunk",
        b"<w:drawing",
    ):
        assert active not in written
    assert b"zwned(" in written or b"/c/" in written


@pytest.mark.slow
@NO_POLICY
@NUMBERS
def test_gold_questions_and_their_files_names_run_nothing(
    seen: Watched, standing: str, numbers: Numbers, tmp_path: Path
) -> None:
    hostile = list(map(printable, texts(numbers, seen.canary)))[:: 1 if numbers is ALL else 3]
    page = seen.page
    page.goto(f"{seen.site}evaluation")
    page.locator("#gold").set_input_files(
        {"name": f"{joined(hostile, 120)[0]}.csv", "mimeType": "text/csv", "buffer": gold(hostile)}
    )
    page.locator("form button").click()
    link = page.locator("#outcome a")
    link.wait_for(timeout=120_000)
    check(seen, "#finished, #problems, #outcome, #stage")
    link.click()
    page.locator("article").first.wait_for()
    check(seen, "article, .metrics, footer, .tiles")
    alone = tmp_path / "report.html"
    alone.write_bytes(seen.context.request.get(f"{page.url}.html").body())
    page.goto(alone.as_uri())
    check(seen, "article, .metrics, footer, .tiles")


def gold(hostile: list[str]) -> bytes:
    """A file of gold questions with these in every column, and one line that cannot be used."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["问题", "答案", "类型", "地区", "年份", "依据"])
    for one in hostile:
        shown = one.replace("\0", "")
        writer.writerow([f"问{shown}", f"答{shown}", "事实", shown[:40], "2025", f"据{shown}"])
    writer.writerow(["", "没有问题的一行" + hostile[0], "", "", "", ""])
    return table.getvalue().encode()


@pytest.mark.parametrize("numbers", [pytest.param(QUICK, id="some")])
def test_the_browser_sees_what_runs_where_all_walls_are_gone(
    seen: Watched, walls: Walls, parrot: Parrot, monkeypatch: pytest.MonkeyPatch, numbers: Numbers
) -> None:
    """The other tests prove something only because here the same texts do run, fetch, and stay."""
    parrot.texts = ("文",)
    monkeypatch.setattr(walls, "has_csp", False)
    monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    monkeypatch.setattr(markup, "escape", lambda raw, quote=True: raw)
    open_site(seen)
    for one in conversations(texts(numbers, seen.canary)):
        with suppress(Exception):  # the page may have been led away
            seen.page.evaluate(_RECALL, one)
            seen.page.wait_for_function(_RECALLED, timeout=5_000)
            seen.page.wait_for_timeout(400)
            seen.poke()
    ran = {given[0] for given in seen.ran if given}
    assert len(ran) >= 10
    assert len(seen.canary.hits) >= 5
    assert seen.elsewhere
