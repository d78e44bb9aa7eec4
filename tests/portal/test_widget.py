"""The bubble in a portal's page: asked, read, walked by keyboard, and met by all that can go wrong, in a real browser."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Portal, Settings
from tests.portal.portal_site import PortalSite, portal_site
from tests.portal.service import SECRET, running
from tests.web.seed_assistant import SeedAssistant, gdp_answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from starlette.testclient import TestClient

    from assistant import Assistant
    from assistant.types import Answer

GDP = "松北区2025年GDP目标是多少"
HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"
OpenPage = Callable[..., "Page"]


@contextmanager
def assisted(assistant: Any, home: Path, **changes: Any) -> Iterator[PortalSite]:
    """A portal and, of another origin and under a path, the service that it has its bubble from."""
    from assistant.web.service import create_service

    with portal_site() as site:
        allowed = Portal(origins=(site.address,), secret=SECRET)  # type: ignore[arg-type]  # pydantic wraps it
        plain = {
            "home": home,
            "portal": {"oa": allowed},
            "sign_in": True,
            "root_path": "/assistant",
            "asks_per_minute": 1000,
        }
        settings = Settings(**{**plain, **changes})
        with running(create_service(assistant, settings, None), settings) as address:
            site.assistant = f"{address}/assistant"
            yield site


@pytest.fixture(scope="module")
def site(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalSite]:
    with assisted(assistant, tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture(scope="module")
def seed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalSite]:
    """The same with an assistant that is slow and has a model where a question says so."""
    with assisted(SeedAssistant(), tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser, site: PortalSite) -> Iterator[OpenPage]:
    """Open the portal's page in a browser that has seen nothing before; options go into the script tag."""
    contexts = []
    site.stale = 0

    def opened(
        at: PortalSite = site, *, width: int = 1280, scheme: Any = "light", init: str = "", **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 760}, color_scheme=scheme, locale="zh-CN", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.add_init_script(init)
        page.goto(f"{at.address}/widget?{'&'.join(f'{name}={value}' for name, value in options.items())}")
        page.locator("zhengwen-widget .all").wait_for(state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()


def ask(page: Page, question: str) -> Locator:
    """Ask in the open or closed bubble, and give what stands below the question."""
    if page.locator(".bubble").is_visible():
        page.locator(".bubble").click()
    page.locator("textarea").fill(question)
    page.keyboard.press("Enter")
    return page.locator("section", has_text=question).last


def answered(page: Page, question: str = GDP) -> Locator:
    told = ask(page, question)
    told.locator(".label").wait_for()
    return told


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.shadowRoot?.activeElement?.textContent ?? ''"))


def test_any_site_may_load_the_script_and_a_browser_keeps_it(service: Callable[..., TestClient]) -> None:
    client = service()
    for headers in ({}, {"origin": "http://unknown.example.cn"}):
        reply = client.get("/widget.js", headers=headers)
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "public, max-age=600"
    again = client.get("/widget.js", headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/widget.js", headers={"if-none-match": '"other"'}).status_code == 200
    assert client.head("/widget.js").headers["etag"] == reply.headers["etag"]


def test_it_is_one_small_script_that_never_writes_markup_and_names_no_other_host(
    service: Callable[..., TestClient],
) -> None:
    script = service().get("/widget.js").text
    assert len(script.encode()) < 30_000
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.style\b", script
    )
    assert re.findall(r"//[\w-]+[.:][\w.]+", script) == []


@pytest.mark.browser
def test_a_question_is_answered_and_its_citation_opens_with_the_figure_marked(
    open_page: OpenPage, site: PortalSite
) -> None:
    page = open_page(init="window.before = Object.getOwnPropertyNames(window)")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    told = answered(page)
    assert told.locator(".headline").inner_text().split() == [
        *("增长", "5.5%", "预期目标", "松北区", "·", "2025年", "·", "地区生产总值")
    ]
    assert told.locator(".label").inner_text() == "报告原文摘录"
    told.locator(".cite").click()
    words = page.locator(".words")
    assert words.locator("mark").all_inner_texts() == ["5.5%"]
    for expected in ("松北区 2025年", "《2025年哈尔滨市松北区政府工作报告》", "二、2025年工作安排"):
        assert expected in words.inner_text()
    words.get_by_text("看前后文").click()
    words.locator(".near").first.wait_for()
    assert "重点做好以下七项工作" in words.locator(".near").last.inner_text()
    page.locator(".bar button").click()
    assert focused(page) == "〔1〕"
    assert page.evaluate("seen") == []  # nothing that the portal's strict policy forbids
    assert hosts == {site.address.split("/")[2], site.assistant.split("/")[2]}
    fresh = page.evaluate("Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))")
    assert set(fresh) <= {"before", "seen"}  # the test's own and the portal's own


@pytest.mark.browser
def test_it_is_walked_by_keyboard_alone_and_keeps_keys_from_the_portal(open_page: OpenPage) -> None:
    page = open_page()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert focused(page) == "问报告"
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="政府工作报告问答").is_visible()
    page.keyboard.type("s" + GDP)
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.locator(".headline").wait_for()
    page.locator(".heard", has_text="回答：松北区2025年地区生产总值预期目标：增长5.5%").wait_for()
    page.locator(".cite").focus()
    page.keyboard.press("Space")
    assert focused(page) == "← 返回回答"
    page.keyboard.press("Escape")
    assert focused(page) == "〔1〕"
    page.keyboard.press("Escape")
    assert page.locator(".panel").is_hidden()
    assert focused(page) == "问报告"
    page.keyboard.press("Space")
    assert page.locator(".panel").is_visible()
    assert page.evaluate("document.body.className") == ""  # the portal has a shortcut on "s"
    heights = page.locator(".panel button:visible:not(.cite), textarea").evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


