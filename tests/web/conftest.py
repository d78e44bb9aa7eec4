"""A small assistant over real seed text, the page served on a free port, and a headless Chromium that looks at it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.errors import LibraryError, QuestionError
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Aspect,
    Choice,
    Citation,
    Evidence,
    Figure,
    Paragraph,
    Preview,
    Report,
    ReportRef,
    Retrieved,
    Turn,
    Writing,
)
from tests.conftest import chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Taken out at once: to the settings it would be a key that they do not know.
_SCREENSHOTS = os.environ.pop("ZHENGWEN_SCREENSHOTS", None)
Scheme = Literal["light", "dark"]
SEEDS = Path(__file__).parents[2] / "seeds"
SONGBEI = Report("8fabc22ccca2c171", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
REPORTS = (
    SONGBEI,
    Report("2d83ae9706601383", "呼兰区2022年政府工作计划", "呼兰区", 2022),
    Report("ae3b72a4d9ab043f", "2023年哈尔滨新区重点工作", "松北区", 2023),
    Report("b39c97ba8610aaf9", "2023年经济社会发展主要任务", "道里区", 2023),
    Report("2a244fdc629a76a9", "南岗区2022年政府工作报告", "南岗区", 2022),
)
GDP_QUESTION = "松北区2025年GDP目标是多少"
NEXT = ("松北区2024年地区生产总值达到了多少", "道里区2023年GDP目标是多少", "松北区2025年固定资产投资目标是多少")

# Every visible text, its size in pixels and its contrast against the nearest opaque background (WCAG 2.2, 1.4.3).
READABILITY = """() => {
  const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const backdrop = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      continue;
    const style = getComputedStyle(parent);
    const [light, dark] = [luminance(parse(style.color)), luminance(backdrop(parent))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    seen.push({ text: walker.currentNode.data.trim().slice(0, 30), size: parseFloat(style.fontSize), contrast });
  }
  return seen;
}"""


def seed_line(name: str, words: str) -> str:
    """Give the one line of a seed file that holds `words`."""
    text = next(SEEDS.glob(f"{name}_*")).read_text(encoding="utf-8", errors="replace")
    return next(line.strip() for line in text.splitlines() if words in line)


def gdp_answer(question: str = GDP_QUESTION) -> Answer:
    """Build the answer to the GDP question from the report's own line, with a second passage beside it."""
    target = seed_line("000", "主要预期目标是")
    review = seed_line("000", "预计完成620亿元")
    songbei = ReportRef.of(SONGBEI)
    return Answer(
        question=question,
        verdict="answered",
        answer="松北区2025年地区生产总值预期目标：增长5.5%〔1〕。\n上一年（2024年）预计完成620亿元〔2〕。",
        citations=(
            Citation(1, songbei, ("二、2025年工作安排",), target, target[: target.index("规模")], f"{SONGBEI.id}-1-40"),
            Citation(
                2,
                songbei,
                ("一、2024年工作回顾", "(一)经济向好结构向优的发展步伐更加稳健"),
                review,
                "地区生产总值预计完成620亿元,财政收入总量跃居全市第一。",
                f"{SONGBEI.id}-1-5",
            ),
        ),
        figures=(
            Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),
            Figure("620亿元", 6.2e10, "元", "预计", "地区生产总值", "actual", "2024年", 2, "verified"),
        ),
        retrieved=(
            Retrieved(1, 3.21, f"{SONGBEI.id}-1-40", target, songbei),
            Retrieved(2, 2.5, f"{SONGBEI.id}-1-5", review, songbei),
            Retrieved(3, 1.75, f"{SONGBEI.id}-1-1", "三是狠抓项目建设。", songbei),
        ),
        understood="松北区 · 2025年 · 地区生产总值 · 目标",
    )


