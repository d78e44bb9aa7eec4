"""The thread: a question stands there at once, the answers before it stay, and nothing of one conversation gets into another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.walking import GDP_QUESTION, answer_to, ask, earlier, pick, ready, reload, thread, titles

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]
COMPARISON = "比较松北区2025年和2023年GDP目标"
ASKED_OF_SERVER = re.compile(r"/gradio_api/queue/join")
# Milliseconds from the key to the question on the page.
ECHO = """() => { window.echoed = new Promise((done) => addEventListener('keydown', ({ timeStamp }) => {
  const look = () => document.querySelector('#zw-echo .zw-question')?.checkVisibility() && done(performance.now() - timeStamp);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}, { once: true, capture: true })) }"""
# How far anything on the page has moved that nobody moved, from the first request on.
SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: 'layout-shift', buffered: true });"""
IN_VIEW = "(node) => { const at = node.getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight }"


class Held:
    """What the page asks of the server, held back until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        self.holds = True
        page.route(ASKED_OF_SERVER, self._met)

    def _met(self, route: Route) -> None:
        if self.holds:
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        while not self.routes:
            self.page.wait_for_timeout(20)

    def refuse(self) -> None:
        """Say what the service says where too many are asking."""
        self.wait()
        for route in self.routes:
            route.fulfill(status=503, json={"detail": "Queue is full. Max size is 64 and current size is 64."})
        self.routes.clear()

    def release(self) -> None:
        """Let these go, and all that follow."""
        self.holds = False
        for route in self.routes:
            route.continue_()
        self.routes.clear()
        self.page.unroute(ASKED_OF_SERVER)


def enter(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def asked(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question)
        answer_to(page, question)


def test_a_question_stands_on_the_page_at_once_and_comes_back_where_it_is_not_taken(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "GDP目标是多少")
    waited = []
    held = Held(page)
    for _ in range(3):
        page.locator("#question textarea").fill(GDP_QUESTION)
        page.evaluate(ECHO)
        page.locator("#question textarea").press("Enter")
        waited.append(page.evaluate("window.echoed"))
        assert thread(page) == ["GDP目标是多少", GDP_QUESTION]
        assert page.locator("#zw-echo .zw-waiting").inner_text() == "正在查找原文……"
        assert page.locator("#question textarea").input_value() == ""
        held.refuse()
        page.locator(".zw-told", has_text="现在提问的人较多，请过一会儿再问。").wait_for()
        assert page.locator("#question textarea").input_value() == GDP_QUESTION
        assert thread(page) == ["GDP目标是多少"]
    held.release()
    assert min(waited) <= 50
    asked(page, GDP_QUESTION)
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION]
    assert page.locator(".zw-told").count() == 0


def test_a_question_whose_connection_breaks_is_in_the_box_again(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "GDP目标是多少")
    held = Held(page)
    enter(page, GDP_QUESTION)
    held.wait()
    held.holds = False
    with page.expect_event("load"):  # Gradio loads the page anew
        held.routes.pop().abort()
    held.release()
    ready(page)
    answer_to(page, "GDP目标是多少")
    assert thread(page) == ["GDP目标是多少"]
    assert page.locator("#question textarea").input_value() == GDP_QUESTION


def test_what_is_typed_while_a_question_is_on_its_way_stays_in_the_box(open_page: OpenPage) -> None:
    page = open_page()
    held = Held(page)
    enter(page, GDP_QUESTION)
    held.wait()
    page.keyboard.type("接着写")
    held.release()
    answer_to(page, GDP_QUESTION)
    assert page.locator("#question textarea").input_value() == "接着写"


def test_who_presses_enter_twice_asks_once(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    before = len(seed_assistant.heard)
    page.locator("#question textarea").fill(GDP_QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    answer_to(page, GDP_QUESTION)
    page.locator("#offer .zw-next").wait_for()
    page.locator("#offer .zw-next button").first.dblclick()
    answer_to(page, "松北区2024年地区生产总值")
    page.wait_for_timeout(500)
    assert page.locator("#zw-queue").count() == 0
    assert len(seed_assistant.heard) == before + 2


def test_a_question_that_was_clicked_is_followed_by_the_one_that_waits(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    held = Held(page)
    pick(page, "#examples", COMPARISON)
    enter(page, GDP_QUESTION)
    page.locator("#zw-queue", has_text=GDP_QUESTION).wait_for()
    held.release()
    answer_to(page, GDP_QUESTION)
    assert thread(page) == [COMPARISON, GDP_QUESTION]
    assert [question for question, _ in seed_assistant.heard[-2:]] == [COMPARISON, GDP_QUESTION]


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "on its way"])
def test_nothing_of_a_question_that_runs_gets_into_a_new_conversation(
    open_page: OpenPage, seed_assistant: Any, begun: bool
) -> None:
    page = open_page()
    asked(page, "GDP目标是多少")
    held = None if begun else Held(page)
    enter(page, "这个很慢" if begun else "那目标呢")
    if held:
        held.wait()
        held.holds = False
    else:
        page.locator("#reply .zw-busy", has_text="正在……").wait_for()
    page.locator(".zw-new").click()
    page.locator("#answer .zw-welcome").wait_for()
    assert thread(page) == []
    if held:
        held.release()
        while seed_assistant.heard[-1][0] != "那目标呢":
            page.wait_for_timeout(20)
    page.wait_for_timeout(1500)
    page.wait_for_function(
        "() => ![...document.querySelectorAll('#main .zw-question')].some(one => one.checkVisibility())"
    )
    assert thread(page) == []
    assert page.locator("#answer .zw-welcome").is_visible()
    assert page.locator(".zw-exchange, #passages article").count() == 0
    assert not page.locator("#stop").is_visible()
    asked(page, GDP_QUESTION)
    assert seed_assistant.heard[-1] == (GDP_QUESTION, ())
    assert thread(page) == [GDP_QUESTION]
    assert titles(page) == [GDP_QUESTION, "GDP目标是多少"]


@pytest.mark.parametrize("running", [False, True], ids=["at rest", "while a question runs"])
def test_the_next_question_right_after_a_new_conversation_is_asked_in_it(
    open_page: OpenPage, seed_assistant: Any, running: bool
) -> None:
    page = open_page()
    asked(page, "GDP目标是多少", "香坊区2025年GDP目标是多少")
    if running:
        enter(page, "这个很慢")
        page.locator("#reply .zw-busy", has_text="正在……").wait_for()
    page.evaluate(
        """question => {
          document.querySelector('.zw-new').click();
          const box = document.querySelector('#question textarea');
          Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, question);
          box.dispatchEvent(new Event('input', { bubbles: true }));
          for (const kind of ['keydown', 'keypress'])
            box.dispatchEvent(new KeyboardEvent(kind, { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
        }""",
        GDP_QUESTION,
    )
    assert thread(page) == [GDP_QUESTION]
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(500)
    assert thread(page) == [GDP_QUESTION]
    assert seed_assistant.heard[-1] == (GDP_QUESTION, ())
    assert titles(page)[0] == GDP_QUESTION
    assert page.locator("#question textarea").input_value() == ""


def test_the_next_question_right_after_a_conversation_was_opened_is_asked_in_it(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    asked(page, "GDP目标是多少", GDP_QUESTION)
    page.locator(".zw-new").click()
    page.locator("#answer .zw-welcome").wait_for()
    asked(page, "香坊区2025年GDP目标是多少")
    page.locator(".zw-kept .zw-one", has_text="GDP目标是多少").last.click()
    enter(page, "那目标呢")
    answer_to(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", ("GDP目标是多少", GDP_QUESTION))
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION, "那目标呢"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_suggestion_that_is_clicked_further_up_ends_with_the_new_question_in_view(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    asked(page, "GDP目标是多少", COMPARISON, GDP_QUESTION, COMPARISON)
    page.mouse.move(width * 0.6, 300)
    page.mouse.wheel(0, -20_000)
    page.wait_for_function("() => scrollY === 0")
    page.wait_for_timeout(200)
    page.locator(".zw-newest").wait_for()
    earlier(page, "GDP目标是多少").locator("[data-ask]", has_text="道里区").click()
    answer_to(page, "道里区2023年GDP目标是多少")
    page.wait_for_timeout(700)
    assert page.locator("#asked .zw-question").evaluate(IN_VIEW)
    assert page.locator("#reply .zw-value").evaluate(IN_VIEW)
    assert not page.locator(".zw-newest").is_visible()


def test_who_reads_further_up_is_not_carried_away_by_an_answer(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    asked(page, COMPARISON, GDP_QUESTION, COMPARISON)
    ask(page, "松北区GDP目标，用模型说")
    page.locator("#reply .zw-waiting", has_text="正在组织语言").wait_for()
    page.mouse.move(600, 300)
    page.mouse.wheel(0, -20_000)
    page.wait_for_function("() => scrollY === 0")
    page.wait_for_timeout(200)
    seed_assistant.pace.release(4)
    answer_to(page, "松北区GDP目标")
    page.locator("#offer .zw-next").wait_for(state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    page.locator(".zw-newest").click()
    page.wait_for_function("() => document.scrollingElement.scrollHeight - innerHeight - scrollY < 5")


def test_a_conversation_that_is_opened_is_shown_from_its_newest_question_on(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "GDP目标是多少", COMPARISON, GDP_QUESTION)
    page.locator(".zw-new").click()
    page.locator("#answer .zw-welcome").wait_for()
    asked(page, COMPARISON, "香坊区2025年GDP目标是多少", COMPARISON)
    page.mouse.move(600, 300)
    page.mouse.wheel(0, -20_000)
    page.wait_for_function("() => scrollY === 0")
    page.wait_for_timeout(200)
    page.locator(".zw-kept .zw-one", has_text="GDP目标是多少").last.click()
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(300)
    assert page.locator("#asked .zw-question").evaluate(IN_VIEW)


def test_who_stops_a_question_before_the_service_has_begun_has_it_back(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "GDP目标是多少")
    held = Held(page)
    enter(page, GDP_QUESTION)
    held.wait()
    page.locator("#stop").click()
    page.locator(".zw-told", has_text="已停止。").wait_for()
    assert page.locator("#question textarea").input_value() == GDP_QUESTION
    assert thread(page) == ["GDP目标是多少"]
    held.release()


def test_an_address_with_a_question_asks_it_once(open_page: OpenPage, address: str, seed_assistant: Any) -> None:
    page = open_page()
    asked(page, "GDP目标是多少")
    before = len(seed_assistant.heard)
    page.goto(f"{address}?q=%20{GDP_QUESTION}")
    answer_to(page, GDP_QUESTION)
    assert page.url == address
    assert seed_assistant.heard[before:] == [(GDP_QUESTION, ())]  # in a conversation of its own
    reload(page)
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(500)
    assert len(seed_assistant.heard) == before + 1
    assert titles(page) == [GDP_QUESTION, "GDP目标是多少"]


def test_a_link_that_is_copied_opens_the_page_with_the_question_asked(open_page: OpenPage, address: str) -> None:
    page = open_page()
    asked(page, GDP_QUESTION, "GDP目标是多少")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    earlier(page, GDP_QUESTION).locator("[data-do=link]").click()
    page.locator("[data-do=link]", has_text="链接已复制").wait_for()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    answer_to(page, GDP_QUESTION)
    assert thread(page) == [GDP_QUESTION]
    assert page.url == address


def test_an_answer_is_copied_with_its_official_citations_a_line_each(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#reply [data-do=copy]").click()
    page.locator("#reply [data-do=copy]", has_text="已复制").wait_for()
    told, before, *sources = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert told == "松北区2025年地区生产总值预期目标：增长5.5%〔1〕。"
    assert before == "上一年（2024年）预计完成620亿元〔2〕。"
    report = "《2025年哈尔滨市松北区政府工作报告》"
    assert [source.split("“")[0] for source in sources] == [f"〔1〕{report}", f"〔2〕{report}"]
    assert "地区生产总值增长5.5%" in sources[0]
    page.locator("#reply [data-do=copy]", has_text="复制回答").wait_for()


def test_a_question_that_is_changed_takes_the_place_of_the_newest_exchange(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    asked(page, "GDP目标是多少", GDP_QUESTION)
    box = page.locator("#question textarea")
    box.fill("写了一半")
    page.locator("#reply [data-do=edit]").click()
    assert box.input_value() == GDP_QUESTION
    page.locator("#zw-editing button", has_text="取消").click()
    assert box.input_value() == "写了一半"
    assert page.locator("#zw-editing").count() == 0
    page.locator("#reply [data-do=edit]").click()
    enter(page, "香坊区2025年GDP目标是多少")
    assert page.locator("#zw-editing").count() == 0
    answer_to(page, "香坊区")
    assert thread(page) == ["GDP目标是多少", "香坊区2025年GDP目标是多少"]
    assert seed_assistant.heard[-1] == ("香坊区2025年GDP目标是多少", ("GDP目标是多少",))
    page.locator("#reply [data-do=again]").click()
    page.wait_for_function("() => !document.documentElement.classList.contains('zw-asking')")
    answer_to(page, "香坊区")
    assert seed_assistant.heard[-1] == ("香坊区2025年GDP目标是多少", ("GDP目标是多少",))
    assert thread(page) == ["GDP目标是多少", "香坊区2025年GDP目标是多少"]
    asked(page, GDP_QUESTION)
    assert thread(page) == ["GDP目标是多少", "香坊区2025年GDP目标是多少", GDP_QUESTION]
    reload(page)
    answer_to(page, GDP_QUESTION)
    assert thread(page) == ["GDP目标是多少", "香坊区2025年GDP目标是多少", GDP_QUESTION]
    assert earlier(page).locator(".zw-latest:visible").count() == 0


@pytest.mark.parametrize("way", ["refused", "not answered"])
def test_what_was_to_be_replaced_stands_there_again_where_the_changed_question_comes_to_nothing(
    open_page: OpenPage, way: str
) -> None:
    page = open_page()
    asked(page, "GDP目标是多少", GDP_QUESTION)
    page.locator("#reply [data-do=edit]").click()
    if way == "refused":
        enter(page, "看不懂")
    else:
        held = Held(page)
        enter(page, "看不懂")
        held.refuse()
        held.release()
    page.locator(".zw-told").wait_for()
    assert page.locator("#question textarea").input_value() == "看不懂"
    answer_to(page, GDP_QUESTION)
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION]
    asked(page, "那目标呢")
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION, "那目标呢"]


@pytest.mark.parametrize("anew", [False, True], ids=["as it grew", "after a reload"])
def test_the_marks_of_an_older_exchange_open_its_own_passages(open_page: OpenPage, anew: bool) -> None:
    page = open_page()
    asked(page, GDP_QUESTION, COMPARISON)
    if anew:
        reload(page)
        answer_to(page, COMPARISON)
    lit = page.locator("#evidence article.zw-lit:visible")
    earlier(page, GDP_QUESTION).locator(".zw-cite", has_text="〔2〕").click()
    assert lit.locator("mark").all_inner_texts() == ["620亿元"]
    lit.locator(".zw-near").nth(1).wait_for()
    assert page.locator("#evidence article:visible").count() == 2
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "〔2〕"
    page.locator("#reply .zw-cite", has_text="〔2〕").click()
    assert lit.locator(".zw-number").inner_text() == "〔2〕"
    assert lit.locator(".zw-quote").inner_text() != "地区生产总值预计完成620亿元,财政收入总量跃居全市第一。"
    page.keyboard.press("Escape")
    earlier(page, GDP_QUESTION).locator(".zw-cite", has_text="〔1〕").hover()
    assert page.locator("#zw-peek mark").all_inner_texts() == ["5.5%"]


def test_the_passages_beside_the_thread_are_those_of_the_answer_that_one_reads(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "各区GDP目标分别是多少", GDP_QUESTION)
    assert page.locator("#evidence article:visible").count() == 2
    earlier(page).locator(".zw-question").scroll_into_view_if_needed()
    page.mouse.move(600, 300)
    page.mouse.wheel(0, -20_000)
    page.locator("#zw-older article").nth(11).wait_for()
    page.mouse.wheel(0, 20_000)
    page.locator("#passages article").first.wait_for()
    assert page.locator("#evidence article:visible").count() == 2


def test_on_a_phone_an_older_exchange_has_its_own_passages_too(open_page: OpenPage) -> None:
    page = open_page(width=360)
    asked(page, GDP_QUESTION, "香坊区2025年GDP目标是多少")
    earlier(page, GDP_QUESTION).locator(".zw-sources").click()
    page.locator("#evidence article:visible").first.wait_for()
    assert page.locator("#evidence article:visible").count() == 2
    page.locator("#zw-older .zw-close").click()
    page.locator("#evidence").wait_for(state="hidden")


def test_the_thumbs_are_not_there_before_they_stay_where_they_are(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        """() => { window.places = new Set(); const look = () => {
          const thumb = document.querySelector('#good');
          if (thumb?.checkVisibility({ visibilityProperty: true })) places.add(thumb.getBoundingClientRect().top);
          requestAnimationFrame(look);
        }; look() }"""
    )
    asked(page, GDP_QUESTION)
    page.locator("#good").wait_for()
    page.wait_for_timeout(500)
    assert len(page.evaluate("[...places]")) == 1


def test_after_a_question_is_stopped_the_next_one_is_not(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "这个很慢")
    page.locator("#reply .zw-busy", has_text="正在……").wait_for()
    page.locator("#stop").click()
    answer_to(page, "这个很慢")
    ask(page, "这个也很慢")
    page.locator("#reply .zw-busy", has_text="正在……").wait_for()
    page.wait_for_timeout(3500)
    assert page.locator("#reply .zw-busy").is_visible()
    assert page.locator(".zw-told").count() == 0
    page.locator("#stop").click()
    answer_to(page, "这个也很慢")


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_nothing_on_the_page_moves_of_its_own_accord(
    contexts: dict[str, Any], open_page: OpenPage, address: str, width: int
) -> None:
    page = open_page(width=width)
    page.add_init_script(SHIFTS)
    page.goto(address)
    ready(page)
    page.locator("#examples button").first.wait_for()
    for question in (GDP_QUESTION, COMPARISON, "GDP目标是多少"):
        asked(page, f"等一下，{question}")  # what comes later than half a second after a key is nobody's wish
        page.wait_for_timeout(600)
    assert page.evaluate("window.shifted") <= 0.05