@pytest.mark.browser
def test_enter_that_chooses_a_word_of_an_input_method_asks_nothing(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".bubble").click()
    page.locator("textarea").fill("songbei")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "松北", "selectionStart": 2, "selectionEnd": 2})
    page.locator("textarea").dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True}
    )
    assert page.locator("section").count() == 0
    assert page.locator("textarea").input_value() == "songbei松北"


@pytest.mark.browser
def test_on_a_phone_it_covers_the_page_and_tab_goes_round_within_it(open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.locator(".bubble").click()
    dialog = page.locator(".panel")
    assert dialog.evaluate("node => node.matches(':modal')")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 760}
    page.locator(".chip").first.wait_for()
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        assert page.evaluate("document.activeElement.localName") in {
            "zhengwen-widget",
            "body",
        }  # body: the browser's own bar
    assert seen.count("关闭") > 1


@pytest.mark.browser
def test_an_expired_token_is_renewed_silently_once_and_then_said_with_a_way_that_works(
    open_page: OpenPage, site: PortalSite
) -> None:
    page = open_page()
    site.stale = 1
    page.locator(".bubble").click()
    page.locator(".chip").first.wait_for()  # the first token was good for nothing, the second for the examples
    told = answered(page)
    assert told.locator(".trouble").count() == 0
    page = open_page()
    site.stale = 100
    told = ask(page, GDP)
    told.locator(".trouble").wait_for()
    assert told.locator(".trouble p").inner_text().startswith("登录已过期。")
    site.stale = 0
    told.get_by_role("button", name="重试").click()
    told.locator(".headline").wait_for()
    assert told.locator(".trouble").count() == 0


@pytest.mark.browser
def test_a_token_in_the_tag_is_used_at_once_and_a_newer_one_is_taken_when_it_has_expired(
    open_page: OpenPage, site: PortalSite
) -> None:
    site.stale = 1
    page = open_page(token="minted")
    heard = "document.addEventListener('zhengwen:token-expired', () => (window.told = true))"
    page.evaluate(heard)
    told = ask(page, GDP)
    told.locator(".trouble").wait_for()
    assert page.evaluate("window.told") is True
    page.evaluate("(token) => (document.querySelector('script[data-token]').dataset.token = token)", site.token())
    told.get_by_role("button", name="重试").click()
    told.locator(".headline").wait_for()


@pytest.mark.browser
def test_on_the_machine_itself_it_needs_neither_portal_nor_token(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path
) -> None:
    with assisted(assistant, tmp_path, sign_in=None) as site:
        answered(open_page(site, **{"portal": "", "token-url": ""}))
        assert site.minted == 0