def compared(question: str) -> Answer:
    """Build an answer of two sides and what they come to."""
    answer = gdp_answer(question)
    other = replace(answer.citations[1], quote=answer.citations[1].paragraph)
    return replace(
        answer,
        answer="松北区2025年地区生产总值预期目标：增长5.5%〔1〕\n松北区2023年地区生产总值预期目标：增长6.5%左右〔2〕\n"
        "比较：松北区2025年低于松北区2023年，相差约1个百分点（6.5%减5.5%，由引用数据计算）。",
        citations=(answer.citations[0], replace(other, report=replace(other.report, report_year=2023))),
        figures=(
            answer.figures[0],
            Figure("6.5%", 6.5, "%", "左右", "地区生产总值", "target", "2023年", 2, "verified"),
            Figure("1个百分点", 1.0, "个百分点", "约", None, None, None, None, "computed"),
        ),
    )


WRITTEN = (
    "松北区2025年的地区生产总值预期目标是增长5.5%〔1〕。",
    "上一年预计完成620亿元〔2〕。",
    "地区生产总值预计完成620亿元,财政收入总量跃居全市第一。〔原文〕〔2〕",
)


class SeedAssistant:
    """Knows a handful of questions, some with a model that words the answer, and remembers what history it was handed."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[str, ...]]] = []
        self.pace = threading.Semaphore(0)
        """One more sentence of the model for each release."""
        self.told = threading.Event()
        """Set when a wait for the model has been ended by `stopped`."""

    def reports(self) -> tuple[Report, ...]:
        return REPORTS

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        if report_id != SONGBEI.id:
            raise LibraryError("资料库里没有这份报告。", "")
        answer = gdp_answer()
        held = {citation.paragraph_id: citation for citation in answer.citations}
        return SONGBEI, tuple(
            Paragraph(
                id=(paragraph_id := f"{SONGBEI.id}-1-{ordinal}"),
                report_id=SONGBEI.id,
                ordinal=ordinal,
                headings=("一、2024年工作回顾",) if ordinal < 30 else ("二、2025年工作安排",),
                text=held[paragraph_id].paragraph if paragraph_id in held else f"第{ordinal}段<b>文字</b>。" * 9,
            )
            for ordinal in range(60)
        )

    def aspects(self, question: str) -> tuple[Aspect, ...]:
        if "香坊" in question:
            return ()
        return (
            Aspect("place", "松北区", (Choice("道里区2023年", "道里区2023年GDP目标是多少"),)),
            Aspect("time", "2025年", (Choice("2023年", "松北区2023年GDP目标是多少"),)),
            Aspect("subject", "地区生产总值", (Choice("固定资产投资", "松北区2025年固定资产投资目标是多少"),)),
            Aspect("role", "目标"),
        )

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        return NEXT if answer.verdict == "answered" else ()

    def search(self, query: str, limit: int = 10) -> tuple[Evidence, ...]:
        return ()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return next(part for part in self.stream(question, history) if isinstance(part, Answer))

    def stream(
        self, question: str, history: Sequence[Turn], stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        self.heard.append((question, tuple(turn.question for turn in history)))
        if len(question) > 500:
            raise QuestionError(f"问题太长了（{len(question)}字）。", "请把问题缩短到500字以内。")
        if "出错" in question:
            raise RuntimeError("inner text /etc/passwd")
        if "很慢" in question:
            yield "正在"
            for _ in range(100):
                time.sleep(0.1)
                yield "…"
        if "用模型" in question:
            yield from self._written(question, stopped or threading.Event())
            return
        yield self._answer(question)

    def _written(self, question: str, stopped: threading.Event) -> Iterator[Preview | str | Answer]:
        extract = gdp_answer(question)
        yield Preview(extract)
        if "不回话" in question:
            if stopped.wait(60):
                self.told.set()
            return
        for sentence in WRITTEN:
            while not self.pace.acquire(timeout=0.1):
                if stopped.is_set():
                    return
            yield sentence
        self.pace.acquire(timeout=20)
        writing = Writing("demo:qwen2.5-7b-instruct", "0123456789ab", kept=2, replaced=1)
        yield replace(extract, answer="".join(WRITTEN), model=writing.model, writing=writing)

    def _answer(self, question: str) -> Answer:
        if "香坊" in question:
            return Answer(
                question,
                "not_covered",
                "没有收录香坊区的报告，所以不能回答。\n已收录：松北区2023、2025年，道里区2023年，呼兰区2022年，南岗区2022年。",
                understood="香坊区 · 2025年 · 地区生产总值 · 目标",
                suggestions=("松北区2025年GDP目标是多少", "南岗区2022年GDP目标是多少"),
            )
        if "比较" in question:
            return compared(question)
        if "没有回应" in question:
            return replace(gdp_answer(question), notice="大模型这次没有回应，以上是报告原文摘录。")
        if question.startswith("那目标"):
            others = ("松北区2023年GDP目标是多少", "松北区2025年一般公共预算收入目标是多少")
            return replace(gdp_answer(question), standalone=GDP_QUESTION, alternatives=others)
        if question.startswith("GDP"):
            return Answer(
                question,
                "needs_clarification",
                "您想问哪个区的GDP目标？",
                understood="地区生产总值 · 目标",
                suggestions=("松北区2025年GDP目标是多少", "道里区2023年GDP目标是多少", "南岗区2022年GDP目标是多少"),
            )
        return gdp_answer(question)


@contextmanager
def served(assistant: object, book: FeedbackBook | None = None, **settings: object) -> Iterator[str]:
    """Serve the page on a free port of this machine and give its address; the server ends with the block."""
    from assistant.web.app import server

    listener = socket.create_server(("127.0.0.1", 0))
    chosen = Settings(port=0, **settings)  # type: ignore[arg-type]  # pydantic checks the values
    running = server(assistant, chosen, book)  # type: ignore[arg-type]  # each test brings its own assistant
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        running.should_exit = True
        thread.join(10)
        listener.close()
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def seed_assistant() -> SeedAssistant:
    return SeedAssistant()


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedbackBook]:
    with FeedbackBook.open(tmp_path_factory.mktemp("book") / "library.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def address(seed_assistant: SeedAssistant, book: FeedbackBook) -> Iterator[str]:
    with served(seed_assistant, book) as url:
        yield url


@pytest.fixture
def serve_page() -> Iterator[Callable[..., str]]:
    """Serve the page around any assistant, without a book of feedback unless one is given, until the test ends."""
    with ExitStack() as stack:
        yield lambda *given, **settings: stack.enter_context(served(*given, **settings))


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the system's Chromium, which ends with the block."""
    from playwright.sync_api import sync_playwright

    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=[*quiet.split(), "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One browser profile for each colour scheme: what it has fetched once it need not fetch for each test."""
    kept = {
        scheme: browser.new_context(color_scheme=scheme, locale="zh-CN", service_workers="block")
        for scheme in get_args(Scheme)
    }
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def open_page(contexts: dict[str, BrowserContext], address: str) -> Iterator[Callable[..., Page]]:
    """Open the page at a width and in a colour scheme; what a test has left in the browser is gone before the next."""

    def opened(width: int = 1280, scheme: Scheme = "light") -> Page:
        page = contexts[scheme].new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.set_default_timeout(20_000)
        page.goto(address)
        page.locator("html.zw-ready #covered summary").wait_for()
        return page

    yield opened
    for context in contexts.values():
        context.set_offline(False)
        context.clear_permissions()
        for page in context.pages[1:]:
            page.close()
        for page in context.pages:
            page.goto(f"{address}favicon.ico")
            page.evaluate("() => localStorage.clear()")
            page.close()


@pytest.fixture
def snapshot() -> Callable[[Page, str], None]:
    """Keep a picture of the page where `ZHENGWEN_SCREENSHOTS` names a directory: `ZHENGWEN_SCREENSHOTS=shots pytest tests/web`."""
    directory = _SCREENSHOTS

    def taken(page: Page, name: str) -> None:
        if directory:
            page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)

    return taken


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Give what serves the page around an assistant, for fixtures that keep it up for longer than one test."""
    return served


@pytest.fixture(scope="session")
def assert_readable() -> Callable[[Page], None]:
    """Nothing wider than the screen, no text small or pale, nothing to click that is hard to hit."""

    def checked(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        texts = page.evaluate(READABILITY)
        assert len(texts) > 10
        assert [text for text in texts if text["size"] < 16] == []
        assert [text for text in texts if text["contrast"] < 4.5] == []
        heights = page.locator("button:visible, summary:visible, #reason label, .zw-tool").evaluate_all(
            "nodes => nodes.map(node => node.getBoundingClientRect().height)"
        )
        assert min(heights) >= 40

    return checked
