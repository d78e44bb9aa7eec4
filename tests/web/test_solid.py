"""The page under strain: many tabs, a connection that is lost, questions that nobody expects."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from tests.web.walking import GDP_QUESTION, answer_to, ask, ready, thread

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]


@pytest.mark.slow
def test_twenty_tabs_of_one_browser_are_all_answered(open_page: OpenPage) -> None:
    first = open_page()
    tabs = [first, *(first.context.new_page() for _ in range(19))]
    for tab in tabs[1:]:
        tab.goto(first.url, wait_until="commit")
    for tab in tabs:
        tab.set_default_timeout(60_000)
        ready(tab)
    for tab in tabs:
        ask(tab, GDP_QUESTION)
    for tab in tabs:
        assert "5.5%" in answer_to(tab, GDP_QUESTION).inner_text()


def test_a_lost_connection_is_said_and_the_text_in_the_box_stays(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#question textarea").fill("写了一半")
    page.context.set_offline(True)
    page.locator("#zw-lost", has_text="连接断开，正在重试").wait_for()
    page.context.set_offline(False)
    page.locator("#zw-lost").wait_for(state="hidden")
    ready(page)
    assert page.locator("#question textarea").input_value() == "写了一半"
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")


def test_a_page_of_which_a_question_did_not_get_through_is_whole_again_once_it_says_so(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("document.documentElement.dataset.old = ''")
    for path in ("queue/join*", "app_id*"):
        page.route(f"**/{path}", lambda route: route.abort("internetdisconnected"), times=1)
    ask(page, GDP_QUESTION)
    page.locator("#zw-lost").wait_for()
    page.locator("#zw-lost").wait_for(state="hidden")
    assert not page.locator(
        "[data-old]"
    ).count()  # Gradio would load the page anew later, and what is asked by then would be lost
    ready(page)
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")


# The page learns late that its next question is taken; or that a stream of answers is at its end.
LATE_TAKEN = """() => {
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    window.fetch = fetched;
    const reply = await fetched(...asked);
    await new Promise((done) => setTimeout(done, 1500));
    document.documentElement.dataset.taken = "";
    return reply;
  };
}"""
LATE_END = """() => {
  const fetched = window.fetch;
  window.fetch = async (asked, ...rest) => {
    const reply = await fetched(asked, ...rest);
    if (!(asked.url ?? String(asked)).includes("/queue/data")) return reply;
    const late = new TransformStream({
      async transform(part, passed) {
        const end = new TextDecoder("latin1").decode(part).indexOf('data: {"msg":"close_stream"');
        if (end < 0) return passed.enqueue(part);
        passed.enqueue(part.subarray(0, end));
        document.documentElement.dataset.ending = "";
        await new Promise((done) => setTimeout(done, 1500));
        delete document.documentElement.dataset.ending;
        passed.enqueue(part.subarray(end));
      },
    });
    return new Response(reply.body.pipeThrough(late), reply);
  };
}"""


def test_a_question_after_a_stop_of_which_the_page_learned_late_is_answered(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "这个很慢")
    page.locator("#reply .zw-busy", has_text="正在……").wait_for()
    page.evaluate(LATE_TAKEN)
    page.locator("#stop").click()
    answer_to(page, "这个很慢")
    page.locator("[data-taken]").wait_for()  # all other answers have been read to their end
    page.wait_for_timeout(300)
    ask(page, GDP_QUESTION)
    assert "5.5%" in answer_to(page, GDP_QUESTION).inner_text()


def test_a_question_that_is_asked_just_when_a_stream_of_answers_ends_is_answered(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(LATE_END)
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#offer .zw-next").wait_for()  # nothing else comes of itself that would open a stream
    page.locator("[data-ending]").wait_for()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")


class Restarting:
    """A server that can be ended and started anew on the same port."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        from assistant.web.server.app import server

        self._running = server(self._assistant, Settings(port=self.port))
        self._thread = threading.Thread(target=self._running.run, daemon=True)
        self._thread.start()
        while not self._running.started:
            time.sleep(0.02)

    def stop(self) -> None:
        self._running.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive()


@pytest.mark.slow
def test_a_server_that_was_started_anew_finds_the_conversation_and_the_question_again(
    browser: Any, seed_assistant: Any
) -> None:
    server = Restarting(seed_assistant)
    server.start()
    page = browser.new_page()
    page.set_default_timeout(30_000)
    try:
        page.goto(server.url)
        ready(page)
        ask(page, GDP_QUESTION)
        answer_to(page, GDP_QUESTION)
        server.stop()
        page.locator("#zw-lost", has_text="连接断开").wait_for()
        ask(page, "GDP目标是多少")
        page.wait_for_timeout(1000)
        server.start()
        page.locator("#zw-lost").wait_for(state="hidden")
        page.locator(".zw-queue", has_text="已经放回框里").wait_for()
        assert page.locator("#question textarea").input_value() == "GDP目标是多少"
        answer_to(page, GDP_QUESTION)
        page.locator("#send").click()
        answer_to(page, "GDP目标是多少")
        assert thread(page) == [GDP_QUESTION, "GDP目标是多少"]
    finally:
        page.close()
        server.stop()


@pytest.mark.parametrize(
    "question",
    [
        "😀👩‍👩‍👧‍👦🇨🇳 松北区",
        "\u202eأهلا بالعالم\u202c שלום 松北区",
        "# 标题 **粗** [链接](javascript:alert(1)) ![图](https://evil.example/x.png) `码`",
        "</textarea><script>document.title='owned'</script><style>*{display:none}</style>",
    ],
    ids=["emoji", "right to left", "markdown", "html"],
)
def test_whatever_is_asked_is_shown_as_text(open_page: OpenPage, question: str) -> None:
    page = open_page()
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    shown = page.locator("#asked .zw-question")
    shown.wait_for()
    page.locator("#reply .zw-busy").wait_for(state="detached")
    page.locator("#send").wait_for()
    visible = question.replace("\u202e", "").replace("\u202c", "")
    assert thread(page) == [visible]
    assert page.title() != "owned"
    assert shown.locator("img, a, script, strong, code, h1").count() == 0
    assert page.locator(".zw-kept .zw-one").count() == 1
    assert page.locator(".zw-kept .zw-one *").count() == 0


def test_ten_thousand_characters_are_not_sent_and_fit_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.locator("#question textarea").focus()
    page.keyboard.insert_text("长" * 10_000)
    page.locator("#zw-long", has_text="问题最多500字").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ask(page, "W" * 480)
    answer_to(page, "WWW")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