@pytest.mark.browser
def test_a_site_that_is_not_listed_gets_no_answer(open_page: OpenPage, site: PortalSite) -> None:
    with portal_site() as other:
        other.assistant = site.assistant
        page = open_page(other)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        told = ask(page, GDP)
        told.locator(".trouble").wait_for()
        assert told.locator("p").first.inner_text() == "连不上问答服务，请检查网络。"
        assert any("blocked by CORS policy" in message for message in refused)


@pytest.mark.browser
def test_a_lost_network_and_an_answer_that_breaks_off_are_said_and_tried_again(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.context.set_offline(True)
    told = ask(page, "道里区2023年GDP目标是多少")
    told.locator(".trouble").wait_for()
    assert "连不上" in told.locator(".trouble").inner_text()
    page.context.set_offline(False)
    part = 'event: delta\ndata: {"text": "道里区"}\n\n'
    headers = {"access-control-allow-origin": page.url.rsplit("/", 1)[0], "content-type": "text/event-stream"}
    page.route("**/api/ask", lambda route: route.fulfill(body=part, headers=headers), times=1)
    told.get_by_role("button", name="重试").click()
    told.get_by_text("回答没有传完。").wait_for()
    told.get_by_role("button", name="重试").click()
    told.locator(".label").wait_for()


@pytest.mark.browser
def test_who_asks_too_often_is_told_how_long_to_wait(
    browser: Browser, open_page: OpenPage, assistant: Assistant, tmp_path: Path
) -> None:
    with assisted(assistant, tmp_path, asks_per_minute=1) as site:
        session = _posted(f"{site.assistant}/api/session", site.token())["session"]
        for _ in range(4):
            _posted(f"{site.assistant}/api/ask", session, {"question": GDP})
        page = open_page(site)
        answered_or_not = ask(page, GDP)
        answered_or_not.locator(".label, .trouble").wait_for()
        told = ask(page, "道里区2023年GDP目标是多少")
        told.locator(".trouble").wait_for()
        assert told.locator(".trouble p").inner_text() == "提问太频繁了。"
        assert re.fullmatch(r"\d+ 秒后可重试", told.locator(".trouble button").inner_text())
        assert told.locator(".trouble button").is_disabled()


def _posted(address: str, bearer: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {bearer}", "content-type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode() if body else b"", headers, method="POST")
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


@pytest.mark.browser
def test_what_is_offered_is_a_button_and_a_follow_up_knows_what_was_asked(open_page: OpenPage) -> None:
    page = open_page()
    told = answered(page, "香坊区2025年GDP目标是多少")
    assert told.locator(".verdict").inner_text() == "资料未收录"
    told.locator(".chip").first.click()
    assert "5.5%" in page.locator("section").last.locator(".headline").inner_text()
    told = answered(page, "那2023年呢")
    assert "6.5%" in told.locator(".headline").inner_text()
    assert "左右" in told.locator(".headline").inner_text()  # the hedge stays
    assert "松北区2023年" in told.locator(".soft").first.inner_text()
    page.locator(".head").get_by_text("新对话").click()
    told = answered(page, "GDP目标是多少")
    assert told.locator(".verdict").inner_text() == "请补充说明"
    assert told.locator(".chip").count() > 1


@pytest.mark.browser
def test_a_model_s_words_come_in_parts_with_their_label_and_can_be_stopped(
    open_page: OpenPage, seed_site: PortalSite
) -> None:
    page = open_page(seed_site)
    told = ask(page, "很慢的问题")
    told.get_by_text("正在…").wait_for()
    page.locator(".send", has_text="停止").click()
    told.get_by_text("已停止。").wait_for()
    told = ask(page, "用模型不回话")
    told.get_by_text("正在组织语言").wait_for()
    page.locator(".send", has_text="停止").click()
    told.locator(".headline").wait_for()  # the extract that was ready before the model
    assert page.locator(".send").inner_text() == "提问"


@pytest.mark.browser
def test_markup_in_any_part_of_an_answer_is_shown_as_text(open_page: OpenPage, tmp_path: Path) -> None:
    class Hostile(SeedAssistant):
        def _answer(self, question: str) -> Answer:
            plain = gdp_answer(HOSTILE)
            cited = replace(
                plain.citations[0],
                report=replace(plain.citations[0].report, title=HOSTILE, region=HOSTILE),
                headings=(HOSTILE,),
                paragraph=HOSTILE + plain.citations[0].paragraph,
            )
            figure = replace(plain.figures[0], indicator=HOSTILE, period=HOSTILE)
            text = plain.answer.replace("上一年", HOSTILE)
            shown = {"understood": HOSTILE, "notice": HOSTILE, "alternatives": (HOSTILE,), "suggestions": (HOSTILE,)}
            return replace(plain, answer=text, citations=(cited,), figures=(figure,), **shown)  # type: ignore[arg-type]

    with assisted(Hostile(), tmp_path) as site:
        page = open_page(site)
        told = answered(page, "松北区")
        told.locator(".cite").first.click()
        page.locator(".words").get_by_text("看前后文").click()
        page.locator(".near", has_text="<b>文字</b>").first.wait_for()
        assert page.locator(".panel").inner_text().count(HOSTILE) >= 4
        assert (page.locator("section").text_content() or "").count(HOSTILE) >= 6
        assert page.evaluate("window.hit") is None
        assert page.locator(".panel img, .panel script").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    "barred", ["", "Clipboard.prototype.writeText = () => Promise.reject()"], ids=["https", "http"]
)
def test_an_answer_is_copied_with_its_sources_and_label(open_page: OpenPage, barred: str) -> None:
    page = open_page(init=barred)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    told = answered(page)
    told.get_by_text("复制回答和出处").click()
    told.get_by_text("已复制").wait_for()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(
        r"松北区2025年地区生产总值预期目标：增长5\.5%〔1〕\n\n"
        r"依据：\n〔1〕《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“2025年.*增长5\.5%.*同步”。\n\n（报告原文摘录）",
        copied,
    )


@pytest.mark.browser
def test_two_tags_make_one_bubble(open_page: OpenPage) -> None:
    page = open_page(tags=2)
    assert page.locator("zhengwen-widget").count() == 1
    assert page.locator(".bubble").count() == 1
    answered(page)


@pytest.mark.browser
def test_it_remembers_that_it_was_open_and_what_was_asked_and_lives_without_a_store(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.reload()
    page.locator(".panel").wait_for()
    assert page.evaluate("document.activeElement === document.body")  # it takes no focus that nobody gave it
    page.locator(".chips", has_text="上次问过").locator(".chip", has_text=GDP).click()
    page.locator(".headline").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator(".panel").is_hidden()
    barred = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    answered(open_page(init=barred))


@pytest.mark.browser
def test_it_speaks_english_where_the_tag_says_so(open_page: OpenPage) -> None:
    page = open_page(lang="en")
    assert page.locator(".bubble").inner_text() == "Ask the reports"
    told = answered(page)
    told.locator(".cite").click()
    assert page.locator(".panel").get_attribute("lang") == "en"
    own = page.locator(".panel button:not([lang]):visible, .panel h2").all_inner_texts()
    assert own
    assert [words for words in own if re.search(r"[\u4e00-\u9fff]", words)] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious_in_it(open_page: OpenPage, scheme: str) -> None:
    page = open_page(scheme=scheme)
    assert _violations(page) == []
    answered(page, "比较松北区2025年和2023年GDP目标")
    page.locator("summary").click()
    answered(page, "香坊区2025年GDP目标是多少")
    assert _violations(page) == []
    page.locator(".cite").first.click()
    page.locator(".words").get_by_text("看前后文").click()
    page.locator(".near").first.wait_for()
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"include": [["zhengwen-widget"]]}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.browser
def test_a_portal_opens_it_from_a_button_of_its_own_and_sets_its_colour_and_theme(open_page: OpenPage) -> None:
    page = open_page(theme="dark")
    colour = (
        "getComputedStyle(document.querySelector('zhengwen-widget').shadowRoot.querySelector('{}')).backgroundColor"
    )
    page.evaluate("document.querySelector('zhengwen-widget').open()")
    assert page.evaluate(colour.format(".panel")) == "rgb(27, 33, 42)"
    page.evaluate("document.querySelector('zhengwen-widget').dataset.theme = 'light'")
    assert page.evaluate(colour.format(".panel")) == "rgb(255, 255, 255)"
    page.evaluate("document.documentElement.style.setProperty('--zhengwen-accent', 'rgb(120, 20, 20)')")
    assert page.evaluate(colour.format(".head")) == "rgb(120, 20, 20)"
